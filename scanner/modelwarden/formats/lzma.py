"""LZMA alone (`.lzma`): what `joblib.dump(…, compress="lzma")` writes; the loader unpickles what comes out.

Specification: https://github.com/tukaani-project/xz/blob/master/doc/lzma-file-format.txt. The format has no signature: the usual
properties are taken for one, as joblib does, others under a suffix that says so, and data must come out.

Checked: What comes out is scanned as whatever it is, and what follows it.

Not checked: Files whose properties are not the usual ones under another suffix; content that needs a dictionary of more than
128 MiB, which is reported.
"""

import lzma

from modelwarden.domain.format import ByteSource, Format, Head
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
    if len(header) < _HEADER or not (header.startswith(_USUAL) or (not offset and _is_plausible(header))):
        return None
    size = min(int.from_bytes(header[1:5], "little"), _DICTIONARY)
    decompressor = lzma.LZMADecompressor(lzma.FORMAT_ALONE)
    try:
        decompressor.decompress(header[:1] + size.to_bytes(4, "little") + header[5:], 0)
    except _ERRORS:
        return None
    return Sequential(SliceSource(source, offset, source.size - offset), _HEADER, decompressor, _ERRORS)


def _is_plausible(header: bytes) -> bool:
    """Whether `xz` and Python's `lzma` would take it for LZMA: a dictionary that encoders use, a size below 256 GiB or none."""
    dictionary = int.from_bytes(header[1:5], "little")
    size = int.from_bytes(header[5:13], "little")
    lowest = dictionary & -dictionary
    usual = dictionary in (lowest, 3 * lowest) and lowest > 0
    return (
        header[0] < 9 * 5 * 5
        and (usual or dictionary == 0xFFFFFFFF)
        and (size < 1 << 38 or size == (1 << 64) - 1)
    )


def _recognise(head: Head) -> bool:
    """Unusual properties count under a name that says so: there is nothing else to tell them by."""
    return (head.start.startswith(_USUAL) or head.suffix in _SUFFIXES) and _WRAPPER.recognise(head)


_SUFFIXES = (".lzma", ".xz", ".tlz")
_WRAPPER = Wrapper(name="lzma", begin=_begin, suffixes={".lzma": "", ".tlz": ".tar"})

FORMAT = Format(
    name="lzma",
    title="LZMA wrapper",
    suffixes=(),
    ambiguous_suffixes=(".lzma",),
    recognise=_recognise,
    observe=_WRAPPER.observe,
)
