"""Members found by their local headers, one after the other, as a streaming reader sees them (Java's ZipInputStream, bsdtar)."""

import re
from bisect import bisect_right
from collections.abc import Generator
from dataclasses import replace

from modelwarden.domain.budget import Budget
from modelwarden.domain.format import ByteSource
from modelwarden.parsing.zip.entry import Entry, after_descriptor, local_header
from modelwarden.parsing.zip.records import DESCRIPTOR, Header
from modelwarden.source.inflate import Corrupt, Ending, InflatedSource, Method, Nothing, Opener, Stream
from modelwarden.source.slice import SliceSource

METHODS = {8: Method.DEFLATE, 12: Method.BZIP2, 14: Method.LZMA, 95: Method.XZ}
"""The compression methods we read besides stored (APPNOTE 4.4.5); `decompressor_of` knows one more."""
_ZSTANDARD = frozenset((20, 93))

_WINDOW = 1 << 20
_OVERLAP = 12
"""Of two windows: signature, CRC and compressed size of a data descriptor."""
_LANDMARKS = 200_000
"""More records than that are not remembered: no archive may hold so many members."""
_RECORD = re.compile(rb"PK(?:\x07\x08|\x03\x04|\x01\x02)")


def local_entries(source: ByteSource, start: int, stop: int, budget: Budget) -> Generator[Entry, None, int]:
    """The members whose local headers stand from `start` on, before `stop`. Returns where the first thing else stands.

    Of a member written as a stream, size and end are found out. Raises LimitReached.
    """
    position = start
    landmarks = _Landmarks(source, start, stop)
    while position < stop and (header := local_header(source, position)) is not None:
        budget.spend_members()
        data = position + header.length
        if header.is_streamed and not header.compressed_size:
            header = _measured(source, header, data, landmarks, budget)
        entry = Entry(header, position, data)
        yield entry
        following = after_descriptor(source, entry.end) if header.is_streamed else entry.end
        if following is None:
            return min(entry.end, stop)
        position = following
    return min(position, stop)


def decompressor_of(method: int) -> Method | Opener | None:
    """What decompresses a method of ZIP; None when nothing does here."""
    if method not in _ZSTANDARD:
        return METHODS.get(method)
    from modelwarden.parsing.zstd import ZstdFrame, decompressor  # only when it is asked for

    make = decompressor()
    if make is None:
        return None

    def begin(source: ByteSource) -> Stream:
        try:
            return ZstdFrame(source, 0, make)
        except (ValueError, Corrupt):
            return Nothing()

    return begin


class _Landmarks:
    """The records that stand between `start` and `stop`, found in one pass when first asked for."""

    def __init__(self, source: ByteSource, start: int, stop: int) -> None:
        self._source = source
        self._start = start
        self.stop = stop
        self._headers: list[int] | None = None
        self._descriptors: dict[int, int] = {}

    def stored_length(self, data: int) -> int:
        """The bytes of a stored member from `data` on.

        Up to a data descriptor that states just so many, else up to the first record that follows, else up to the end.
        """
        if self._headers is None:
            self._headers = []
            self._search(self._headers)
        end = self._descriptors.get(data)
        if end is None:
            following = bisect_right(self._headers, data)
            end = self._headers[following] if following < len(self._headers) else self.stop
        return end - data

    def _search(self, headers: list[int]) -> None:
        for at in range(self._start, self.stop, _WINDOW):
            window = self._source.read(at, min(_WINDOW + _OVERLAP, self.stop - at))
            for match in _RECORD.finditer(window):
                place = match.start()
                if place >= _WINDOW:
                    break
                if len(headers) + len(self._descriptors) == _LANDMARKS:
                    return
                if match[0] == DESCRIPTOR:
                    stated = int.from_bytes(window[place + 8 : place + 12], "little")
                    self._descriptors.setdefault(at + place - stated, at + place)
                else:
                    headers.append(at + place)


def _measured(source: ByteSource, header: Header, data: int, landmarks: _Landmarks, budget: Budget) -> Header:
    """`header` with the sizes of a member that was written as a stream."""
    method = decompressor_of(header.method)
    if method is not None:
        inflated = InflatedSource(SliceSource(source, data, landmarks.stop - data), method, budget)
        if inflated.ending is Ending.WHOLE:
            return replace(header, crc=inflated.crc, compressed_size=inflated.consumed, size=inflated.size)
    length = landmarks.stored_length(data)
    return replace(header, crc=0, compressed_size=length, size=length)


def measured(source: ByteSource, entry: Entry, budget: Budget) -> Entry | None:
    """`entry` with the sizes of its compressed stream, when there is a whole one and something comes out. Raises LimitReached."""
    method = decompressor_of(entry.header.method)
    if entry.data is None or method is None:
        return None
    packed = SliceSource(source, entry.data, source.size - entry.data)
    inflated = InflatedSource(packed, method, budget)
    if inflated.ending is not Ending.WHOLE or not inflated.size:
        return None
    sizes = replace(entry.header, crc=inflated.crc, compressed_size=inflated.consumed, size=inflated.size)
    return replace(entry, header=sizes)
