"""Random access to what a compressed member of an archive holds, in bounded memory.

Raw deflate (RFC 1951), bzip2, xz, and LZMA as ZIP stores it (APPNOTE 5.8). Small members are kept whole. Of bigger deflate
streams the decompressor's state is kept every few MiB (`zlib` can copy it, some 40 KiB each); when there are too many, every
second one is dropped. The others start over when asked for something behind them.
"""

import zlib
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, TypeAlias

from modelwarden.domain.budget import Budget
from modelwarden.domain.format import ByteSource

FEED = 64 << 10
"""Compressed bytes read at a time."""
BLOCK = 128 << 10
"""Decompressed bytes cached as one."""
CACHED_BLOCKS = 16
CHECKPOINTS = 64
FIRST_SPACING = 32
"""Blocks between two checkpoints, at first: 4 MiB."""
RATIO_FLOOR = 1 << 30
"""Below this size no expansion is beyond reason: an array of zeros is compressed a thousandfold by anybody's tools."""
LZMA_DICTIONARY = 64 << 20
"""Largest window given to LZMA (that of `xz -9`): the stated one may be 4 GiB."""


class Method(StrEnum):
    """How a member is compressed."""

    DEFLATE = "deflate"
    BZIP2 = "bzip2"
    LZMA = "lzma"
    XZ = "xz"


class Ending(StrEnum):
    """How the decompressed bytes end."""

    WHOLE = "whole"
    TRUNCATED = "the compressed data stops before its end"
    CORRUPT = "the compressed data is corrupt"
    RATIO = "expands beyond reason"


class Corrupt(Exception):
    """The decompressor refused; `str()` is what it said. What it gave before stands."""


class Stream(Protocol):
    """A decompressor and its place in the compressed bytes."""

    @property
    def consumed(self) -> int:
        """Compressed bytes used so far."""
        ...

    @property
    def finished(self) -> bool:
        """Whether the end marker has been met."""
        ...

    @property
    def fault(self) -> str:
        """What a finished stream states about itself and is not so: its checksum, its size. Empty when all is well."""
        ...

    def step(self, limit: int) -> bytes:
        """1 to `limit` more bytes, or none at the end. Raises `Corrupt`; the bytes of that step are lost."""
        ...

    def fork(self) -> "Stream | None":
        """A second stream standing in the same place, where the decompressor can do that."""
        ...


class Deflate:
    """Raw deflate (RFC 1951) from the start of a source."""

    __slots__ = ("_decompressor", "_fed", "_pending", "_source")

    fault = ""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
        self._fed = 0
        self._pending = b""

    @property
    def consumed(self) -> int:
        left = self._decompressor.unused_data if self._decompressor.eof else self._pending
        return self._fed - len(left)

    @property
    def finished(self) -> bool:
        return self._decompressor.eof

    def step(self, limit: int) -> bytes:
        while not self._decompressor.eof:
            data = self._pending
            if not data:
                data = self._source.read(self._fed, FEED)
                self._fed += len(data)
            try:
                output = self._decompressor.decompress(data, limit)
            except zlib.error as error:
                raise Corrupt(str(error)) from error
            self._pending = self._decompressor.unconsumed_tail
            if output or not data:
                return output
        return b""

    def fork(self) -> "Deflate":
        twin = Deflate.__new__(Deflate)
        twin._source = self._source
        twin._decompressor = self._decompressor.copy()
        twin._fed = self._fed
        twin._pending = self._pending
        return twin


class Decompressor(Protocol):
    """What bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Sequential:
    """A bz2 or lzma decompressor, whose state cannot be copied. It is fed from offset `fed` of a source."""

    __slots__ = ("_decompressor", "_errors", "_fed", "_source")

    fault = ""

    def __init__(
        self, source: ByteSource, fed: int, decompressor: Decompressor, errors: tuple[type[Exception], ...]
    ) -> None:
        self._source = source
        self._fed = fed
        self._decompressor = decompressor
        self._errors = errors

    @property
    def consumed(self) -> int:
        return self._fed - (len(self._decompressor.unused_data) if self._decompressor.eof else 0)

    @property
    def finished(self) -> bool:
        return self._decompressor.eof

    def step(self, limit: int) -> bytes:
        while not self._decompressor.eof:
            data = b""
            if self._decompressor.needs_input:
                data = self._source.read(self._fed, FEED)
                self._fed += len(data)
                if not data:
                    return b""
            try:
                output = self._decompressor.decompress(data, limit)
            except self._errors as error:
                raise Corrupt(str(error)) from error
            if output:
                return output
        return b""

    def fork(self) -> None:
        return None


def _bzip2(source: ByteSource) -> Stream:
    import bz2

    return Sequential(source, 0, bz2.BZ2Decompressor(), (OSError, EOFError, ValueError))


class Nothing:
    """Stands for a stream whose header already cannot be right."""

    consumed = 0
    finished = False
    fault = ""

    def step(self, limit: int) -> bytes:
        raise Corrupt

    def fork(self) -> None:
        return None


def _lzma(source: ByteSource) -> Stream:
    import lzma

    header = source.read(0, 9)
    properties = header[4] if len(header) == 9 and header[2:4] == b"\5\0" else 255
    if properties >= 9 * 5 * 5:
        return Nothing()
    rest, lc = divmod(properties, 9)
    pb, lp = divmod(rest, 5)
    stated = int.from_bytes(header[5:9], "little")
    options = {
        "id": lzma.FILTER_LZMA1,
        "lc": lc,
        "lp": lp,
        "pb": pb,
        "dict_size": max(4096, min(stated, LZMA_DICTIONARY)),
    }
    try:
        decompressor = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[options])
    except lzma.LZMAError:  # liblzma knows no lc + lp > 4
        return Nothing()
    return Sequential(source, 9, decompressor, (lzma.LZMAError, EOFError, ValueError))


def _xz(source: ByteSource) -> Stream:
    import lzma

    decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=2 * LZMA_DICTIONARY)
    return Sequential(source, 0, decompressor, (lzma.LZMAError, EOFError, ValueError))


Opener: TypeAlias = Callable[[ByteSource], Stream]

_OPENERS: dict[Method, Opener] = {
    Method.DEFLATE: Deflate,
    Method.BZIP2: _bzip2,
    Method.LZMA: _lzma,
    Method.XZ: _xz,
}


class InflatedSource:
    """What comes out of `source`, measured once when it is made. `method` names a decompressor or makes one.

    Whatever the compressed data is worth, the bytes that do come out can be read; `ending` says how they end. `size` and `crc`
    (CRC-32) are those of these bytes; `consumed` counts the compressed bytes they took. Every byte that leaves the decompressor
    is charged to `budget`, again when it is decompressed again, so the work is bounded however the bytes are asked for. Raises
    LimitReached when made and when read.
    """

    __slots__ = (
        "_at",
        "_blocks",
        "_budget",
        "_checkpoints",
        "_open",
        "_source",
        "_spacing",
        "_stream",
        "_whole",
        "consumed",
        "crc",
        "ending",
        "size",
    )

    def __init__(self, source: ByteSource, method: Method | Opener, budget: Budget) -> None:
        self._source = source
        self._open: Opener = _OPENERS[method] if isinstance(method, Method) else method
        self._budget = budget
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._checkpoints: dict[int, Stream] = {}
        self._spacing = FIRST_SPACING
        self._stream: Stream = self._open(source)
        self._at = 0
        self._whole: bytes | None = None
        self.size: int = 0
        self.crc: int = 0
        self.consumed: int = 0
        self.ending: Ending = Ending.WHOLE
        self._measure()

    def _measure(self) -> None:
        limits = self._budget.limits
        kept: list[bytes] = []
        while True:
            self._checkpoint()
            block, corrupt = self._pull(self._stream, BLOCK, BLOCK)
            self.consumed = self._stream.consumed
            if corrupt:
                self.ending = Ending.CORRUPT
                block += self._salvage(self._at, len(block))
            self._remember(self._at, block)
            self._at += 1
            self.size += len(block)
            self.crc = zlib.crc32(block, self.crc)
            if self.size <= limits.inline_bytes:
                kept.append(block)
            else:
                kept.clear()
            if corrupt:
                break
            if len(block) < BLOCK:
                self.ending = Ending.WHOLE if self._stream.finished else Ending.TRUNCATED
                break
            if self.size > RATIO_FLOOR and self.size > limits.expansion_ratio * self.consumed:
                self.ending = Ending.RATIO
                break
        if self.size <= limits.inline_bytes:
            self._whole = b"".join(kept)
            self._blocks.clear()
            self._checkpoints.clear()

    def _pull(self, stream: Stream, length: int, step: int) -> tuple[bytes, bool]:
        """Up to `length` bytes, `step` at a time; and whether the data turned out to be corrupt. Raises LimitReached."""
        parts: list[bytes] = []
        have = 0
        while have < length:
            try:
                part = stream.step(min(step, length - have))
            except Corrupt:
                return b"".join(parts), True
            if not part:
                break
            self._budget.spend_expanded(len(part))
            parts.append(part)
            have += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts), False

    def _salvage(self, block: int, skip: int) -> bytes:
        """What comes out after `skip` bytes of `block` before the fault: a failing step loses its output, so take small ones.

        The last byte may be missing: zlib looks one symbol ahead.
        """
        found: list[bytes] = []
        for step in (64, 1):
            stream = self._go_to(block)
            _, corrupt = self._pull(stream, skip, BLOCK)
            if corrupt:
                break
            part, _ = self._pull(stream, BLOCK - skip, step)
            found.append(part)
            skip += len(part)
        return b"".join(found)

    def _checkpoint(self) -> None:
        """Keep the stream's state if it stands where one is due."""
        if self._at % self._spacing:
            return
        twin = self._stream.fork()
        if twin is None:
            return
        if len(self._checkpoints) >= CHECKPOINTS:
            self._spacing *= 2
            self._checkpoints = {
                at: kept for at, kept in self._checkpoints.items() if at % self._spacing == 0
            }
            if self._at % self._spacing:
                return
        self._checkpoints[self._at] = twin

    def _nearest(self, block: int) -> tuple[Stream, int]:
        """A stream of its own, and the number of the block it stands before: `block` or one before it."""
        at = max((at for at in self._checkpoints if at <= block), default=0)
        twin = self._checkpoints[at].fork() if at in self._checkpoints else None
        return (twin, at) if twin is not None else (self._open(self._source), 0)

    def _go_to(self, block: int) -> Stream:
        """A stream of its own that stands at the start of `block`. Raises LimitReached."""
        stream, at = self._nearest(block)
        for _ in range(at, block):
            self._pull(stream, BLOCK, BLOCK)
        return stream

    def _remember(self, block: int, data: bytes) -> None:
        self._blocks[block] = data
        if len(self._blocks) > CACHED_BLOCKS:
            self._blocks.popitem(last=False)

    def _block(self, block: int) -> bytes:
        cached = self._blocks.get(block)
        if cached is not None:
            self._blocks.move_to_end(block)
            return cached
        nearest = max((at for at in self._checkpoints if at <= block), default=0)
        if not nearest <= self._at <= block:
            self._stream, self._at = self._nearest(block)
        while True:
            data, _ = self._pull(self._stream, min(BLOCK, self.size - self._at * BLOCK), BLOCK)
            self._remember(self._at, data)
            self._at += 1
            if self._at > block:
                return data

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`. Raises LimitReached."""
        if self._whole is not None:
            return self._whole[offset : offset + length] if length > 0 else b""
        end = min(offset + length, self.size)
        parts: list[bytes] = []
        while offset < end:
            block, skip = divmod(offset, BLOCK)
            part = self._block(block)[skip : skip + end - offset]
            if not part:
                break
            parts.append(part)
            offset += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)
