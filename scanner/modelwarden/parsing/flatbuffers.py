"""FlatBuffers, read in place: tables, their fields, vectors and strings; every offset is checked against the source.

Specification: <https://flatbuffers.dev/internals/>. FlexBuffers, which keep their own types, are read as far as vectors of
texts: <https://flatbuffers.dev/flexbuffers/>.
"""

from collections.abc import Iterator
from typing import NamedTuple

from modelwarden.domain.format import ByteSource

_WINDOW = 64 << 10
_STRING, _VECTOR, _BLOB = 5, 10, 25
_KEY = 4
_VECTORS_OF_TEXTS = (14, 15)


class MalformedBuffer(Exception):
    """What stands at `offset` leads nowhere. What was read before stands."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


class Vector(NamedTuple):
    """Where the items of a vector begin, and how many they are. Of bytes and texts: how long they are."""

    start: int
    items: int


class Flat:
    """One FlatBuffer. Places are offsets in bytes of the source."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._base = 0
        self._window = b""

    def root(self) -> int:
        """The place of the root table. Raises MalformedBuffer, as everything here does."""
        return self.follow(0)

    def number(self, place: int, width: int, *, signed: bool = False) -> int:
        """The number of `width` bytes at a place."""
        return int.from_bytes(self._read(place, width), "little", signed=signed)

    def follow(self, place: int) -> int:
        """The place that the offset at a place leads to."""
        target = place + self.number(place, 4)
        if target == place or target >= self._source.size:
            raise MalformedBuffer(f"an offset leads to byte {target}", place)
        return target

    def field(self, table: int, index: int) -> int | None:
        """The place of a table's field, or None when the table does without it."""
        vtable = table - self.number(table, 4, signed=True)
        if not 0 <= vtable < self._source.size:
            raise MalformedBuffer(f"a table's layout is said to stand at byte {vtable}", table)
        length = self.number(vtable, 2)
        slot = 4 + 2 * index
        if slot + 2 > length:
            return None
        offset = self.number(vtable + slot, 2)
        return table + offset if offset else None

    def scalar(self, table: int, index: int, width: int, *, signed: bool = False) -> int:
        """The number in a table's field; 0 when there is none."""
        place = self.field(table, index)
        return self.number(place, width, signed=signed) if place is not None else 0

    def vector(self, table: int, index: int, width: int = 4) -> Vector:
        """The vector in a table's field, its items `width` bytes each; an empty one when there is none."""
        place = self.field(table, index)
        if place is None:
            return Vector(0, 0)
        start = self.follow(place)
        count = self.number(start, 4)
        if count * width > self._source.size - start - 4:
            raise MalformedBuffer(f"a vector of {count} items does not fit", start)
        return Vector(start + 4, count)

    def text(self, table: int, index: int, limit: int) -> str:
        """The first `limit` bytes of the text in a table's field."""
        start, length = self.vector(table, index, 1)
        return self._read(start, min(length, limit)).decode("utf-8", "replace") if length else ""

    def tables(self, table: int, index: int) -> Iterator[int]:
        """The places of the tables in the vector in a table's field."""
        start, count = self.vector(table, index)
        for number in range(count):
            yield self.follow(start + 4 * number)

    def _read(self, place: int, length: int) -> bytes:
        begin = place - self._base
        if begin < 0 or begin + length > len(self._window):
            self._base = max(0, place - _WINDOW // 4)
            self._window = self._source.read(self._base, _WINDOW)
            begin = place - self._base
        data = self._window[begin : begin + length]
        if place < 0 or len(data) < length:
            raise MalformedBuffer("it is cut off", place)
        return data


def flex_texts(data: bytes, limit: int) -> list[bytes]:
    """The first texts of a FlexBuffer that is a vector, at most `limit` of them. Raises MalformedBuffer."""
    if len(data) < 3:
        raise MalformedBuffer("it is too short", 0)
    kind = data[-2] >> 2
    vector, width = _flex_target(data, len(data) - 2 - data[-1], data[-1], data[-2])
    if kind != _VECTOR and kind not in _VECTORS_OF_TEXTS:
        raise MalformedBuffer("it is no vector", vector)
    count = _flex_number(data, vector - width, width)
    if count * width > len(data) - vector:
        raise MalformedBuffer(f"a vector of {count} items does not fit", vector)
    found: list[bytes] = []
    for number in range(min(count, limit)):
        if kind == _VECTOR:
            place = vector + count * width + number
            packed = data[place] if place < len(data) else 0
        else:
            packed = (_KEY if kind == _VECTORS_OF_TEXTS[0] else _STRING) << 2
        if packed >> 2 not in (_KEY, _STRING, _BLOB):
            found.append(b"")
            continue
        start, inner = _flex_target(data, vector + number * width, width, packed)
        if packed >> 2 == _KEY:
            found.append(data[start : data.find(b"\0", start)])
        else:
            found.append(data[start : start + _flex_number(data, start - inner, inner)])
    return found


def _flex_target(data: bytes, place: int, width: int, packed: int) -> tuple[int, int]:
    """Where the offset at a place leads back to, and the width of the numbers there."""
    target = place - _flex_number(data, place, width)
    if not 0 <= target < len(data):
        raise MalformedBuffer(f"an offset leads to byte {target}", place)
    return target, 1 << (packed & 3)


def _flex_number(data: bytes, place: int, width: int) -> int:
    if width not in (1, 2, 4, 8) or place < 0 or place + width > len(data):
        raise MalformedBuffer("it is cut off", max(place, 0))
    return int.from_bytes(data[place : place + width], "little")
