"""Code objects as a fact."""

from collections.abc import Iterable, Sequence
from typing import Final

from modelwarden.domain.location import Span
from modelwarden.domain.observation import CodeBlob
from modelwarden.parsing.code.code import Code
from modelwarden.parsing.code.follow import follow

_NAME: Final = 200


def code_blob(codes: Sequence[Code], span: Span) -> CodeBlob:
    """The fact about a tree of code objects, the outermost first. Takes time in proportion to what they hold. Never raises."""
    reach = follow(codes)
    return CodeBlob(
        name=codes[0].name[:_NAME] if codes else "",
        reaches=reach.globals,
        attributes=reach.attributes,
        names=() if reach.followed else _names(codes),
        decoded=True,
        span=span,
    )


def undecoded(span: Span, name: str = "") -> CodeBlob:
    """The fact about code that could not be read."""
    return CodeBlob(name[:_NAME], (), (), (), decoded=False, span=span)


def _names(codes: Iterable[Code]) -> tuple[str, ...]:
    """Every name in the code objects, and the texts among their constants that could be one; tables they share are read once."""
    seen: dict[int, object] = {}
    found: dict[str, None] = {}
    for code in codes:
        for table in (code.names, code.variables, code.cells, code.constants):
            if id(table) not in seen:
                seen[id(table)] = table
                found.update(
                    (word, None) for word in table if isinstance(word, str) and 0 < len(word) <= _NAME
                )
    return tuple(found)
