"""The header of GGUF, versions 1 to 3, in either order of bytes: keys and values, then where each tensor lies.

Specification: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; reference reader: `ggml/src/gguf.cpp`. Version 1 counts
in 32 bits, the later ones in 64. A version whose lower half is zero was written with the other order of bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource
from modelwarden.parsing.cursor import Cursor, PastEnd

MAGIC = b"GGUF"
VERSIONS = (1, 2, 3)
DIMENSIONS = 4
"""GGML_MAX_DIMS."""
UINT32, STRING, ARRAY = 4, 8, 9
_WIDTHS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Type of a value -> its bytes. Source: enum gguf_type in `gguf.h`."""
_KEY_AT_MOST = 65_535
"""Specification: a key is no longer."""
_ENTRIES_AT_MOST = 100_000
TEXTS_AT_MOST = 2_000_000
"""Texts and lists within lists in all; the largest vocabularies have a quarter of a million, and as many merges."""


class Broken(Exception):
    """The header cannot be read on from `offset`. `deliberate`: no damage explains it, such as a length beyond any disk."""

    def __init__(self, reason: str, offset: int, *, deliberate: bool = False) -> None:
        super().__init__(reason)
        self.offset = offset
        self.deliberate = deliberate


@dataclass(frozen=True, slots=True)
class Value:
    """One key with its value, which was passed by: the payload stands from `start` to `end`.

    `inner` and `count` are those of a list; `offset` is where the key begins.
    """

    key: str
    kind: int
    inner: int
    count: int
    offset: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """What the header says of a tensor; `begin` counts from the start of the data. `offset` and `end`: where it says so."""

    name: str
    dimensions: tuple[int, ...]
    kind: int
    begin: int
    offset: int
    end: int


class Gguf:
    """The header of one file, read once from front to back: `values()`, then `tensors()`."""

    def __init__(
        self, source: ByteSource, texts: int = TEXTS_AT_MOST, entries: int = _ENTRIES_AT_MOST
    ) -> None:
        self._most_texts = texts
        self._most_entries = entries
        start = source.read(4, 4)
        self.order: Literal["little", "big"] = "big" if start[:2] == b"\0\0" else "little"
        self.version = int.from_bytes(start, self.order)
        self._wide = 4 if self.version == 1 else 8
        self._cursor = Cursor(source, self.order, 8)
        self._source = source
        self._texts = 0

    @property
    def position(self) -> int:
        """Where reading has come to."""
        return self._cursor.position

    def values(self) -> Iterator[Value]:
        """Every key with its value. Raises Broken, PastEnd, LimitReached."""
        self.tensor_count = self._count("tensors", 8 + self._wide * 2)
        for _ in range(self._count("keys", self._wide + 5)):
            offset = self.position
            key = self._text("a key", _KEY_AT_MOST)
            kind = self._cursor.number(4)
            inner = count = 0
            if kind == ARRAY:
                inner, count = self._list_head()
            start = self.position
            self._pass_by(kind, inner, count)
            yield Value(key, kind, inner, count, offset, start, self.position)

    def tensors(self) -> Iterator[Tensor]:
        """Every tensor. Raises Broken, PastEnd, LimitReached."""
        if self.tensor_count > self._most_entries:
            raise LimitReached(f"more than {self._most_entries:,} tensors: none of them was looked at")
        for _ in range(self.tensor_count):
            offset = self.position
            name = self._text("the name of a tensor", _KEY_AT_MOST)
            dimensions = self._cursor.number(4)
            if dimensions > DIMENSIONS:
                raise Broken(f"a tensor of {dimensions:,} dimensions", offset, deliberate=True)
            sizes = tuple(self._cursor.number(self._wide) for _ in range(dimensions))
            kind = self._cursor.number(4)
            begin = self._cursor.number(8)
            yield Tensor(name, sizes, kind, begin, offset, self.position)

    def texts_of(self, value: Value, longest: int) -> Iterator[tuple[str, int, int]]:
        """The text of a value, or those of a list, each with its place and length; of long ones the first `longest` bytes."""
        cursor = Cursor(self._source, self.order, value.start)
        for _ in range(1 if value.kind == STRING else value.count if value.inner == STRING else 0):
            length = cursor.number(self._wide)
            place = cursor.position
            yield self._source.read(place, min(length, longest)).decode("utf-8", "replace"), place, length
            cursor.skip(length, "a text")

    def number_of(self, value: Value) -> int:
        """The value as an unsigned number."""
        return int.from_bytes(self._source.read(value.start, value.end - value.start), self.order)

    def _count(self, what: str, smallest: int) -> int:
        """A count of things that take at least `smallest` bytes each."""
        offset = self.position
        count = self._cursor.number(self._wide)
        if count * smallest > self._cursor.left:
            lie = count > 1_000_000
            raise Broken(
                f"{count:,} {what} are announced, {self._cursor.left:,} bytes follow", offset, deliberate=lie
            )
        if count > self._most_entries:
            raise LimitReached(f"more than {self._most_entries:,} {what}: none of them was looked at")
        return count

    def _text(self, what: str, longest: int) -> str:
        offset = self.position
        length = self._cursor.number(self._wide)
        if length > longest:
            raise Broken(f"{what} of {length:,} bytes", offset, deliberate=True)
        return self._cursor.take(length, what).decode("utf-8", "replace")

    def _list_head(self) -> tuple[int, int]:
        return self._cursor.number(4), self._cursor.number(self._wide)

    def _pass_by(self, kind: int, inner: int, count: int) -> None:
        """Skip a value; lists within lists wait on a stack."""
        waiting = [(inner, count)] if kind == ARRAY else [(kind, 1)]
        while waiting:
            kind, count = waiting.pop()
            if not count:
                continue
            if kind == STRING:
                self._spend(count)
                if count * self._wide > self._cursor.left:
                    raise PastEnd(
                        f"a list of {count:,} texts", count * self._wide, self.position, self._cursor.left
                    )
                self._cursor.skip_texts(count, self._wide)
            elif kind == ARRAY:
                self._spend(1)
                waiting.append((ARRAY, count - 1))
                waiting.append(self._list_head())
            elif kind in _WIDTHS:
                self._cursor.skip(
                    count * _WIDTHS[kind], "a value" if count == 1 else f"a list of {count:,} values"
                )
            else:
                raise Broken(f"a value of the unknown type {kind}", self.position)

    def _spend(self, count: int) -> None:
        self._texts += count
        if self._texts > self._most_texts and count * self._wide <= self._cursor.left:
            raise LimitReached(f"more than {self._most_texts:,} texts in lists: the header was not read on")
