"""Metadata of Zarr arrays: `.zarray`, `.zmetadata`, `zarr.json`; the numbers stand in files beside it.

The metadata names the codecs that decode each chunk. One of them is `pickle` (numcodecs): whoever reads such an array unpickles
its chunks, which a reader of numbers does not expect. Specifications: https://zarr-specs.readthedocs.io (v2, v3); numcodecs
`pickles.py`.

Checked: Every codec that the metadata names, those of consolidated metadata and within shards included.

Not checked: The chunks, unless they are files of a format that is known here.
"""

import re
from collections.abc import Iterator
from typing import Any

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, Gap, How, Shortfall
from modelwarden.domain.value import UNKNOWN, Global

_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
"""Blanks, and what UTF-16, UTF-32 and marks of their order put around them."""
_PICKLES = frozenset(("pickle", "numcodecs.pickle", "numcodecs/pickle"))
_CODECS = ("filters", "compressor", "codecs", "index_codecs", "object_codec")


def _recognise(head: Head) -> bool:
    if head.start.lstrip(_BLANK)[:1] not in (b"{", b""):
        return False
    from modelwarden.parsing.json_search import Key, beginning, holds  # only for what may be JSON

    if beginning(head.source) not in (b"{", b""):
        return False
    version = Key("zarr_format", rb"[23](?![0-9])")  # a larger number is that of a word in a vocabulary
    return holds(head.source, ((version, Key("zarr_consolidated_format", rb"[0-9](?![0-9])")),))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    import json  # few files are metadata of Zarr

    span = Span(0, source.size)
    longest = scope.budget.limits.text_bytes // 2
    if source.size > longest:
        if _may_name_pickle(source):
            yield Gap(
                Shortfall.LIMIT,
                f"metadata of {source.size:,} bytes are too long: nothing of them was read",
                span,
            )
        return
    try:
        value = json.loads(source.read(0, longest))
    except (ValueError, RecursionError) as error:
        yield Gap(Shortfall.MALFORMED, f"the metadata cannot be understood: {error}", span)
        return
    if any(codec in _PICKLES for codec in _codecs(value)):
        yield Call(Global("pickle", "loads"), (UNKNOWN,), How.TARGET, span)


def _may_name_pickle(source: ByteSource) -> bool:
    """Whether the word occurs, or an escape that may spell it."""
    from modelwarden.parsing.json_search import windows

    return any(re.search(rb"(?i)pickle|\\u", window) is not None for window in windows(source))


def _codecs(value: object) -> Iterator[str]:
    """The names of codecs in the metadata of every array in it; iterative, for the nesting is an attacker's."""
    stack: list[tuple[Any, bool]] = [(value, False)]
    while stack:
        node, is_codec = stack.pop()
        if isinstance(node, list):
            stack += [(item, is_codec) for item in node]
        elif isinstance(node, dict):
            for name in ("id", "name"):
                if is_codec and isinstance(node.get(name), str):
                    yield node[name].lower()
            is_array = "zarr_format" in node
            for key, inner in node.items():
                if is_codec or (is_array and key in _CODECS):
                    stack.append((inner, True))
                elif key not in ("attributes", ".zattrs") and not key.endswith("/.zattrs"):
                    stack.append((inner, False))
        elif is_codec and isinstance(node, str):
            yield node.lower()


FORMAT = Format(
    name="zarr",
    title="Zarr metadata",
    suffixes=(),
    recognise=_recognise,
    observe=_observe,
)
