"""TOML: configurations whose keys can name code, as in JSON and YAML.

Formally data alone; a program that hands a table to Hydra's or jsonargparse's instantiation calls what its `_target_` names.
Specification: https://toml.io/en/v1.0.0. Keys: `parsing/settings`.

Checked: The same keys as in JSON; secrets and URLs.

Not checked: Documents without such keys are searched, not parsed; what build tools and package managers run (pyproject.toml is no
model); documents above 4 MiB, which are reported when they hold such a key.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall

_PARTS = rb"[^\n,=\[\]{}#]+"
_LONGEST_KEY = 2_000
"""Dots between two separators; tomllib takes quadratic time for the parts of a key."""
_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]")


def _recognise(head: Head) -> bool:
    return head.suffix == ".toml" and bool(head.start) and _CONTROL.search(head.start) is None


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # Only a scan that meets TOML needs these.
    from modelwarden.parsing.settings.marks import text_marks
    from modelwarden.parsing.settings.walk import is_loaded, must_be_read, observe_settings
    from modelwarden.parsing.texts import texts

    yield from texts(source, scope.budget.limits.searched_bytes, scope.name)
    marks = text_marks(source, scope.budget.limits.searched_bytes, names=scope.names)
    if not marks:
        return
    if source.size > scope.budget.limits.text_bytes // 4:
        if must_be_read(marks, scope):
            yield Gap(
                Shortfall.LIMIT,
                f"{source.size:,} bytes of TOML are too long to be parsed: what its keys name was not looked at",
            )
        return
    import tomllib

    from modelwarden.parsing.settings.tree import plain

    data = source.read(0, source.size)
    if any(part.count(b".") > _LONGEST_KEY for part in re.findall(_PARTS, data)):
        if must_be_read(marks, scope):
            yield Gap(
                Shortfall.LIMIT,
                f"a key or text has more than {_LONGEST_KEY:,} dots: the document was not read",
            )
        return
    try:
        root = plain(tomllib.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        if (marks.strong or marks.weak) and is_loaded(scope):
            yield Gap(Shortfall.MALFORMED, f"the TOML cannot be understood: {error}", Span(0, source.size))
        return
    yield from observe_settings(root, data, scope)


FORMAT = Format(
    name="toml",
    title="TOML",
    suffixes=(),
    ambiguous_suffixes=(".toml",),
    recognise=_recognise,
    observe=_observe,
)
