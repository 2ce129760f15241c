"""What the members of a ZIP archive hold: flags, checksums and stated sizes are checked, not believed."""

from collections.abc import Iterator
from zlib import crc32

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource, Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.parsing.expansion import bombast
from modelwarden.parsing.zip.archive import Archive
from modelwarden.parsing.zip.entry import Entry
from modelwarden.parsing.zip.records import HAS_END_MARKER
from modelwarden.parsing.zip.walk import decompressor_of
from modelwarden.source.inflate import Ending, InflatedSource, Method, Opener
from modelwarden.source.memory import MemorySource
from modelwarden.source.slice import SliceSource

STORED = 0
_LZMA = 14
_OTHER_METHODS = {
    1: "shrunk",
    6: "imploded",
    9: "Deflate64",
    10: "PKWARE imploded",
    20: "Zstandard, its old number: `pip install modelwarden[archives]` to have it read",
    93: "Zstandard: `pip install modelwarden[archives]` to have it read",
    97: "WavPack",
    98: "PPMd",
    99: "AES encryption",
}
_CIPHER_HEADER = 12
"""What traditional encryption puts before the data (APPNOTE 6.1.5)."""


class Members:
    """Opens the members of an archive one at a time.

    An archive without a single CRC was written by a tool that leaves them out (torch with `set_crc32_options(False)`): then they
    are not compared. Bytes that many members share are charged to the budget once the members together exceed the archive.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._source = archive.source
        self._budget = archive.budget
        self._has_checksums = any(entry.header.crc for entry in archive.entries)
        self._handed_out = 0
        self._limit_told = False

    def open(self, entry: Entry, expected: str = "") -> Iterator[Fact]:
        """The member as a `Child` and the facts about its content. Never raises: limits come as one gap, the first time."""
        if entry.is_directory or entry.data is None:
            return
        methods = [entry.header.method]
        if entry.local_method is not None:
            methods.append(entry.local_method)
        for method in methods:
            try:
                yield from self._open(entry, entry.data, method, expected)
            except LimitReached as limit:
                if not self._limit_told:
                    self._limit_told = True
                    detail = f"{entry.name} and what is packed behind it: {limit}"
                    yield Gap(Shortfall.LIMIT, detail, Span(entry.data, entry.extent))

    def as_it_stands(self, entry: Entry) -> ByteSource | None:
        """The bytes of a stored member, unchecked and unread; None when it is compressed or not there."""
        if entry.data is None or entry.header.method != STORED:
            return None
        return SliceSource(self._source, entry.data, entry.extent)

    def _open(self, entry: Entry, data: int, method: int, expected: str) -> Iterator[Fact]:
        if method == STORED:
            yield from self._open_stored(entry, data, expected)
        elif (decompressor := decompressor_of(method)) is not None:
            yield from self._open_packed(entry, data, method, decompressor, expected)
        else:
            kind = _OTHER_METHODS.get(method, "unknown")
            yield _gap(Shortfall.UNSUPPORTED, entry, f"compression method {method} ({kind})")

    def _open_stored(self, entry: Entry, data: int, expected: str) -> Iterator[Fact]:
        header = entry.header
        content: ByteSource = SliceSource(self._source, data, entry.extent)
        self._spend_shared(content.size)
        if header.claims_encryption and header.compressed_size == header.size + _CIPHER_HEADER:
            yield _gap(Shortfall.UNSUPPORTED, entry, "encrypted")
            return
        if content.size < entry.extent:
            yield _gap(Shortfall.MALFORMED, entry, f"cut off after {content.size} of {entry.extent} bytes")
        elif header.compressed_size != header.size:
            yield _disagreement(
                entry, f"{header.size} bytes, stored without compression in {header.compressed_size}"
            )
        if header.claims_encryption:
            yield _disagreement(entry, "its flags claim encryption, some readers read it as it stands")
        if content.size <= self._budget.limits.inline_bytes:
            whole = content.read(0, content.size)
            content = MemorySource(whole)
            if content.size == header.size:
                yield from self._check(entry, crc32(whole))
        yield Child(entry.name, content, expected)

    def _open_packed(
        self, entry: Entry, data: int, method: int, decompressor: Method | Opener, expected: str
    ) -> Iterator[Fact]:
        header = entry.header
        inflated = self._inflate(data, header.compressed_size, decompressor)
        whole = _is_whole(inflated, entry, method)
        if (
            not whole
            and inflated.ending is Ending.TRUNCATED
            and data + header.compressed_size < self._source.size
        ):
            further = self._inflate(data, self._source.size - data, decompressor)
            if further.ending is Ending.WHOLE:
                inflated, whole = further, True
                yield _disagreement(
                    entry,
                    f"its data goes on for {further.consumed} bytes, {header.compressed_size} are stated",
                )
        if header.claims_encryption and not whole:
            yield _gap(Shortfall.UNSUPPORTED, entry, "encrypted")
            return
        if header.claims_encryption:
            yield _disagreement(entry, "its flags claim encryption, but it is not encrypted")
        if inflated.ending is Ending.RATIO:
            detail = f"{inflated.size:,} bytes came out of {inflated.consumed:,}; what would come after them was not read"
            yield _gap(Shortfall.LIMIT, entry, detail)
        elif not whole:
            yield _gap(Shortfall.MALFORMED, entry, f"{inflated.ending}, {inflated.size} bytes came out")
        elif inflated.size != header.size:
            yield _disagreement(entry, f"{header.size} bytes are stated, it holds {inflated.size}")
        else:
            yield from self._check(entry, inflated.crc)
        reason = bombast(self._source, inflated, inflated.consumed)
        if reason:
            yield Anomaly(Quirk.EXPANSION, entry.name, reason, Span(data, entry.extent))
        yield Child(entry.name, inflated, expected)

    def _inflate(self, data: int, length: int, method: Method | Opener) -> InflatedSource:
        return InflatedSource(SliceSource(self._source, data, length), method, self._budget)

    def _check(self, entry: Entry, crc: int) -> Iterator[Anomaly]:
        if self._has_checksums and entry.record is not None and crc != entry.header.crc:
            yield _disagreement(entry, f"its CRC is {crc:#010x}, {entry.header.crc:#010x} is stated")

    def _spend_shared(self, size: int) -> None:
        """Members that overlap hand out the same bytes again and again: charge what exceeds the archive."""
        within = max(0, self._source.size - self._handed_out)
        self._handed_out += size
        if size > within:
            self._budget.spend_expanded(size - within)


def _is_whole(inflated: InflatedSource, entry: Entry, method: int) -> bool:
    """Whether all of the member came out. LZMA without an end marker is whole when it has the stated size."""
    if method == _LZMA and not entry.header.flags & HAS_END_MARKER:
        return inflated.ending is not Ending.CORRUPT and inflated.size == entry.header.size
    return inflated.ending is Ending.WHOLE


def _gap(shortfall: Shortfall, entry: Entry, detail: str) -> Gap:
    return Gap(shortfall, f"{entry.name}: {detail}", Span(entry.data or entry.offset, entry.extent))


def _disagreement(entry: Entry, detail: str) -> Anomaly:
    return Anomaly(
        Quirk.HEADER_DISAGREEMENT, entry.name, detail, Span(entry.data or entry.offset, entry.extent)
    )
