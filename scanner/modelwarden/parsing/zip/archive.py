"""A whole ZIP archive: every member that any reader would see, and everything that readers would see differently."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from modelwarden.domain.budget import Budget, LimitReached
from modelwarden.domain.format import TAIL_BYTES, ByteSource, Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.parsing.zip.directory import Directory, central_records, directories_at, end_records
from modelwarden.parsing.zip.entry import Entry, after_descriptor, disagreements, local_header, odd_names
from modelwarden.parsing.zip.records import END_BYTES, LOCAL, LOCAL_BYTES, SPANNED, Header
from modelwarden.parsing.zip.walk import local_entries, measured
from modelwarden.source.slice import SliceSource

_EDGE = 64 << 10

_STREAMS = 100
"""So many members that the directory calls empty are looked into."""

_HOLE = 24
"""Bytes between members that a data descriptor may take."""

_SHARING = 10
"""So many members do not overlap by mistake."""

FURTHER_DIRECTORY = "central directory"
"""Subject of the fact that a file holds more than one directory."""
DIRECTORIES = 100
"""More of them in one file are beyond reason."""

_STUBS = (b"#!", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How a self-extracting archive begins. None of them can begin a pickle; `MZ` can, so it takes more (`_is_stub`)."""


def starts_like_an_archive(start: bytes) -> bool:
    """Whether a file that starts with these bytes is meant to be a ZIP archive, whole or not."""
    return start.startswith((LOCAL, *SPANNED)) and len(start) >= LOCAL_BYTES


def has_directory(source: ByteSource, tail: bytes) -> bool:
    """Whether some reader finds a central directory by an end record within `tail`, the last bytes of `source`."""
    offset = source.size - len(tail)
    return any(any(directories_at(source, offset + at)) for at in end_records(tail))


class Archive:
    """The members of a ZIP archive and the facts about the archive as a whole.

    `entries` are in the order of the directories, the last directory first, then those that only a streaming reader finds.
    Reading never raises: a limit that stops it is among the `facts`. Nothing of a member but its local header is read.
    """

    def __init__(self, source: ByteSource, budget: Budget) -> None:
        self.source = source
        self.budget = budget
        self.entries: list[Entry] = []
        self.facts: list[Fact] = []
        self._directories: list[Directory] = []
        self._by_offset: list[Entry] = []
        self._lowest = source.size
        self._streams = 0
        self._seen: set[tuple[int, bytes, int, int, int]] = set()
        try:
            self._find_directories()
            if not self._directories:
                self._do_without_directory()
            if self._directories:
                self._look_between()
        except LimitReached as limit:
            self.facts.append(Gap(Shortfall.LIMIT, f"the archive holds {limit}"))

    def _find_directories(self) -> None:
        """Search the tail of the file, then the tail of whatever stands before the archive found there, and so on."""
        top = self.source.size
        while True:
            bottom = max(0, top - TAIL_BYTES)
            known = len(self._directories)
            window = self.source.read(bottom, top - bottom + END_BYTES - 1)
            for at in end_records(window):
                if bottom + at < top and not self._is_inside_a_member(bottom + at):
                    for directory in directories_at(self.source, bottom + at):
                        self._take(directory)
            if len(self._directories) == known:
                return
            top = min(bottom, self._lowest)

    def _is_inside_a_member(self, at: int) -> bool:
        """Whether the end record at `at` belongs to an archive that is stored as a member of one already found."""
        if len(self._by_offset) < len(self.entries):
            self._by_offset = sorted(self.entries, key=_offset)
        after = bisect_right(self._by_offset, at, key=_offset)
        return after > 0 and at + END_BYTES <= self._by_offset[after - 1].end

    def _take(self, directory: Directory) -> None:
        """List the members of a directory, and state what is odd about it."""
        if any((known.start, known.base) == (directory.start, directory.base) for known in self._directories):
            return
        number = len(self._directories)
        if number == DIRECTORIES:
            raise LimitReached(f"more than {DIRECTORIES:,} central directories: the rest was not read")
        self._directories.append(directory)
        self._lowest = min(self._lowest, directory.start)
        if number:
            detail = f"a second central directory at byte {directory.start}"
            self.facts.append(Anomaly(Quirk.POLYGLOT, FURTHER_DIRECTORY, detail, Span(directory.start)))
        count = 0
        position = directory.start
        for record, header in central_records(self.source, directory.start):
            count += 1
            position = record + header.length
            self.budget.spend_members()
            self._add(header, directory.base, record, number)
        stated = directory.stated
        if (count - stated.count) % (1 << 16) or position > directory.start + stated.size:
            detail = (
                f"states {stated.count} members in {stated.size} bytes, "
                f"holds {count} in {position - directory.start}"
            )
            self.facts.append(_disagreement("central directory", detail, directory.start))

    def _add(self, header: Header, base: int, record: int, number: int) -> None:
        """List a member under the offset at which there is a local header."""
        offset = header.offset + base
        local = local_header(self.source, offset, len(header.raw_name))
        if local is None and base:
            local = local_header(self.source, header.offset, len(header.raw_name))
            offset = offset if local is None else header.offset
        key = (offset, header.raw_name, header.method, header.compressed_size, header.size)
        if key in self._seen:
            return
        self._seen.add(key)
        self._lowest = min(self._lowest, offset)
        if local is None:
            detail = f"{header.name}: there is no local header where the directory says"
            self.facts.append(Gap(Shortfall.MALFORMED, detail, Span(record, header.length)))
            self.facts.extend(odd_names(header, record))
            self.entries.append(Entry(header, offset, None, record, number))
        else:
            self.facts.extend(disagreements(header, local, offset))
            self._look_for_a_stream(header, local, offset)
            other = local.method if local.method != header.method else None
            name = local.name if local.raw_name != header.raw_name else None
            self.entries.append(Entry(header, offset, offset + local.length, record, number, other, name))

    def _look_for_a_stream(self, header: Header, local: Header, offset: int) -> None:
        """A member that the directory calls empty may hold something for a reader that goes by its local header."""
        if header.compressed_size or not local.is_streamed or local.compressed_size or not local.method:
            return
        self._streams += 1
        if self._streams > _STREAMS:
            if self._streams == _STREAMS + 1:
                detail = (
                    f"the directory calls more than {_STREAMS} streamed members empty, the rest was not tried"
                )
                self.facts.append(Gap(Shortfall.LIMIT, detail, Span(offset)))
            return
        entry = measured(self.source, Entry(local, offset, offset + local.length), self.budget)
        if entry is not None:
            detail = f"the directory says it is empty, a streaming reader finds {entry.header.size} bytes"
            self.facts.append(_disagreement(header.name, detail, offset))
            self.entries.append(entry)

    def _do_without_directory(self) -> None:
        """Follow the local headers from the start, and take the central records that stand behind them."""
        start = 4 if self.source.read(0, 8).startswith(SPANNED) else 0
        found: list[Entry] = []
        try:
            position = self._follow(start, self.source.size, found)
        except LimitReached:
            self.entries += found
            raise
        for record, header in central_records(self.source, position):
            self.budget.spend_members()
            self._add(header, 0, record, 0)
            position = record + header.length
        listed = {entry.offset for entry in self.entries}
        for entry in found:
            if entry.offset not in listed:
                self.entries.append(entry)
                self.facts.extend(odd_names(entry.header, entry.offset))
        self._directories.extend(directories_at(self.source, position))
        if not self._directories:
            detail = "the archive has no end record: it is cut off or broken"
            self.facts.append(Gap(Shortfall.MALFORMED, detail, Span(position)))

    def _follow(self, start: int, stop: int, found: list[Entry]) -> int:
        """Put the members by their local headers from `start` on into `found`. Returns where the last of them ends."""
        walk = local_entries(self.source, start, stop, self.budget)
        while True:
            try:
                found.append(next(walk))
            except StopIteration as end:
                position: int = end.value
                return position

    def _look_between(self) -> None:
        """State what stands before, between and behind what the directories list, and what overlaps."""
        extents = sorted(
            [(entry.offset, entry.end, entry.name) for entry in self.entries]
            + [(directory.start, directory.end, "central directory") for directory in self._directories]
        )
        overlapping: list[tuple[int, str]] = []
        position = last = 0
        name = ""
        for offset, end, following in extents:
            if last < offset < position:
                overlapping.append((last, name))
            if offset > position:
                self._look_into(position, offset)
            if end > position:
                position, last, name = end, offset, following
        self._look_for_sharing(len(overlapping))
        if overlapping:
            detail = f"overlaps what follows, as do {len(overlapping) - 1} others"
            self.facts.append(_disagreement(overlapping[0][1], detail, overlapping[0][0]))
        if position < self.source.size:
            self._look_into(position, self.source.size)

    def _look_for_sharing(self, overlapping: int) -> None:
        """State it when many members take the same bytes: David Fifield's bomb, which needs no nesting."""
        size = self.source.size
        sharing = overlapping + len(self.entries) - len({entry.offset for entry in self.entries})
        if sharing < _SHARING:
            return
        taken = sum(min(entry.extent, size - entry.offset) for entry in self.entries if entry.offset < size)
        if taken > 2 * size:
            detail = f"its members take {taken} bytes of {size}: {sharing} of them share theirs with others"
            self.facts.append(Anomaly(Quirk.EXPANSION, "the archive", detail, Span(0, size)))

    def _look_into(self, start: int, stop: int) -> None:
        """State what the bytes from `start` to `stop` are, which no directory speaks of."""
        at = after_descriptor(self.source, start) if stop - start >= LOCAL_BYTES else None
        if at is not None and at < stop and local_header(self.source, at) is not None:
            known = len(self.entries)
            try:
                self._follow(at, stop, self.entries)
            finally:
                detail = "no directory lists this member, a streaming reader finds it"
                for entry in self.entries[known:]:
                    self.facts.append(_disagreement(entry.name, detail, entry.offset))
        elif start == 0:
            self._look_before(stop)
        elif stop == self.source.size:
            self._look_behind(start)
        elif stop - start > _HOLE:
            self._hand_out(start, stop)

    def _hand_out(self, start: int, stop: int) -> None:
        """Bytes between members, which no reader of archives sees: an APK's signatures, or something hidden."""
        hole = SliceSource(self.source, start, stop - start)
        if any(
            edge.strip(b"\0") for edge in (hole.read(0, _EDGE), hole.read(max(0, hole.size - _EDGE), _EDGE))
        ):
            self.budget.spend_members()
            self.facts.append(Child(f"+{start}", hole))

    def _look_before(self, stop: int) -> None:
        start = self.source.read(0, 512)
        if not (start.startswith(SPANNED) or self._is_embedded or _is_stub(self.source, start)):
            detail = f"{stop} bytes stand before the archive; a reader that looks at the first bytes sees them instead"
            self.facts.append(Anomaly(Quirk.POLYGLOT, "start", detail, Span(0, stop)))

    def _look_behind(self, start: int) -> None:
        length = self.source.size - start
        edges = self.source.read(start, _EDGE), self.source.read(max(start, self.source.size - _EDGE), _EDGE)
        padding = not any(edge.strip(b"\0\t\n\r ") for edge in edges)
        if not (padding or self._is_embedded or _is_stub(self.source, self.source.read(0, 512))):
            detail = f"{length} bytes follow the archive"
            self.facts.append(Anomaly(Quirk.POLYGLOT, "end", detail, Span(start, length)))
            self.facts.append(Child(f"+{start}", SliceSource(self.source, start, length)))

    @property
    def _is_embedded(self) -> bool:
        """Whether the archive is a part of something known: the last file of a tar, a constant within a pickle."""
        last = max(directory.end for directory in self._directories)
        if not 0 < self._lowest < last < self.source.size:
            return False
        return self.source.read(257, 5) == b"ustar" or self.source.read(self.source.size - 1, 1) == b"."


def duplicates(entries: Iterable[Entry], key: Callable[[str], str] = str) -> Iterator[Anomaly]:
    """One fact for each name that one directory gives to two contents; `key` makes names equal that a reader takes for equal."""
    first: dict[tuple[int, str], Entry] = {}
    told: set[tuple[int, str]] = set()
    for entry in entries:
        if entry.record is None or entry.is_directory:
            continue
        place = (entry.directory, key(entry.name))
        other = first.setdefault(place, entry)
        if other is entry or place in told or _same_content(other, entry):
            continue
        told.add(place)
        detail = f"two contents, at bytes {other.offset} and {entry.offset}"
        yield Anomaly(Quirk.DUPLICATE_MEMBER, entry.name, detail, Span(entry.offset, LOCAL_BYTES))


def _same_content(one: Entry, other: Entry) -> bool:
    """Whether two members state the same content. A CRC of 0 states nothing."""
    if one.offset == other.offset:
        return True
    same = (one.header.size, one.header.crc) == (other.header.size, other.header.crc)
    return same and (one.header.crc != 0 or not one.header.size)


def _disagreement(subject: str, detail: str, at: int) -> Anomaly:
    return Anomaly(Quirk.HEADER_DISAGREEMENT, subject, detail, Span(at))


def _is_stub(source: ByteSource, start: bytes) -> bool:
    """Whether a program stands before the archive, as in a self-extracting one."""
    if start.startswith(_STUBS):
        return True
    place = int.from_bytes(start[60:64], "little")
    return start[:2] == b"MZ" and source.read(place, 4) == b"PE\0\0"


def _offset(entry: Entry) -> int:
    return entry.offset
