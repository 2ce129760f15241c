"""Containers that are recognised and not opened: compress (.Z), lzip, legacy LZ4, Windows cabinets, cpio.

Somebody unpacks them and loads what was inside, so that silence would be wrong. Formats: https://www.nongnu.org/lzip/manual/,
[MS-CAB], cpio(5), and `compress` of 4.3BSD.

Checked: nothing but the signature.

Not checked: everything inside. The file is reported as not inspected.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall

_LEAST = 20


def _kind(start: bytes, size: int) -> str:
    """What the bytes are, or nothing. Each signature comes with a field that must fit."""
    if size < _LEAST:
        return ""
    if start.startswith(b"\x1f\x9d") and 9 <= start[2] & 0x1F <= 16 and not start[2] & 0x60:
        return "compressed by `compress` (.Z)"
    if start.startswith(b"\x02\x21\x4c\x18") and 0 < int.from_bytes(start[4:8], "little") < 9 << 20:
        return "compressed by LZ4 in its legacy form"
    if start.startswith(b"LZIP\x01") and 12 <= start[5] & 0x1F <= 29:
        return "compressed by lzip"
    if start.startswith(b"MSCF\0\0\0\0") and int.from_bytes(start[8:12], "little") >= 36:
        return "a Windows cabinet"
    if (
        start.startswith((b"070701", b"070702", b"070707"))
        and start[6:20].strip(b"0123456789abcdefABCDEF") == b""
    ):
        return "a cpio archive"
    return ""


def _recognise(head: Head) -> bool:
    return bool(_kind(head.start[:32], head.size))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    kind = _kind(source.read(0, 32), source.size) or "an archive of another kind"
    yield Gap(
        Shortfall.UNSUPPORTED, f"it is {kind}, which is not opened here: unpack it and scan what it holds"
    )


FORMAT = Format(
    name="sealed",
    title="compress, lzip, legacy LZ4, cabinet, cpio (not opened)",
    suffixes=(),
    ambiguous_suffixes=(".cab", ".cpio", ".lz"),
    recognise=_recognise,
    observe=_observe,
)
