"""Signs that something was compressed only to fill a disk. A ratio by itself is none: an array of zeros has any."""

import re

from modelwarden.domain.format import ByteSource

_WINDOW = 1 << 20
_RATIO = 100
_FLOOR = 1 << 20
"""Small things may be compressed twice, by somebody who did not look."""
_COMPRESSED = re.compile(
    rb"\x1f\x8b\x08|BZh[1-9]1AY&SY|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18|7z\xbc\xaf\x27\x1c"
    rb"|PK\x03\x04.{4}[\x08\x0c\x0e\x5d]\x00",
    re.DOTALL,
)
"""How compressed data begins, with a ZIP archive only when its first member is compressed."""


def bombast(outer: ByteSource, content: ByteSource, packed: int) -> str:
    """Why `content`, which came out of `packed` bytes of `outer`, shows intent; empty when it does not. Raises LimitReached."""
    if holds_itself(outer, content):
        return "it holds itself, so that it can be decompressed for ever"
    if content.size >= _FLOOR and content.size > _RATIO * packed and _COMPRESSED.match(content.read(0, 16)):
        return f"{packed} bytes expand to {content.size}, which are compressed again"
    return ""


def holds_itself(outer: ByteSource, content: ByteSource) -> bool:
    """Whether the content is the very file it came out of (a quine). Raises LimitReached."""
    if content.size != outer.size:
        return False
    return all(
        outer.read(at, _WINDOW) == content.read(at, _WINDOW) for at in range(0, max(outer.size, 1), _WINDOW)
    )
