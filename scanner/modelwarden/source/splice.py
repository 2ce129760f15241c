"""Another source with a part left out."""

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span


class SpliceSource:
    """`source` without the bytes of `cut`."""

    __slots__ = ("_cut", "_source")

    def __init__(self, source: ByteSource, cut: Span) -> None:
        self._source = source
        self._cut = cut

    @property
    def size(self) -> int:
        return self._source.size - self._cut.length

    def read(self, offset: int, length: int) -> bytes:
        """Read as if the part had never been there."""
        length = max(0, min(length, self.size - offset))
        before = max(0, min(length, self._cut.offset - offset))
        first = self._source.read(offset, before) if before else b""
        if len(first) < before or length == before:
            return first
        return first + self._source.read(offset + before + self._cut.length, length - before)
