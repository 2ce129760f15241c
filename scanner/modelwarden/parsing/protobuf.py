"""The protobuf wire format, read by position: no schema, no message is built, long payloads are passed by unread.

Specification: <https://protobuf.dev/programming-guides/encoding/>. A field of the wrong wire type is for the caller to
ignore, as parsers do (they keep it as an unknown field).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource

VARINT, FIXED64, BYTES, GROUP, END_GROUP, FIXED32 = range(6)

_WINDOW = 64 << 10
_TAG_AND_LENGTH = 20
"""The longest tag and the longest varint behind it, in bytes: ten each."""
_GROUPS_DEEP = 100
"""How deep groups may nest: the limit of the official parsers for messages."""


class MalformedMessage(Exception):
    """The bytes at `offset` are no field; `str()` says why. Fields seen before stand."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


class Field(NamedTuple):
    """One field of a message. `value`: of a number, as unsigned; `start` and `end`: where its payload stands in the source."""

    number: int
    wire: int
    value: int
    start: int
    end: int

    @property
    def size(self) -> int:
        """Length of the payload in bytes."""
        return self.end - self.start


class Wire:
    """Fields of messages in one source, read through a window that moves forward.

    `most`: how many fields may be looked at in the whole source; then LimitReached is raised.
    """

    def __init__(self, source: ByteSource, most: int | None = None) -> None:
        self._most = most
        self._left = -1 if most is None else most
        self._source = source
        self._base = 0
        self._window = b""

    @property
    def size(self) -> int:
        """Length of the whole source in bytes."""
        return self._source.size

    def fields(
        self,
        start: int = 0,
        end: int | None = None,
        *,
        clipped: bool = False,
        passed: re.Pattern[bytes] | None = None,
    ) -> Iterator[Field]:
        """The fields of the message from `start` to `end`, in their order. Raises MalformedMessage at what is none.

        `clipped`: of a last field that is cut off, what there is of it is yielded before that is raised.
        `passed`: matches runs of whole fields that are not wanted; they are passed by without a look at each.
        """
        limit = self._source.size if end is None else end
        position = start
        while position < limit:
            if passed is not None:
                position = self._behind(passed, position, limit)
                if position >= limit:
                    break
            self._count()
            begin, length = self._short(position, limit)
            if begin:
                number = self._window[position - self._base] >> 3
                position = begin + length
                yield Field(number, BYTES, 0, begin, position)
                continue
            field = self._field(position, limit, clipped)
            if field.end > limit:
                yield field._replace(end=limit)
                raise _cut_off(field.number, field.size, limit - field.start, position)
            position = field.end
            if field.wire == GROUP:
                position = self._skip_group(position, limit)
            elif field.wire == END_GROUP:
                raise MalformedMessage("a group ends that did not begin", position)
            else:
                yield field

    def payload(self, field: Field, limit: int) -> bytes:
        """The first `limit` bytes of a field's payload."""
        return self._read(field.start, min(field.size, limit))

    def text(self, field: Field, limit: int) -> str:
        """The same as text; what is no UTF-8 becomes U+FFFD."""
        return self.payload(field, limit).decode("utf-8", "replace")

    def _read(self, offset: int, length: int) -> bytes:
        begin = offset - self._base
        if begin < 0 or begin + length > len(self._window):
            if length > _WINDOW // 2:
                return self._source.read(offset, length)
            self._window = self._source.read(offset, _WINDOW)
            self._base = offset
            begin = 0
        return self._window[begin : begin + length]

    def _behind(self, passed: re.Pattern[bytes], position: int, limit: int) -> int:
        """Where the run of fields that `passed` matches at `position` ends."""
        while True:
            self._read(position, min(_TAG_AND_LENGTH, limit - position))
            begin = position - self._base
            match = passed.match(self._window, begin, min(begin + limit - position, len(self._window)))
            if match is None or match.end() == begin:
                return position
            position += match.end() - begin
            if position >= limit:
                return position

    def _count(self) -> None:
        """Raises LimitReached."""
        if self._left == 0:
            raise LimitReached(f"more than {self._most:,} fields")
        self._left -= 1

    def _short(self, position: int, limit: int) -> tuple[int, int]:
        """Payload and length of a field of bytes whose number is below 16 and length below 16,384; zeros for any other.

        Most fields are such ones: this is what makes large graphs quick.
        """
        window = self._window
        index = position - self._base
        if not 0 <= index <= len(window) - 3:
            return 0, 0
        tag = window[index]
        if tag & 7 != BYTES or not 8 <= tag < 0x80:
            return 0, 0
        length = window[index + 1]
        begin = position + 2
        if length >= 0x80:
            second = window[index + 2]
            if second >= 0x80:
                return 0, 0
            length += (second - 1) << 7
            begin += 1
        return (begin, length) if begin + length <= limit else (0, 0)

    def _field(self, position: int, limit: int, clipped: bool = False) -> Field:
        """The field at `position`; only when `clipped` may it be of bytes and end after `limit`. Raises MalformedMessage."""
        head = self._read(position, min(_TAG_AND_LENGTH, limit - position))
        tag, used = _varint(head, 0, position)
        number, wire = tag >> 3, tag & 7
        if not 0 < number < 1 << 29:
            raise MalformedMessage(f"there is no field {number}", position)
        if wire == VARINT:
            value, end = _varint(head, used, position)
            return Field(number, wire, value, position + used, position + end)
        if wire == BYTES:
            length, begin = _varint(head, used, position)
            left = limit - position - begin
            if length > left and not clipped:
                raise _cut_off(number, length, left, position)
            return Field(number, wire, 0, position + begin, position + begin + length)
        if wire in (FIXED64, FIXED32):
            width = 8 if wire == FIXED64 else 4
            if len(head) < used + width:
                raise MalformedMessage(f"field {number} is cut off", position)
            value = int.from_bytes(head[used : used + width], "little")
            return Field(number, wire, value, position + used, position + used + width)
        if wire in (GROUP, END_GROUP):
            return Field(number, wire, 0, position + used, position + used)
        raise MalformedMessage(f"there is no wire type {wire}", position)

    def _skip_group(self, position: int, limit: int) -> int:
        """Where the group that begins at `position` ends. Groups are long out of use; parsers skip unknown ones."""
        depth = 1
        while position < limit:
            self._count()
            field = self._field(position, limit)
            position = field.end
            if field.wire == GROUP:
                depth += 1
                if depth > _GROUPS_DEEP:
                    raise MalformedMessage("groups are nested too deep", position)
            elif field.wire == END_GROUP:
                depth -= 1
                if depth == 0:
                    return position
        raise MalformedMessage("a group does not end", position)


def _cut_off(number: int, length: int, left: int, offset: int) -> MalformedMessage:
    return MalformedMessage(f"field {number} takes {length} bytes, {left} are left", offset)


def _varint(data: bytes, index: int, offset: int) -> tuple[int, int]:
    """The varint at `index` and where it ends. Raises MalformedMessage."""
    value = 0
    for shift in range(0, 70, 7):
        if index >= len(data):
            raise MalformedMessage("a number is cut off", offset)
        byte = data[index]
        index += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, index
    raise MalformedMessage("a number takes more than ten bytes", offset)
