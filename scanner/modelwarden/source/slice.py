"""A part of another source."""

from modelwarden.domain.format import ByteSource


class SliceSource:
    """`length` bytes of `source` from `offset`, cut where the source ends. A slice of a slice refers to the source itself."""

    __slots__ = ("_offset", "_source", "size")

    def __init__(self, source: ByteSource, offset: int, length: int) -> None:
        self._offset = min(max(offset, 0), source.size)
        self.size: int = max(0, min(length, source.size - self._offset))
        if isinstance(source, SliceSource):
            self._offset += source._offset
            source = source._source
        self._source: ByteSource = source

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`."""
        length = min(length, self.size - offset)
        return self._source.read(self._offset + offset, length) if length > 0 else b""
