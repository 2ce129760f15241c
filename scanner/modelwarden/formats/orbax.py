"""Orbax checkpoints: a directory with JSON that describes a tree, and its arrays in an OCDBT database or as Zarr.

Nothing in them runs: names of handlers are looked up among those that the reading program registered. An attacker can put other
files beside them, which are scanned as what they are, name a handler of his own, or hide bytes behind a manifest. Sources:
`orbax/checkpoint/_src/metadata`; TensorStore `kvstore/ocdbt/format` (magic numbers 0x0cdb3a2a, 0x0cdb1234, 0x0cdb20de; the length
of the node follows in 8 bytes, little-endian).

Checked: The names of handlers; the stated length of manifests and nodes; what follows a manifest.

Not checked: The nodes themselves, which are compressed, and the numbers.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, Gap, How, Shortfall
from modelwarden.domain.value import Global

_NODE = rb"(?s)\x0c\xdb(?:\x3a\x2a|\x12\x34|\x20\xde)(?=.{6}\0\0.[\0\1])"
"""Manifest, node of versions, node of the tree: a length below 2**48, a version of one byte, compressed or not."""
_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
"""Blanks, and what UTF-16, UTF-32 and marks of their order put around them."""
_MANIFEST = b"\x0c\xdb\x3a\x2a"
_METADATA = (
    rb'\s*\{\s*"(?:tree_metadata"\s*:\s*\{|item_handlers"\s*:|array_metadatas"\s*:\s*\['
    rb'|[A-Za-z0-9+/=]+"\s*:\s*"\{\\"sharding_type)'
)
_DOTTED = r"([A-Za-z_][\w.]{0,200})\.([A-Za-z_]\w{0,100})"
_OWN = ("orbax.", "flax.", "jax.")


def _recognise(head: Head) -> bool:
    if head.start.startswith(b"\x0c\xdb"):
        return re.match(_NODE, head.start) is not None
    return (
        head.suffix in ("", ".json", ".orbax", ".checkpoint")
        and head.start.lstrip(_BLANK)[:1] in (b"{", b"")
        and (re.match(_METADATA, head.start) is not None or _names_handlers(head.source))
    )


def _names_handlers(source: ByteSource) -> bool:
    """Whether it is JSON with the key that matters, wherever it stands."""
    from modelwarden.parsing.json_search import Key, beginning, holds  # only for what may be JSON

    return beginning(source) in (b"{", b"") and holds(source, ((Key("item_handlers", rb'[{"\[]'),),))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    start = source.read(0, 13)
    if start.startswith(b"\x0c\xdb"):
        yield from _node(source, start)
    elif b'"item_handlers"' in source.read(0, 4096) or _names_handlers(source):
        yield from _handlers(source, scope.budget.limits.text_bytes // 2)


def _node(source: ByteSource, start: bytes) -> Iterator[Fact]:
    length = int.from_bytes(start[4:12], "little")
    if length > source.size:
        detail = f"a node of {length} bytes, {source.size} are there"
        yield Gap(Shortfall.MALFORMED, detail, Span(0, source.size))
    elif length < source.size and start.startswith(_MANIFEST):
        from modelwarden.parsing.rest import rest_behind  # manifests end with their node

        yield from rest_behind(source, length, "manifest")


def _handlers(source: ByteSource, longest: int) -> Iterator[Fact]:
    """The handlers that are neither of Orbax nor of its kin."""
    import json  # few files are metadata of Orbax

    span = Span(0, source.size)
    if source.size > longest:
        yield Gap(
            Shortfall.LIMIT, f"metadata of {source.size:,} bytes are too long: nothing of them was read", span
        )
        return
    try:
        value = json.loads(source.read(0, longest))
    except (ValueError, RecursionError) as error:
        yield Gap(Shortfall.MALFORMED, f"the metadata cannot be understood: {error}", span)
        return
    named = value.get("item_handlers") if isinstance(value, dict) else None
    texts = list(named.values()) if isinstance(named, dict) else [named]
    for text in texts:
        match = re.fullmatch(_DOTTED, text) if isinstance(text, str) else None
        if match is not None and not match[0].startswith(_OWN):
            yield Call(Global(match[1], match[2]), (), How.CLASS_NAME, span)


FORMAT = Format(
    name="orbax",
    title="Orbax checkpoint (metadata, OCDBT)",
    suffixes=(),
    ambiguous_suffixes=(".ocdbt",),
    recognise=_recognise,
    observe=_observe,
)
