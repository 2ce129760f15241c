"""Zstandard: a compressed file we recognise and do not decompress, for Python can only since 3.14.

Specification: RFC 8878.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall

_SIGNATURE = b"\x28\xb5\x2f\xfd"
_RESERVED = 0x08


def _recognise(head: Head) -> bool:
    return head.start.startswith(_SIGNATURE) and len(head.start) >= 9 and not head.start[4] & _RESERVED


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    yield Gap(Shortfall.UNSUPPORTED, "it is compressed with Zstandard, which is not decompressed here")


FORMAT = Format(
    name="zstd",
    title="Zstandard wrapper",
    suffixes=(),
    recognise=_recognise,
    observe=_observe,
)
