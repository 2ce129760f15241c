"""LZ4 frames, decompressed block by block: no block is larger than 4 MiB.

Specifications: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md. The xxHash checksums are not
compared: a reader that does not either would go on, and so do we.
"""

from modelwarden.domain.format import ByteSource
from modelwarden.source.inflate import Corrupt

_MAGIC = b"\x04\x22\x4d\x18"
_SKIPPABLE = b"\x2a\x4d\x18"
"""The last three bytes of the magic of a skippable frame; the first is 0x50 to 0x5F."""
_HISTORY = 64 << 10
_STORED = 1 << 31
_EMPTY_BLOCKS = 1000
"""More blocks that hold nothing are there only to keep a reader busy."""
_BLOCK_SIZES = {4: 64 << 10, 5: 256 << 10, 6: 1 << 20, 7: 4 << 20}

_VERSION = 0xC0
_INDEPENDENT = 0x20
_BLOCK_CHECKSUMS = 0x10
_CONTENT_SIZE = 0x08
_CONTENT_CHECKSUM = 0x04
_DICTIONARY = 0x01


class Lz4Frame:
    """The frame at `offset` of a source; a stream as `source.inflate` has them. A skippable frame gives nothing.

    Raises ValueError when made where no frame starts.
    """

    __slots__ = (
        "_at",
        "_before",
        "_broken",
        "_empty",
        "_flags",
        "_history",
        "_largest",
        "_offset",
        "_passing",
        "_pending",
        "_source",
        "_stated",
        "_taken",
        "_total",
        "fault",
        "finished",
    )

    def __init__(self, source: ByteSource, offset: int) -> None:
        header = source.read(offset, 19)
        self._source = source
        self._offset = offset
        self._at = offset
        self._history = b""
        self._before = (offset, b"", 0, 0)
        self._passing = 0
        self._pending = b""
        self._taken = 0
        self._total = 0
        self._broken = ""
        self._empty = 0
        self._flags = 0
        self._largest = 0
        self._stated = -1
        self.fault = ""
        self.finished = False
        if len(header) >= 8 and 0x50 <= header[0] <= 0x5F and header[1:4] == _SKIPPABLE:
            self._skip(int.from_bytes(header[4:8], "little"))
        else:
            self._describe(header)

    def _skip(self, length: int) -> None:
        end = self._offset + 8 + length
        self.finished = end <= self._source.size
        self._at = min(end, self._source.size)

    def _describe(self, header: bytes) -> None:
        """Read the frame's descriptor. Raises ValueError."""
        if len(header) < 7 or not header.startswith(_MAGIC):
            raise ValueError("no LZ4 frame")
        self._flags = header[4]
        self._largest = _BLOCK_SIZES.get(header[5] >> 4 & 7, 0)
        if self._flags & _VERSION != 0x40 or not self._largest:
            raise ValueError("no LZ4 frame of version 1")
        length = 7
        if self._flags & _CONTENT_SIZE:
            self._stated = int.from_bytes(header[6:14], "little")
            length += 8
        if self._flags & _DICTIONARY:
            length += 4
        self._at = self._offset + length

    @property
    def consumed(self) -> int:
        return self._at - self._offset

    def step(self, limit: int) -> bytes:
        """1 to `limit` more bytes, or none at the end. Raises `Corrupt`, after all bytes before the fault have been given."""
        while self._taken == len(self._pending):
            if self._broken:
                raise Corrupt(self._broken)
            if self.finished or not self._block():
                return b""
        output = self._pending[self._taken : self._taken + limit]
        self._taken += len(output)
        return output

    def fork(self) -> "Lz4Frame":
        twin = Lz4Frame.__new__(Lz4Frame)
        for slot in Lz4Frame.__slots__:
            setattr(twin, slot, getattr(self, slot))
        if self._taken < len(
            self._pending
        ):  # the twin decompresses the block again: many are kept, few are used
            twin._at, twin._history, twin._total, twin._empty = self._before
            twin._broken = ""
            twin._passing = self._taken
        twin._pending = b""
        twin._taken = 0
        return twin

    def _block(self) -> bool:
        """Decompress the next block. Returns False where the data is cut off or the frame ends."""
        prefix = self._source.read(self._at, 4)
        if len(prefix) < 4:
            return False
        length = int.from_bytes(prefix, "little")
        if length == 0:
            return self._finish()
        self._before = (self._at, self._history, self._total, self._empty)
        stored = length >= _STORED
        length &= _STORED - 1
        if length > self._largest:
            self._broken = "a block is larger than the frame allows"
            return True
        data = self._source.read(self._at + 4, length)
        if stored:
            output = data
        else:
            output, self._broken = decompress_block(data, self._history, self._largest)
        self._taken = self._passing
        self._passing = 0
        self._pending = output
        self._total += len(output)
        if len(data) < length:
            self._broken = ""
            self._at = self._source.size
            return bool(output)
        self._at = min(
            self._at + 4 + length + (4 if self._flags & _BLOCK_CHECKSUMS else 0), self._source.size
        )
        self._empty += not output
        if self._empty > _EMPTY_BLOCKS:
            self._broken = "too many empty blocks"
        if not self._flags & _INDEPENDENT:
            self._history = (self._history + output[-_HISTORY:])[-_HISTORY:]
        return True

    def _finish(self) -> bool:
        end = self._at + 4 + (4 if self._flags & _CONTENT_CHECKSUM else 0)
        self.finished = end <= self._source.size
        self._at = min(end, self._source.size)
        if self.finished and self._stated not in (-1, self._total):
            self.fault = f"{self._stated} bytes are stated, it holds {self._total}"
        return False


def decompress_block(data: bytes, history: bytes, limit: int) -> tuple[bytes, str]:
    """At most `limit` bytes out of one block, matches reaching back into `history`; and why it stops early, or nothing."""
    output = bytearray(history)
    start = len(output)
    ceiling = start + limit
    position = 0
    end = len(data)
    problem = ""
    while position < end:
        token = data[position]
        position += 1
        length = token >> 4
        if length == 15:
            length, position = _extended(data, position, length)
        if len(output) + length > ceiling:
            problem = "a block expands beyond the size of a block"
            break
        output += data[position : position + length]
        position += length
        if position >= end:
            if position > end:
                problem = "literals go on behind their block"
            break  # the last sequence has no match
        distance = int.from_bytes(data[position : position + 2], "little")
        position += 2
        length = token & 15
        if length == 15:
            length, position = _extended(data, position, length)
        length += 4
        if not 0 < distance <= len(output) or position > end:
            problem = "a match reaches back before the beginning"
            break
        if len(output) + length > ceiling:
            problem = "a block expands beyond the size of a block"
            break
        origin = len(output) - distance
        if distance >= length:
            output += output[origin : origin + length]
        else:
            pattern = bytes(output[origin:])
            output += (pattern * (length // distance + 1))[:length]
    return bytes(output[start:]), problem


def _extended(data: bytes, position: int, length: int) -> tuple[int, int]:
    """A length that goes on in further bytes, and the position behind them."""
    while position < len(data):
        more = data[position]
        position += 1
        length += more
        if more != 255:
            break
    return length, position
