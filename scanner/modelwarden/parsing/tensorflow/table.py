"""LevelDB's table of sorted keys, as TensorFlow keeps it: blocks of entries, an index of the blocks, a footer.

Specification: <https://github.com/google/leveldb/blob/main/doc/table_format.md>; `tensorflow/core/lib/io/format.cc`. An entry
shares the beginning of its key with the one before it. Blocks end with the places where keys stand in full, and how many
these are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from modelwarden.domain.format import ByteSource

MAGIC = bytes.fromhex("57fb808b247547db")
FOOTER = 48
_TRAILER = 5
"""Behind a block: its compression and a checksum."""
_BLOCK = 64 << 20
"""Longest block that is read. TensorFlow aims at 256 KiB."""
_KEY = 64 << 10
_KEYS = 256 << 20
"""Bytes of keys in one block: each may repeat the one before it."""


class MalformedTable(Exception):
    """The table cannot be read at `offset`. Entries seen before stand."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


class CompressedBlock(Exception):
    """A block is compressed: TensorFlow's own checkpoints never are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value; `offset` is where the value stands in the source."""

    key: bytes
    value: bytes
    offset: int


def entries(source: ByteSource) -> Iterator[Entry]:
    """The entries of all blocks, in their order. Raises MalformedTable, CompressedBlock."""
    footer = source.read(source.size - FOOTER, FOOTER)
    if len(footer) < FOOTER or not footer.endswith(MAGIC):
        raise MalformedTable("it has no footer", source.size)
    place = source.size - FOOTER
    _, _, used = _handle(footer, 0, place)
    start, length, _ = _handle(footer, used, place)
    read = 0
    for index in _block(source, start, length):
        begin, size, _ = _handle(index.value, 0, index.offset)
        read += size
        if read > source.size:
            raise MalformedTable("its blocks take more bytes than there are", index.offset)
        yield from _block(source, begin, size)


def _block(source: ByteSource, start: int, length: int) -> Iterator[Entry]:
    if start + length + _TRAILER > source.size - FOOTER:
        raise MalformedTable(f"a block of {length} bytes at byte {start} lies outside", start)
    if length > _BLOCK:
        raise MalformedTable(f"a block of {length} bytes is too long", start)
    data = source.read(start, length + 1)
    if data[-1:] != b"\0":
        raise CompressedBlock(f"the block at byte {start} is compressed")
    restarts = int.from_bytes(data[length - 4 : length], "little") if length >= 4 else 0
    end = length - 4 - 4 * restarts
    if length < 4 or end < 0:
        raise MalformedTable("a block is too short for what it states", start)
    key = b""
    position = written = 0
    while position < end:
        shared, position = varint(data, position, end, start)
        own, position = varint(data, position, end, start)
        size, position = varint(data, position, end, start)
        if shared > len(key) or own + size > end - position or shared + own > _KEY:
            raise MalformedTable("an entry does not fit its block", start + position)
        key = key[:shared] + data[position : position + own]
        position += own
        written += len(key)
        if written > _KEYS:
            raise MalformedTable("its keys grow beyond reason", start)
        yield Entry(key, data[position : position + size], start + position)
        position += size


def _handle(data: bytes, position: int, offset: int) -> tuple[int, int, int]:
    """Offset and length of a block, and where what follows stands."""
    start, position = varint(data, position, len(data), offset)
    length, position = varint(data, position, len(data), offset)
    return start, length, position


def varint(data: bytes, position: int, end: int, offset: int) -> tuple[int, int]:
    """A number of up to 64 bits, and where it ends. Raises MalformedTable."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= end:
            break
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise MalformedTable("a number does not end", offset + position)
