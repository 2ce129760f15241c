"""gzip: one compressed file with an optional name, or several of them one after another.

`joblib.dump(…, compress="gzip")`, `pandas.to_pickle("x.pkl.gz")` and anybody's `gzip model.pkl` write it, and the loaders
unpickle what comes out. Specification: RFC 1952. The header is read as Python's `gzip` reads it, which ignores the reserved flags
and the header's checksum; `zlib` by itself would refuse both.

Checked: What comes out is scanned as whatever it is: every member of the file, the CRC and the stated length, and what follows
the last one.

Not checked: The name and the comment in the header.
"""

import zlib

from modelwarden.domain.format import ByteSource, Format
from modelwarden.parsing.wrapper import Wrapper
from modelwarden.source.checked import CheckedDeflate, Trailer
from modelwarden.source.inflate import Stream

_SIGNATURE = b"\x1f\x8b\x08"
_FIXED = 10
_FHCRC, _FEXTRA, _FNAME, _FCOMMENT = 2, 4, 8, 16
_WINDOW = 64 << 10


def _begin(source: ByteSource, offset: int) -> Stream | None:
    data = _after_header(source, offset)
    return CheckedDeflate(source, offset, data, _TRAILER) if data is not None else None


def _after_header(source: ByteSource, offset: int) -> int | None:
    """Where the compressed data of the member at `offset` begins; None when there is no member."""
    fixed = source.read(offset, _FIXED)
    if len(fixed) < _FIXED or not fixed.startswith(_SIGNATURE):
        return None
    flags = fixed[3]
    position = offset + _FIXED
    if flags & _FEXTRA:
        position += 2 + int.from_bytes(source.read(position, 2), "little")
    for flag in (_FNAME, _FCOMMENT):
        if flags & flag:
            position = _after_nul(source, position)
    if flags & _FHCRC:
        position += 2
    return position if position <= source.size else None


def _after_nul(source: ByteSource, position: int) -> int:
    """The offset behind the next zero byte, or the size."""
    while window := source.read(position, _WINDOW):
        found = window.find(0)
        if found >= 0:
            return position + found + 1
        position += len(window)
    return source.size


def _compare(trailer: bytes, crc: int, size: int) -> str:
    stated = int.from_bytes(trailer[:4], "little")
    if stated != crc:
        return f"its CRC is {crc:#010x}, {stated:#010x} is stated"
    stated = int.from_bytes(trailer[4:], "little")
    if stated != size & 0xFFFFFFFF:
        return f"{stated} bytes are stated, it holds {size}"
    return ""


_TRAILER = Trailer(length=8, digest=zlib.crc32, start=0, compare=_compare)
_WRAPPER = Wrapper(name="gzip", begin=_begin, suffixes={".gz": "", ".tgz": ".tar"})

FORMAT = Format(
    name="gzip",
    title="gzip wrapper",
    suffixes=(),
    ambiguous_suffixes=(".gz",),
    recognise=_WRAPPER.recognise,
    observe=_WRAPPER.observe,
)
