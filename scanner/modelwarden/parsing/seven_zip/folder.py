"""What a folder of a 7z archive holds: coders that the standard library can undo, in bounded memory.

Copy, LZMA, LZMA2, Deflate, bzip2 and Zstandard, with the filters for deltas and for the code of processors before LZMA. Not PPMd,
Deflate64, BCJ2, and nothing that is encrypted.
"""

from modelwarden.domain.format import ByteSource
from modelwarden.parsing.seven_zip.header import LZMA, Coder, Folder
from modelwarden.parsing.zip.walk import decompressor_of
from modelwarden.source.inflate import Corrupt, Method, Nothing, Opener, Sequential, Stream

_DICTIONARY = 128 << 20
"""Largest window given to LZMA: the stated one may be 4 GiB."""

_COPY, _LZMA2, _DELTA = b"\0", b"\x21", b"\3"
_AES = b"\6\xf1\7\1"
_ZSTD = b"\4\xf7\x11\1"
_PLAIN = {b"\4\1\x08": Method.DEFLATE, b"\4\2\2": Method.BZIP2}
_FILTERS = {
    b"\4": 4, b"\3\3\1\3": 4, b"\5": 5, b"\3\3\2\5": 5, b"\6": 6, b"\3\3\4\1": 6,
    b"\7": 7, b"\3\3\5\1": 7, b"\x08": 8, b"\3\3\7\1": 8, b"\x09": 9, b"\3\3\x08\5": 9,
}  # fmt: skip
"""Ids of 7z -> of liblzma (`lzma.FILTER_X86` and its kin): x86, PowerPC, IA-64, ARM, ARM Thumb, SPARC."""


class Unsupported(Exception):
    """Nothing here undoes the coders; `str()` says which."""


def opener(folder: Folder) -> Method | Opener | None:
    """What decompresses a folder; None when it is stored as it stands. Raises `Unsupported`."""
    if any(coder.method == _AES for coder in folder.coders):
        raise Unsupported("encrypted")
    coders = _in_line(folder)
    packer = coders[0]
    if len(coders) == 1:
        if packer.method == _COPY:
            return None
        if packer.method in _PLAIN:
            return _PLAIN[packer.method]
        if packer.method == _ZSTD:
            method = decompressor_of(93)
            if method is None:
                raise Unsupported("Zstandard: `pip install modelwarden[archives]` to have it read")
            return method
    if packer.method not in (LZMA, _LZMA2):
        raise Unsupported(f"method {_shown(packer.method)}")
    filters = [_filter(coder) for coder in coders[1:]]
    filters.append(_lzma(packer, folder.size))
    return lambda source: _open(source, filters)


def _in_line(folder: Folder) -> list[Coder]:
    """The coders in the order of decoding, when each takes what one other gives. Raises `Unsupported`."""
    if folder.packed != 1 or any(coder.takes != 1 or coder.gives != 1 for coder in folder.coders):
        methods = ", ".join(_shown(coder.method) for coder in folder.coders)
        raise Unsupported(f"methods {methods} with several streams each")
    given_by = dict(folder.pairs)
    takers = {given: taken for taken, given in folder.pairs}
    free = [index for index in range(len(folder.coders)) if index not in given_by]
    line: list[Coder] = []
    at = free[0] if free else None
    while at is not None and 0 <= at < len(folder.coders) and len(line) < len(folder.coders):
        line.append(folder.coders[at])
        at = takers.get(at)
    if len(line) != len(folder.coders):
        raise Unsupported("its coders form no line")
    return line


def _filter(coder: Coder) -> dict[str, int]:
    import lzma

    if coder.method == _DELTA:
        return {"id": lzma.FILTER_DELTA, "dist": (coder.properties[0] if coder.properties else 0) + 1}
    known = _FILTERS.get(coder.method)
    if known is None:
        raise Unsupported(f"method {_shown(coder.method)}")
    return {"id": known}


def _lzma(coder: Coder, size: int) -> dict[str, int]:
    import lzma

    ceiling = min(_DICTIONARY, max(size, 4096))
    if coder.method == _LZMA2:
        bits = coder.properties[0] if coder.properties else 40
        stated = (2 | bits & 1) << (bits // 2 + 11) if bits < 40 else 0xFFFFFFFF
        return {"id": lzma.FILTER_LZMA2, "dict_size": max(4096, min(stated, ceiling))}
    if len(coder.properties) < 5 or coder.properties[0] >= 9 * 5 * 5:
        raise Unsupported("LZMA without sensible properties")
    rest, lc = divmod(coder.properties[0], 9)
    pb, lp = divmod(rest, 5)
    stated = int.from_bytes(coder.properties[1:5], "little")
    return {
        "id": lzma.FILTER_LZMA1,
        "lc": lc,
        "lp": lp,
        "pb": pb,
        "dict_size": max(4096, min(stated, ceiling)),
    }


def _open(source: ByteSource, filters: list[dict[str, int]]) -> Stream:
    import lzma

    try:
        decompressor = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
    except (lzma.LZMAError, ValueError):  # liblzma knows no lc + lp > 4, and not every filter everywhere
        return Nothing()
    return Sequential(source, 0, decompressor, (lzma.LZMAError, EOFError, ValueError, Corrupt))


def _shown(method: bytes) -> str:
    return method.hex() or "without an id"
