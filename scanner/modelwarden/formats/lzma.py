"""LZMA alone (`.lzma`): what `joblib.dump(…, compress="lzma")` writes; the loader unpickles what comes out.

Specification: https://github.com/tukaani-project/xz/blob/master/doc/lzma-file-format.txt. The format has no signature: the usual
properties are taken for one, as joblib does, and data must come out.
"""

import lzma

from modelwarden.domain.format import ByteSource, Format
from modelwarden.parsing.wrapper import Wrapper, starts
from modelwarden.source.inflate import Sequential, Stream
from modelwarden.source.slice import SliceSource

_USUAL = b"\x5d\x00"
"""lc=3, lp=0, pb=2, and the low byte of the dictionary's size."""
_HEADER = 13
_DICTIONARY = 128 << 20
"""Largest dictionary we provide: `xz -9` uses 64 MiB, the header may state 4 GiB."""
_CONVINCING = 16
_ERRORS = (lzma.LZMAError, EOFError, ValueError)


def _begin(source: ByteSource, offset: int) -> Stream | None:
    return _open(source, offset) if starts(_open, source, offset, _CONVINCING) else None


def _open(source: ByteSource, offset: int) -> Stream | None:
    """A stream behind a header whose dictionary is no larger than we provide."""
    header = source.read(offset, _HEADER)
    if len(header) < _HEADER or not header.startswith(_USUAL):
        return None
    size = min(int.from_bytes(header[1:5], "little"), _DICTIONARY)
    decompressor = lzma.LZMADecompressor(lzma.FORMAT_ALONE)
    try:
        decompressor.decompress(header[:1] + size.to_bytes(4, "little") + header[5:], 0)
    except _ERRORS:
        return None
    return Sequential(SliceSource(source, offset, source.size - offset), _HEADER, decompressor, _ERRORS)


_WRAPPER = Wrapper(name="lzma", begin=_begin, suffixes={".lzma": "", ".tlz": ".tar"})

FORMAT = Format(
    name="lzma",
    title="LZMA wrapper",
    suffixes=(),
    ambiguous_suffixes=(".lzma",),
    recognise=_WRAPPER.recognise,
    observe=_WRAPPER.observe,
)
