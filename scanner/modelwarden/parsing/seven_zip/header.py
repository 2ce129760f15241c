"""The header of a 7z archive: which packed streams there are, how they are coded, and the files they hold.

Specification: `DOC/7zFormat.txt` and `DOC/Methods.txt` of the LZMA SDK. Every count is held against the bytes that are left, so
that a short header cannot state a long list.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from modelwarden.domain.budget import LimitReached

_END, _HEADER, _ARCHIVE_PROPERTIES, _ADDITIONAL, _MAIN, _FILES = 0, 1, 2, 3, 4, 5
_PACK, _UNPACK, _SUBSTREAMS, _SIZE, _CRC, _FOLDER, _UNPACK_SIZES, _COUNTS = 6, 7, 8, 9, 10, 11, 12, 13
_EMPTY_STREAM, _NAMES, _ATTRIBUTES, _ENCODED = 14, 17, 21, 23
LZMA = b"\3\1\1"
_MOST_CODERS = 32
_UNIX = 0x8000
"""Attribute bit: the upper half is a mode of Unix."""


class Malformed(Exception):
    """The header cannot be understood; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Coder:
    """One step of decoding: the method's id as bytes, how many streams it takes and gives, its properties."""

    method: bytes
    takes: int
    gives: int
    properties: bytes


@dataclass(slots=True)
class Folder:
    """Coders that together turn packed streams into one. `pairs` bind an input to an output; `sizes` are of all outputs."""

    coders: list[Coder]
    pairs: list[tuple[int, int]]
    packed: int
    sizes: list[int] = field(default_factory=list)
    crc: int | None = None

    @property
    def has_end(self) -> bool:
        """Whether its stream says itself where it ends. LZMA does not: a decoder gives a few bytes too many."""
        return all(coder.method != LZMA for coder in self.coders)

    @property
    def size(self) -> int:
        """Bytes of what comes out in the end: of the output nothing is bound to."""
        bound = {given for _, given in self.pairs}
        free = [size for index, size in enumerate(self.sizes) if index not in bound]
        return free[0] if free else 0


@dataclass(slots=True)
class Streams:
    """Packed streams from `offset` (behind the 32 bytes of the signature header), their folders, and the files' sizes in each."""

    offset: int = 0
    sizes: list[int] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    parts: list[list[tuple[int, int | None]]] = field(default_factory=list)
    """For each folder: size and CRC of each file."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the archive; `has_stream` says whether it holds anything. `mode` as Unix has it, or 0."""

    name: str
    has_stream: bool
    mode: int


@dataclass(frozen=True, slots=True)
class Header:
    """What an archive holds: either its files, or `encoded`, a stream that holds the real header."""

    streams: Streams
    files: list[File]
    encoded: bool = False


class _Reader:
    """Numbers, bits and bytes in the order of a header. Raises `Malformed` at the end."""

    def __init__(self, data: bytes, most: int) -> None:
        self._data = data
        self.most = most
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, length: int) -> bytes:
        if not 0 <= length <= self.left:
            raise Malformed("it ends within a field")
        self._at += length
        return self._data[self._at - length : self._at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        first = self.byte()
        mask = 0x80
        value = 0
        for shift in range(0, 64, 8):
            if not first & mask:
                return value | (first & (mask - 1)) << shift
            value |= self.byte() << shift
            mask >>= 1
        return value

    def count(self, least: int = 1) -> int:
        """How many things follow that take `least` bytes each."""
        number = self.number()
        if number > self.most:
            raise LimitReached(f"more than {self.most:,} members: none of them was read")
        if number * least > self.left:
            raise Malformed(f"{number} of something in {self.left} bytes")
        return number

    def numbers(self, count: int) -> list[int]:
        return [self.number() for _ in range(count)]

    def bits(self, count: int) -> list[bool]:
        data = self.take((count + 7) // 8)
        return [bool(data[index >> 3] >> (7 - (index & 7)) & 1) for index in range(count)]

    def defined(self, count: int) -> list[bool]:
        return [True] * count if self.byte() else self.bits(count)

    def digests(self, count: int) -> list[int | None]:
        return [int.from_bytes(self.take(4), "little") if stated else None for stated in self.defined(count)]

    def expect(self, wanted: int) -> None:
        found = self.number()
        if found != wanted:
            raise Malformed(f"property {found} stands where {wanted} is due")


def read_header(data: bytes, most: int = 100_000) -> Header:
    """The header in `data`. Raises `Malformed`, and LimitReached when there are more than `most` of something."""
    reader = _Reader(data, most)
    kind = reader.number()
    if kind == _ENCODED:
        return Header(_streams(reader), [], encoded=True)
    if kind != _HEADER:
        raise Malformed(f"it begins with property {kind}")
    streams = Streams()
    files: list[File] = []
    while (kind := reader.number()) != _END:
        if kind == _ARCHIVE_PROPERTIES:
            while reader.number() != _END:
                reader.take(reader.number())
        elif kind == _ADDITIONAL:
            _streams(reader)
        elif kind == _MAIN:
            streams = _streams(reader)
        elif kind == _FILES:
            files = _files(reader)
        else:
            raise Malformed(f"unknown property {kind}")
    return Header(streams, files)


def _streams(reader: _Reader) -> Streams:
    streams = Streams()
    while (kind := reader.number()) != _END:
        if kind == _PACK:
            _pack(reader, streams)
        elif kind == _UNPACK:
            _unpack(reader, streams)
        elif kind == _SUBSTREAMS:
            _substreams(reader, streams)
        else:
            raise Malformed(f"unknown property {kind} of streams")
    if not streams.parts:
        streams.parts = [[(folder.size, folder.crc)] for folder in streams.folders]
    return streams


def _pack(reader: _Reader, streams: Streams) -> None:
    streams.offset = reader.number()
    count = reader.count()
    while (kind := reader.number()) != _END:
        if kind == _SIZE:
            streams.sizes = reader.numbers(count)
        elif kind == _CRC:
            reader.digests(count)
        else:
            raise Malformed(f"unknown property {kind} of packed streams")


def _unpack(reader: _Reader, streams: Streams) -> None:
    reader.expect(_FOLDER)
    count = reader.count(2)
    if reader.byte():
        raise Malformed("its folders stand elsewhere")
    streams.folders = [_folder(reader) for _ in range(count)]
    reader.expect(_UNPACK_SIZES)
    for folder in streams.folders:
        folder.sizes = reader.numbers(sum(coder.gives for coder in folder.coders))
    while (kind := reader.number()) != _END:
        if kind != _CRC:
            raise Malformed(f"unknown property {kind} of folders")
        for folder, crc in zip(streams.folders, reader.digests(count), strict=True):
            folder.crc = crc


def _folder(reader: _Reader) -> Folder:
    coders: list[Coder] = []
    for _ in range(_few(reader.count(), "coders")):
        flags = reader.byte()
        method = reader.take(flags & 15)
        takes, gives = 1, 1
        if flags & 0x10:
            takes, gives = _few(reader.number(), "inputs"), _few(reader.number(), "outputs")
        properties = reader.take(reader.number()) if flags & 0x20 else b""
        coders.append(Coder(method, takes, gives, properties))
    takes, gives = sum(coder.takes for coder in coders), sum(coder.gives for coder in coders)
    if gives < 1 or takes < gives - 1:
        raise Malformed("a folder whose coders do not fit")
    pairs = [(reader.number(), reader.number()) for _ in range(gives - 1)]
    packed = takes - len(pairs)
    if packed > 1:
        reader.numbers(packed)
    return Folder(coders, pairs, packed)


def _few(number: int, what: str) -> int:
    if number > _MOST_CODERS:
        raise Malformed(f"{number} {what} in one folder")
    return number


def _substreams(reader: _Reader, streams: Streams) -> None:
    counts = [1] * len(streams.folders)
    kind = reader.number()
    if kind == _COUNTS:
        counts = reader.numbers(len(streams.folders))
        kind = reader.number()
    if sum(counts) > reader.most:
        raise LimitReached(f"more than {reader.most:,} members: none of them was read")
    if sum(counts) > reader.left + len(counts):
        raise Malformed(f"{sum(counts)} files in {reader.left} bytes")
    sizes: list[list[int]] = []
    for folder, count in zip(streams.folders, counts, strict=True):
        stated = reader.numbers(count - 1) if count and kind == _SIZE else [0] * max(count - 1, 0)
        if sum(stated) > folder.size:
            raise Malformed("the files of a folder are larger than the folder")
        sizes.append([*stated, folder.size - sum(stated)] if count else [])
    if kind == _SIZE:
        kind = reader.number()
    unknown = [
        count if count != 1 or folder.crc is None else 0
        for folder, count in zip(streams.folders, counts, strict=True)
    ]
    digests: Iterator[int | None] = iter(())
    while kind != _END:
        if kind == _CRC:
            digests = iter(reader.digests(sum(unknown)))
        else:
            reader.take(reader.number())
        kind = reader.number()
    streams.parts = [
        [(size, next(digests, None) if missing else folder.crc) for size in held]
        for folder, held, missing in zip(streams.folders, sizes, unknown, strict=True)
    ]


def _files(reader: _Reader) -> list[File]:
    count = reader.count()
    names = [""] * count
    empty = [False] * count
    modes = [0] * count
    while (kind := reader.number()) != _END:
        body = _Reader(reader.take(reader.number()), reader.most)
        if kind == _EMPTY_STREAM:
            empty = body.bits(count)
        elif kind == _NAMES and not body.byte():
            names = _names(body, count)
        elif kind == _ATTRIBUTES:
            stated = body.defined(count)
            if not body.byte():
                modes = [_mode(body) if known else 0 for known in stated]
    return [File(name, not none, mode) for name, none, mode in zip(names, empty, modes, strict=True)]


def _names(body: _Reader, count: int) -> list[str]:
    text = body.take(body.left // 2 * 2).decode("utf-16-le", "surrogatepass")
    names = text.split("\0")
    if len(names) < count:
        raise Malformed(f"{len(names)} names of {count} files")
    return names[:count]


def _mode(body: _Reader) -> int:
    attributes = int.from_bytes(body.take(4), "little")
    return attributes >> 16 if attributes & _UNIX else 0
