"""Numbers and texts that stand one after another in a source, read through a window that moves forward."""

from typing import Literal

from modelwarden.domain.format import ByteSource

_WINDOW = 256 << 10
_FIRST = 4 << 10
"""After a jump little is read at first: the next jump may be near. Windows then double."""


class PastEnd(Exception):
    """`needed` bytes should follow at `offset`, and fewer are there."""

    def __init__(self, what: str, needed: int, offset: int, left: int) -> None:
        super().__init__(f"{what} takes {needed:,} bytes, {left:,} are left")
        self.needed = needed
        self.offset = offset


class Cursor:
    """A place in `source` that only moves forward. `order` is that of the bytes in a number."""

    def __init__(
        self, source: ByteSource, order: Literal["little", "big"] = "little", position: int = 0
    ) -> None:
        self.order: Literal["little", "big"] = order
        self.position = position
        self._source = source
        self._base = 0
        self._window = b""
        self._ahead = _FIRST

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return max(0, self._source.size - self.position)

    def number(self, width: int) -> int:
        """The unsigned number of `width` bytes that stands here. Raises PastEnd."""
        return int.from_bytes(self.take(width, "a number"), self.order)

    def take(self, length: int, what: str) -> bytes:
        """The `length` bytes that stand here, which are `what`. Raises PastEnd."""
        begin = self.position - self._base
        if begin < 0 or begin + length > len(self._window):
            if length > self.left:
                raise PastEnd(what, length, self.position, self.left)
            self._window = self._source.read(self.position, max(self._stride(), length))
            self._base = self.position
            begin = 0
        self.position += length
        return self._window[begin : begin + length]

    def skip(self, length: int, what: str) -> None:
        """Pass by `length` bytes unread. Raises PastEnd."""
        if length > self.left:
            raise PastEnd(what, length, self.position, self.left)
        self.position += length

    def skip_texts(self, count: int, width: int) -> None:
        """Pass by `count` texts, each with its length in `width` bytes in front. Raises PastEnd.

        A vocabulary has a quarter of a million of them, so this reads lengths straight from the window.
        """
        order = self.order
        while count:
            if self.left < width:
                raise PastEnd("the length of a text", width, self.position, self.left)
            window = self._source.read(self.position, self._stride())
            self._base, self._window = self.position, window
            place, end = 0, len(window) - width
            while count and place <= end:
                place += width + int.from_bytes(window[place : place + width], order)
                count -= 1
            if self.position + place > self._source.size:
                raise PastEnd("a text", place, self.position, self.left)
            self.position += place

    def _stride(self) -> int:
        """How much to read now: more than last time unless the window was jumped over."""
        near = self.position <= self._base + len(self._window) + _FIRST
        self._ahead = min(2 * self._ahead, _WINDOW) if near else _FIRST
        return self._ahead
