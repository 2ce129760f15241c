"""zlib: what `joblib.dump(…, compress=3)` writes, whatever the file is called; the loader unpickles what comes out.

Specification: RFC 1950. joblib takes any file that begins with the byte 0x78 for one, so that its signature is no proof: here the
header must hold its check bits, and data must come out.

Checked: What comes out is scanned as whatever it is: the Adler-32 is compared, and what follows is read.

Not checked: Streams with a preset dictionary.
"""

import zlib

from modelwarden.domain.format import ByteSource, Format, Head
from modelwarden.parsing.wrapper import Wrapper, starts
from modelwarden.source.checked import CheckedDeflate, Trailer
from modelwarden.source.inflate import Stream

_DEFLATE, _DEFLATE_32K = 8, 0x78
_FDICT = 0x20
_CONVINCING = 16
"""Text or numbers that happen to start like zlib do not decompress to so many bytes."""


def _begin(source: ByteSource, offset: int) -> Stream | None:
    return _open(source, offset) if starts(_open, source, offset, _CONVINCING) else None


def _open(source: ByteSource, offset: int) -> Stream | None:
    header = source.read(offset, 2)
    if (
        len(header) < 2
        or header[0] & 15 != _DEFLATE
        or header[0] > _DEFLATE_32K
        or (offset and header[0] != _DEFLATE_32K)
    ):
        return None
    if header[1] & _FDICT or int.from_bytes(header) % 31:
        return None
    return CheckedDeflate(source, offset, offset + 2, _TRAILER)


def _compare(trailer: bytes, adler: int, size: int) -> str:
    stated = int.from_bytes(trailer)
    return "" if stated == adler else f"its Adler-32 is {adler:#010x}, {stated:#010x} is stated"


_TRAILER = Trailer(length=4, digest=zlib.adler32, start=1, compare=_compare)
_WRAPPER = Wrapper(name="zlib", begin=_begin, suffixes={".zlib": "", ".z": ""})


def _recognise(head: Head) -> bool:
    """A smaller window counts under a name that says so: the byte alone is too little."""
    return (head.start[:1] == b"\x78" or head.suffix in (".zlib", ".z")) and _WRAPPER.recognise(head)


FORMAT = Format(
    name="zlib",
    title="zlib wrapper",
    suffixes=(),
    ambiguous_suffixes=(".zlib",),
    recognise=_recognise,
    observe=_WRAPPER.observe,
)
