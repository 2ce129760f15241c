"""Zstandard frames, fed to a decompressor one block at a time: no block gives more than 128 KiB.

Specification: RFC 8878. Decompressed by Python's own `compression.zstd` (since 3.14) or the package `zstandard`; without them
nothing is. The blocks' headers are read here, so that a small input can never make a decompressor hand out gigabytes at once, and
so that the end of a frame is known to the byte.
"""

import sys
from collections.abc import Callable
from typing import TypeAlias

from modelwarden.domain.format import ByteSource
from modelwarden.source.inflate import Corrupt

MAGIC = b"\x28\xb5\x2f\xfd"
HINT = "it is compressed with Zstandard: `pip install modelwarden[archives]` to have it read"
_SKIPPABLE = b"\x2a\x4d\x18"
"""The last three bytes of the magic of a skippable frame; the first is 0x50 to 0x5F. LZ4 has the same."""
_MOST_SKIPPED = 64
_LARGEST_WINDOW = 27
"""Binary logarithm of the largest window, as in `zstd --ultra`: it is held in memory."""
_LARGEST_BLOCK = 128 << 10
_RLE, _RESERVED = 1, 3
_EMPTY_BLOCKS = 10_000
"""More blocks that hold nothing are there only to keep a reader busy."""

Feed: TypeAlias = Callable[[bytes], bytes]
"""Gives what comes out of more compressed bytes. Raises `Corrupt`."""


def decompressor() -> Callable[[], Feed] | None:
    """What makes a decompressor for one frame, or None when this Python has none."""
    if sys.version_info >= (3, 14):
        return _built_in
    try:
        import zstandard
    except ImportError:
        return None

    def make() -> Feed:
        context = zstandard.ZstdDecompressor(max_window_size=1 << _LARGEST_WINDOW)
        stream = context.decompressobj()

        def feed(data: bytes) -> bytes:
            try:
                return stream.decompress(data)
            except zstandard.ZstdError as error:
                raise Corrupt(str(error)) from error

        return feed

    return make


def _built_in() -> Feed:
    if sys.version_info >= (3, 14):
        from compression import zstd

        stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW})

        def feed(data: bytes) -> bytes:
            try:
                return stream.decompress(data)
            except (zstd.ZstdError, EOFError) as error:
                raise Corrupt(str(error)) from error

        return feed
    raise RuntimeError("needs Python 3.14")


def is_frame(start: bytes) -> bool:
    """Whether a frame begins here: its magic, and a bit that must be zero."""
    return start.startswith(MAGIC) and len(start) >= 9 and not start[4] & 0x08


def after_skippable(source: ByteSource) -> int:
    """Where the first frame stands that is not to be skipped."""
    at = 0
    for _ in range(_MOST_SKIPPED):
        header = source.read(at, 8)
        if len(header) < 8 or not 0x50 <= header[0] <= 0x5F or header[1:4] != _SKIPPABLE:
            break
        at += 8 + int.from_bytes(header[4:], "little")
    return at


class ZstdFrame:
    """The frame at `offset` of a source; a stream as `source.inflate` has them. A skippable frame gives nothing.

    Raises ValueError when made where no frame starts.
    """

    __slots__ = (
        "_at",
        "_checksum",
        "_empty",
        "_feed",
        "_last",
        "_offset",
        "_pending",
        "_source",
        "fault",
        "finished",
    )

    def __init__(self, source: ByteSource, offset: int, make: Callable[[], Feed]) -> None:
        header = source.read(offset, 18)
        self._source = source
        self._offset = offset
        self._pending = b""
        self._checksum = False
        self._empty = 0
        self._last = False
        self.fault = ""
        self.finished = False
        self._feed: Feed | None = None
        if len(header) >= 8 and 0x50 <= header[0] <= 0x5F and header[1:4] == _SKIPPABLE:
            end = offset + 8 + int.from_bytes(header[4:8], "little")
            self.finished = end <= source.size
            self._at = min(end, source.size)
            return
        if not is_frame(header):
            raise ValueError("no frame of Zstandard")
        length = _header_length(header[4])
        self._checksum = bool(header[4] & 0x04)
        self._at = offset + length
        self._feed = make()
        self._pending = self._feed(header[:length])

    @property
    def consumed(self) -> int:
        return self._at - self._offset

    def step(self, limit: int) -> bytes:
        """1 to `limit` more bytes, or none at the end. Raises `Corrupt`."""
        while not self._pending:
            if self.finished or self._feed is None or not self._block(self._feed):
                return b""
        output, self._pending = self._pending[:limit], self._pending[limit:]
        return output

    def fork(self) -> None:
        return None

    def _block(self, feed: Feed) -> bool:
        """Decompress the next block. Returns False where the data is cut off or the frame ends."""
        if self._last:
            return self._finish(feed)
        prefix = self._source.read(self._at, 3)
        if len(prefix) < 3:
            return False
        header = int.from_bytes(prefix, "little")
        kind, size = header >> 1 & 3, header >> 3
        stored = 1 if kind == _RLE else size
        if kind == _RESERVED or size > _LARGEST_BLOCK:
            raise Corrupt("no such block")
        data = self._source.read(self._at, 3 + stored)
        self._at += len(data)
        self._pending = feed(data)
        if len(data) < 3 + stored:
            return bool(self._pending)
        self._empty += not self._pending
        if self._empty > _EMPTY_BLOCKS:
            raise Corrupt("too many empty blocks")
        self._last = bool(header & 1)
        return True

    def _finish(self, feed: Feed) -> bool:
        if self._checksum:
            data = self._source.read(self._at, 4)
            self._at += len(data)
            if len(data) < 4:
                return False
            try:
                self._pending = feed(data)
            except Corrupt:
                self.fault = "its checksum is not that of its content"
        self.finished = True
        return bool(self._pending)


def _header_length(descriptor: int) -> int:
    """The length of a frame's header, its magic included (RFC 8878, 3.1.1.1)."""
    single = descriptor >> 5 & 1
    size = (single, 2, 4, 8)[descriptor >> 6]
    return 5 + (1 - single) + (0, 1, 2, 4)[descriptor & 3] + size
