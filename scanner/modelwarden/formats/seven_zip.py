"""7z archives: each member is scanned like a file, whatever its name.

No loader opens a 7z, people do: models were published as 7z because scanners did not look inside (ReversingLabs, "nullifAI",
2025). The header is read here and the streams are decompressed with the standard library, in bounded memory and without another
package. Specification: `DOC/7zFormat.txt` of the LZMA SDK.

Checked: names and links that lead out, the content of every member, checksums, and what stands between and behind the streams.

Not checked: members that are encrypted or packed with PPMd, Deflate64 or BCJ2 are reported as not inspected; archives behind a
self-extracting stub or in several volumes are not opened.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.domain.preview import shorten

if TYPE_CHECKING:
    from modelwarden.parsing.extraction import Extraction
    from modelwarden.parsing.seven_zip.header import File, Folder, Header

_SIGNATURE = b"7z\xbc\xaf\x27\x1c"
_START = 32
_LARGEST_HEADER = 16 << 20
"""A hundred thousand members fit."""
_LARGEST_TARGET = 4096
_LEVELS = 4
"""A header may be packed, and the header of that again."""


def _recognise(head: Head) -> bool:
    return head.start.startswith(_SIGNATURE) and head.size >= _START


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from zlib import crc32

    start = source.read(0, _START)
    offset, size = (int.from_bytes(start[at : at + 8], "little") for at in (12, 20))
    end = _START + offset + size
    if int.from_bytes(start[8:12], "little") != crc32(start[12:]):
        yield Anomaly(Quirk.HEADER_DISAGREEMENT, "start header", "its CRC is wrong", Span(8, 4))
    if end > source.size:
        detail = f"its header is to end at byte {end}, the file has {source.size}: it is cut off or broken"
        yield Gap(Shortfall.MALFORMED, detail, Span(12, 20))
        return
    if size:
        archive = _Archive(source, scope)
        yield from archive.read(_START + offset, size, int.from_bytes(start[28:], "little"))
        archive.taken.append((_START + offset, end))
        yield from archive.holes()
    if end < source.size and source.read(
        end, source.size - end if source.size - end < 1 << 16 else 1 << 16
    ).strip(b"\0"):
        detail = f"{source.size - end} bytes follow the archive"
        yield Anomaly(Quirk.POLYGLOT, "end", detail, Span(end, source.size - end))
        yield _rest(source, end, source.size)


def _rest(source: ByteSource, start: int, end: int) -> Child:
    from modelwarden.source.slice import SliceSource

    return Child(f"+{start}", SliceSource(source, start, end - start))


class _Archive:
    """One archive in the reading. `taken`: what its headers and streams cover, as pairs of offsets."""

    def __init__(self, source: ByteSource, scope: Scope) -> None:
        self._source = source
        self._budget = scope.budget
        self.taken: list[tuple[int, int]] = [(0, _START)]
        self.is_read = False

    def read(self, at: int, size: int, crc: int) -> Iterator[Fact]:
        """Every member, from the header at `at`. Raises LimitReached."""
        from zlib import crc32

        from modelwarden.parsing.seven_zip.folder import Unsupported
        from modelwarden.parsing.seven_zip.header import Malformed, read_header

        span = Span(at, size)
        if size > _LARGEST_HEADER:
            yield Gap(
                Shortfall.LIMIT,
                f"a header of {size:,} bytes is too long to be read: its members were not looked at",
                span,
            )
            return
        data = self._source.read(at, size)
        try:
            for _ in range(_LEVELS):
                if crc32(data) != crc:
                    yield Anomaly(Quirk.HEADER_DISAGREEMENT, "header", "its CRC is wrong", span)
                header = read_header(data, self._budget.limits.members)
                if not header.encoded:
                    yield from self._members(header)
                    self.is_read = True
                    return
                data, crc = self._unpacked(header)
        except Malformed as error:
            yield Gap(Shortfall.MALFORMED, f"the header cannot be understood: {error}", span)
            return
        except Unsupported as error:
            yield Gap(Shortfall.UNSUPPORTED, f"the names of its members are not to be read: {error}", span)
            return
        yield Gap(
            Shortfall.LIMIT, "its header is packed again and again: its members were not looked at", span
        )

    def _unpacked(self, header: "Header") -> tuple[bytes, int]:
        """The header that a packed one holds, and its CRC. Raises LimitReached, `Malformed`, `Unsupported`."""
        from zlib import crc32

        from modelwarden.parsing.seven_zip.header import Malformed

        if len(header.streams.folders) != 1 or len(header.streams.sizes) != 1:
            raise Malformed("a packed header of several parts")
        [folder] = header.streams.folders
        if folder.size > _LARGEST_HEADER:
            raise Malformed(f"{folder.size} bytes of header")
        content = self._open(folder, _START + header.streams.offset, header.streams.sizes[0])
        if content.size < folder.size:
            raise Malformed(f"the packed header gives {content.size} of {folder.size} bytes")
        data = content.read(0, folder.size)
        return data, folder.crc if folder.crc is not None else crc32(data)

    def _open(self, folder: "Folder", at: int, size: int) -> ByteSource:
        from modelwarden.parsing.seven_zip.folder import opener
        from modelwarden.source.inflate import InflatedSource
        from modelwarden.source.slice import SliceSource

        self.taken.append((at, at + size))
        packed = SliceSource(self._source, at, size)
        method = opener(folder)
        return packed if method is None else InflatedSource(packed, method, self._budget)

    def _members(self, header: "Header") -> Iterator[Fact]:
        from modelwarden.parsing.extraction import Extraction

        extraction = Extraction()
        streams = header.streams
        files = iter(header.files)
        at = _START + streams.offset
        number = 0
        for folder, parts in zip(streams.folders, streams.parts, strict=True):
            sizes = streams.sizes[number : number + folder.packed]
            number += folder.packed
            held: list[File | None] = []
            while len(held) < len(parts):
                file = next(files, None)
                if file is not None:
                    yield from extraction.member(file.name, Span(at))
                if file is None or file.has_stream:
                    held.append(file)
            yield from self._folder(folder, list(zip(held, parts, strict=True)), at, sum(sizes), extraction)
            at += sum(sizes)
        for file in files:
            yield from extraction.member(file.name, Span(at))
        yield from extraction.finish()

    def _folder(
        self,
        folder: "Folder",
        held: "list[tuple[File | None, tuple[int, int | None]]]",
        at: int,
        packed: int,
        extraction: "Extraction",
    ) -> Iterator[Fact]:
        from modelwarden.parsing.expansion import bombast
        from modelwarden.parsing.seven_zip.folder import Unsupported

        self._budget.spend_members()
        span = Span(at, packed)
        names = shorten(", ".join(file.name for file, _ in held[:8] if file is not None))
        try:
            content = self._open(folder, at, packed)
        except Unsupported as error:
            self.taken.append((at, at + packed))
            yield Gap(Shortfall.UNSUPPORTED, f"{names}: {error}", span)
            return
        if content.size < folder.size:
            detail = f"{names}: {content.size} of {folder.size} bytes came out"
            yield Gap(Shortfall.MALFORMED, detail, span)
        reason = bombast(self._source, content, packed)
        if reason:
            yield Anomaly(Quirk.EXPANSION, names, reason, span)
        start = 0
        for file, (size, crc) in held:
            self._budget.spend_members()
            yield from self._member(content, file, start, size, crc, span, extraction)
            start += size
        if content.size > start and folder.has_end:
            detail = f"{content.size - start} bytes more come out than its members have"
            yield Anomaly(Quirk.HEADER_DISAGREEMENT, names, detail, span)
            yield _rest(content, start, content.size)

    def _member(
        self,
        content: ByteSource,
        file: "File | None",
        start: int,
        size: int,
        crc: int | None,
        span: Span,
        extraction: "Extraction",
    ) -> Iterator[Fact]:
        import stat
        from zlib import crc32

        from modelwarden.source.memory import MemorySource
        from modelwarden.source.slice import SliceSource

        name = file.name if file is not None and file.name else f"+{start}"
        held: ByteSource = SliceSource(content, start, size)
        if (
            size <= self._budget.limits.inline_bytes
        ):  # members of one folder are read in their order, then never again
            data = held.read(0, size)
            held = MemorySource(data)
            if crc is not None and len(data) == size and crc32(data) != crc:
                yield Anomaly(Quirk.HEADER_DISAGREEMENT, name, "its CRC is not the one that is stated", span)
            if file is not None and stat.S_ISLNK(file.mode):
                target = data[:_LARGEST_TARGET].decode("utf-8", "surrogateescape")
                extraction.symlink(name, target, span)
        yield Child(name, held)

    def holes(self) -> Iterator[Child]:
        """What the headers do not speak of, once they were all understood."""
        position = 0 if self.is_read else self._source.size
        for start, end in sorted(self.taken):
            if start > position and self._source.read(position, min(start - position, 1 << 16)).strip(b"\0"):
                self._budget.spend_members()
                yield _rest(self._source, position, start)
            position = max(position, end)


FORMAT = Format(
    name="seven-zip",
    title="7z archive",
    suffixes=(".7z",),
    recognise=_recognise,
    observe=_observe,
)
