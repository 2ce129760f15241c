"""Deflate between a header and a trailer that holds a checksum: gzip (RFC 1952), zlib (RFC 1950) and what is built on them.

The checksum is compared here and not by `zlib`: that would refuse the last bytes, which a loader has acted upon long before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from modelwarden.domain.format import ByteSource
from modelwarden.source.inflate import Deflate
from modelwarden.source.slice import SliceSource

Digest: TypeAlias = Callable[[bytes, int], int]


@dataclass(frozen=True, slots=True)
class Trailer:
    """`length` bytes behind the data. `digest` goes over the data from `start` on; `compare` is given the trailer, the digest and
    the count of the data's bytes, and says what is wrong, or nothing.
    """

    length: int
    digest: Digest
    start: int
    compare: Callable[[bytes, int, int], str]


class CheckedDeflate:
    """The deflate stream at `data`, of a member that starts at `offset`; a stream itself. It is finished with its trailer."""

    __slots__ = ("_data", "_deflate", "_end", "_offset", "_source", "_sum", "_total", "_trailer", "fault")

    def __init__(self, source: ByteSource, offset: int, data: int, trailer: Trailer) -> None:
        self._source = source
        self._offset = offset
        self._data = data
        self._deflate = Deflate(SliceSource(source, data, source.size - data))
        self._trailer = trailer
        self._sum = trailer.start
        self._total = 0
        self._end = b""
        self.fault = ""

    @property
    def consumed(self) -> int:
        return self._data - self._offset + self._deflate.consumed + len(self._end)

    @property
    def finished(self) -> bool:
        return self._deflate.finished and len(self._end) == self._trailer.length

    def step(self, limit: int) -> bytes:
        output = self._deflate.step(limit)
        if output:
            self._sum = self._trailer.digest(output, self._sum)
            self._total += len(output)
        elif self._deflate.finished and not self._end:
            self._end = self._source.read(self._data + self._deflate.consumed, self._trailer.length)
            if self.finished:
                self.fault = self._trailer.compare(self._end, self._sum, self._total)
        return output

    def fork(self) -> "CheckedDeflate":
        twin = CheckedDeflate.__new__(CheckedDeflate)
        twin._source = self._source
        twin._offset = self._offset
        twin._data = self._data
        twin._deflate = self._deflate.fork()
        twin._trailer = self._trailer
        twin._sum = self._sum
        twin._total = self._total
        twin._end = self._end
        twin.fault = self.fault
        return twin
