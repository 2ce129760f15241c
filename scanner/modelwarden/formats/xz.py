"""xz: what `joblib.dump(…, compress="xz")` and `pandas.to_pickle("x.pkl.xz")` write; the loaders unpickle what comes out.

Specification: https://tukaani.org/xz/xz-file-format.txt

Checked: What comes out is scanned as whatever it is: every stream of the file with its checksums, and what follows the last one.

Not checked: Content that needs more memory for its dictionary than is allowed, which is reported.
"""

import lzma
import zlib

from modelwarden.domain.format import ByteSource, Format, Head
from modelwarden.parsing.wrapper import Wrapper
from modelwarden.source.inflate import Sequential, Stream
from modelwarden.source.slice import SliceSource

_SIGNATURE = b"\xfd7zXZ\x00"
_HEADER = 12
_MEMORY = 160 << 20
"""Decompressing what `xz -9` writes takes 65 MiB; a stream may ask for 1.5 GiB."""


def _begin(source: ByteSource, offset: int) -> Stream | None:
    header = source.read(offset, _HEADER)
    if len(header) < _HEADER or not header.startswith(_SIGNATURE):
        return None
    if zlib.crc32(header[6:8]) != int.from_bytes(header[8:], "little"):
        return None
    packed = SliceSource(source, offset, source.size - offset)
    decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
    return Sequential(packed, 0, decompressor, (lzma.LZMAError, EOFError, ValueError))


_WRAPPER = Wrapper(
    name="xz",
    begin=_begin,
    suffixes={".xz": "", ".txz": ".tar"},
    out_of_memory="Memory usage limit exceeded",
)


def _recognise(head: Head) -> bool:
    """By the header and its checksum alone: what gives nothing is to be reported, not passed by."""
    return head.start.startswith(_SIGNATURE) and _begin(head.source, 0) is not None


FORMAT = Format(
    name="xz",
    title="xz wrapper",
    suffixes=(),
    ambiguous_suffixes=(".xz",),
    recognise=_recognise,
    observe=_WRAPPER.observe,
)
