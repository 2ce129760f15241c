"""Universal Binary JSON: a marker of one byte, a length where one is needed, the payload.

Only the structure is walked; texts and arrays of one type are passed over by their length. Specification: https://ubjson.org
(draft 12); XGBoost writes counted arrays, lengths of 8 bytes, and no closing bracket behind a count (`src/common/json.cc`).
"""

from modelwarden.domain.format import ByteSource

_WINDOW = 1 << 16
DEEPEST = 512
MOST_VALUES = 2_000_000

_INTEGERS = {b"i": 1, b"U": 1, b"I": 2, b"u": 2, b"l": 4, b"m": 4, b"L": 8, b"M": 8}
_FIXED = {b"Z": 0, b"N": 0, b"T": 0, b"F": 0, b"C": 1, b"d": 4, b"D": 8, **_INTEGERS}
"""Marker -> length of the payload. XGBoost takes F and T, as the specification does, for booleans."""


class Broken(Exception):
    """The bytes are no UBJSON from here on; `str()` says why."""


class TooMany(Exception):
    """There are more values than are read; `str()` says how many that are."""


class Walk:
    """Goes through one value from the start of a source. `offset` is how far it came."""

    def __init__(self, source: ByteSource, most: int = MOST_VALUES) -> None:
        self._most = most
        self.offset = 0
        self._source = source
        self._window = b""
        self._window_at = 0

    def run(self) -> int:
        """Where the value ends. Raises `Broken` and `TooMany`."""
        open_: list[
            tuple[bytes, int]
        ] = []  # `[` or `{`, and how many entries are left, -1 when a bracket closes it
        for _ in range(self._most):
            while open_ and open_[-1][1] == 0:
                open_.pop()
            if open_:
                kind, left = open_[-1]
                if left < 0 and self._closes(kind):
                    open_[-1] = kind, 0
                    if self._all_closed(open_):
                        return self.offset
                    continue
                open_[-1] = kind, left - (left > 0)
                if kind == b"{":
                    self._skip(self._integer())
            entered = self._value()
            if entered is not None:
                open_.append(entered)
            if len(open_) > DEEPEST:
                raise Broken(f"nested deeper than {DEEPEST} levels")
            if self._all_closed(open_):
                return self.offset
        raise TooMany(f"more than {self._most:,} values")

    def _all_closed(self, open_: list[tuple[bytes, int]]) -> bool:
        while open_ and not open_[-1][1]:
            open_.pop()
        return not open_

    def _value(self) -> tuple[bytes, int] | None:
        """Pass one value; a container only to its first entry."""
        marker = self._take(1)
        if marker in _FIXED:
            self._skip(_FIXED[marker])
        elif marker in (b"S", b"H"):
            self._skip(self._integer())
        elif marker in (b"[", b"{"):
            return self._container(marker)
        else:
            raise Broken("a byte that begins no value")
        return None

    def _container(self, bracket: bytes) -> tuple[bytes, int]:
        kind = b""
        if self._peek() == b"$":
            self._take(1)
            kind = self._take(1)
        if self._peek() != b"#":
            if kind:
                raise Broken("a type without a count")
            return bracket, -1
        self._take(1)
        count = self._integer()
        if kind and bracket == b"[":
            if kind not in _FIXED:
                raise Broken("an array of a type that has no length")
            self._skip(_FIXED[kind] * count)
            return bracket, 0
        if kind or count > self._source.size - self.offset:
            raise Broken(f"{count} entries do not fit into the rest")
        return bracket, count

    def _closes(self, bracket: bytes) -> bool:
        if self._peek() != (b"]" if bracket == b"[" else b"}"):
            return False
        self._take(1)
        return True

    def _integer(self) -> int:
        marker = self._take(1)
        if marker not in _INTEGERS:
            raise Broken("a length that is no integer")
        data = self._take(_INTEGERS[marker])
        length = int.from_bytes(data, "big", signed=marker not in b"UuMm")
        if length < 0:
            raise Broken("a negative length")
        return length

    def _skip(self, length: int) -> None:
        if length > self._source.size - self.offset:
            raise Broken(f"{length} bytes go on behind the end")
        self.offset += length

    def _peek(self) -> bytes:
        return self._bytes(1)

    def _take(self, length: int) -> bytes:
        data = self._bytes(length)
        if len(data) < length:
            raise Broken("it ends in the middle")
        self.offset += length
        return data

    def _bytes(self, length: int) -> bytes:
        start = self.offset - self._window_at
        if start < 0 or start + length > len(self._window):
            self._window = self._source.read(self.offset, _WINDOW)
            self._window_at, start = self.offset, 0
        return self._window[start : start + length]
