"""MessagePack: values with a byte of type in front, containers with a count, nothing else.

Payloads (texts, bytes, extensions) are told by where they stand and never read here, so a checkpoint of many gigabytes costs its
structure. Specification: https://github.com/msgpack/msgpack/blob/master/spec.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from modelwarden.domain.format import ByteSource

_WINDOW = 1 << 16
DEEPEST = 1024
"""The reader of Python refuses deeper nesting."""
MOST_VALUES = 2_000_000
_LONGEST_KEY = 256

_LENGTHS = {
    0xC4: ("bin", 1), 0xC5: ("bin", 2), 0xC6: ("bin", 4), 0xC7: ("ext", 1), 0xC8: ("ext", 2), 0xC9: ("ext", 4),
    0xD9: ("str", 1), 0xDA: ("str", 2), 0xDB: ("str", 4),
    0xDC: ("array", 2), 0xDD: ("array", 4), 0xDE: ("map", 2), 0xDF: ("map", 4),
}  # fmt: skip
"""First byte -> kind, and how many bytes state the length or count."""
_FIXED = {
    0xC0: ("nil", 0), 0xC2: ("bool", 0), 0xC3: ("bool", 0), 0xCA: ("float", 4), 0xCB: ("float", 8),
    0xCC: ("int", 1), 0xCD: ("int", 2), 0xCE: ("int", 4), 0xCF: ("int", 8),
    0xD0: ("int", 1), 0xD1: ("int", 2), 0xD2: ("int", 4), 0xD3: ("int", 8),
}  # fmt: skip
"""First byte -> kind, and the length of its payload."""
_FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}


class Broken(Exception):
    """The bytes are no MessagePack from here on; `str()` says why."""


class TooMany(Exception):
    """There are more values than are read; `str()` says how many that are."""


@dataclass(slots=True)
class Value:
    """One value: its payload is `length` bytes from `offset`; for `map` and `array` `length` is the count.

    `code`: the type of an `ext`. `is_key`: it is a key of a map.
    """

    kind: str
    offset: int
    length: int
    code: int
    is_key: bool


@dataclass(slots=True)
class _Open:
    """A container that is being read: how many values are left in it (keys count), and the key that is being filled."""

    is_map: bool
    left: int
    key: str


class Walk:
    """The values of one tree between `offset` and `end`, in the order they stand. Iterate once; `offset` then is its end."""

    def __init__(
        self, source: ByteSource, offset: int = 0, end: int | None = None, most: int = MOST_VALUES
    ) -> None:
        self._most = most
        self.offset = offset
        self.end = source.size if end is None else min(end, source.size)
        self._source = source
        self._open: list[_Open] = []
        self._window = b""
        self._window_at = 0

    def path(self) -> str:
        """The keys that lead to the value which came last."""
        return "/".join(one.key for one in self._open if one.key)

    def __iter__(self) -> Iterator[Value]:
        """Raises `Broken` and `TooMany` in the middle."""
        for _ in range(self._most):
            while self._open and not self._open[-1].left:
                self._open.pop()
            container = self._open[-1] if self._open else None
            is_key = container is not None and container.is_map and container.left % 2 == 0
            value = self._value(is_key)
            if container is not None:
                container.left -= 1
                if is_key:
                    container.key = self._key(value)
            yield value
            if value.kind in ("map", "array"):
                self._enter(value)
            else:
                self.offset = value.offset + value.length
            if not any(one.left for one in self._open[-1:]) and self._done():
                return
        raise TooMany(f"more than {self._most:,} values")

    def _done(self) -> bool:
        while self._open and not self._open[-1].left:
            self._open.pop()
        return not self._open

    def _enter(self, value: Value) -> None:
        count = value.length * 2 if value.kind == "map" else value.length
        self.offset = value.offset
        if count > self.end - value.offset:
            raise Broken(f"{value.length} entries of a {value.kind} do not fit into the rest")
        if len(self._open) >= DEEPEST:
            raise Broken(f"nested deeper than {DEEPEST} levels")
        self._open.append(_Open(value.kind == "map", count, ""))

    def _value(self, is_key: bool) -> Value:
        start = self._bytes(self.offset, 6)
        if not start:
            raise Broken("it ends in the middle")
        first, at = start[0], self.offset + 1
        if first < 0x80 or first >= 0xE0:
            return Value("int", at, 0, 0, is_key)
        if first < 0xC0:
            kind = "map" if first < 0x90 else "array" if first < 0xA0 else "str"
            return self._fitting(Value(kind, at, first & (0x1F if kind == "str" else 0x0F), 0, is_key))
        if first in _LENGTHS:
            kind, width = _LENGTHS[first]
            if len(start) < 1 + width:
                raise Broken("it ends in the middle")
            length = int.from_bytes(start[1 : 1 + width], "big")
            at += width
        elif first in _FIXED_EXTENSIONS:
            kind, length, width = "ext", _FIXED_EXTENSIONS[first], 0
        elif first in _FIXED:
            kind, length = _FIXED[first]
            return self._fitting(Value(kind, at, length, 0, is_key))
        else:
            raise Broken("a byte that begins no value")
        if kind != "ext":
            return self._fitting(Value(kind, at, length, 0, is_key))
        code = self._bytes(at, 1)
        if not code:
            raise Broken("it ends in the middle")
        return self._fitting(Value(kind, at + 1, length, code[0] - 256 if code[0] > 127 else code[0], is_key))

    def _fitting(self, value: Value) -> Value:
        if value.kind not in ("map", "array") and value.offset + value.length > self.end:
            raise Broken(f"{value.length} bytes of a {value.kind} go on behind the end")
        return value

    def _key(self, value: Value) -> str:
        if value.kind in ("str", "bin"):
            return self._source.read(value.offset, min(value.length, _LONGEST_KEY)).decode("utf-8", "replace")
        return "?"

    def _bytes(self, offset: int, length: int) -> bytes:
        """At most `length` bytes before the end; those of the payloads that are skipped are not read."""
        start = offset - self._window_at
        if start < 0 or start + length > len(self._window):
            self._window = self._source.read(offset, min(_WINDOW, self.end - offset))
            self._window_at, start = offset, 0
        return self._window[start : start + min(length, max(0, self.end - offset))]
