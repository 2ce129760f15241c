"""A member of a ZIP archive as its headers describe it, and whether they agree."""

from collections.abc import Iterator
from dataclasses import dataclass

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Quirk
from modelwarden.parsing.zip.records import (
    CENTRAL,
    ENCRYPTION,
    END,
    LOCAL,
    LOCAL_BYTES,
    UNSET32,
    Header,
    local_length,
    read_local,
)

_LIKELY_EXTRA = 256
"""Bytes read beyond a local header's name: torch pads with an extra field to align what follows."""
_DESCRIPTORS = (0, 12, 16, 20, 24)
"""Lengths of what may follow a member's data: CRC and two sizes, 32 or 64 bits wide, with or without a signature."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A member. Offsets in bytes of the source.

    `header` is what counts: the central record, or the local header of a member that no directory lists (`record` is None then).
    `offset` is where the local header should be, `data` where the member's bytes begin, None when there is no local header.
    `local_method` and `local_name` are those of the local header when they are others. `directory` numbers the directories.
    """

    header: Header
    offset: int
    data: int | None
    record: int | None = None
    directory: int = 0
    local_method: int | None = None
    local_name: str | None = None

    @property
    def name(self) -> str:
        """The name as the directory gives it."""
        return self.header.name

    @property
    def extent(self) -> int:
        """The bytes of the archive that the member takes, by the largest statement any reader believes."""
        header = self.header
        return max(header.compressed_size, header.size) if header.method == 0 else header.compressed_size

    @property
    def end(self) -> int:
        """Where the member's data ends in the source."""
        return (self.offset if self.data is None else self.data) + self.extent

    @property
    def is_directory(self) -> bool:
        """Whether it only names a directory. Nothing, deflated, takes two bytes (`jar` does that)."""
        return self.name.endswith("/") and not self.header.size and self.header.compressed_size <= 2


def local_header(source: ByteSource, offset: int, name_bytes: int = 64) -> Header | None:
    """The local header at `offset`, read at once when its name is no longer than `name_bytes`."""
    if offset < 0:
        return None
    data = source.read(offset, LOCAL_BYTES + name_bytes + _LIKELY_EXTRA)
    length = local_length(data)
    if length is None:
        return None
    return read_local(data if length <= len(data) else source.read(offset, length))


def after_descriptor(source: ByteSource, at: int) -> int | None:
    """Where the next record stands after a member's data that ends at `at`, or None when nothing follows."""
    data = source.read(at, _DESCRIPTORS[-1] + 4)
    for skip in _DESCRIPTORS:
        if data[skip : skip + 4] in (LOCAL, CENTRAL, END):
            return at + skip
    return None


def disagreements(central: Header, local: Header, at: int) -> Iterator[Anomaly]:
    """What the local header at `at` says otherwise than the central record, in one fact; and odd names."""
    said: list[str] = []
    if local.raw_name != central.raw_name:
        said.append(f"name {local.name!r}")
    if local.method != central.method:
        said.append(f"method {local.method} instead of {central.method}")
    if (local.flags ^ central.flags) & ENCRYPTION:
        said.append(f"flags {local.flags:#06x} instead of {central.flags:#06x}")
    for what, there, here in (
        ("compressed size", local.compressed_size, central.compressed_size),
        ("size", local.size, central.size),
        ("CRC", local.crc, central.crc),
    ):
        left_open = there == UNSET32 or (not there and (local.is_streamed or central.is_streamed))
        if there != here and not left_open:
            said.append(f"{what} {there} instead of {here}")
    if said:
        yield _disagreement(central.name, f"the local header says {', '.join(said)}", at)
    yield from odd_names(central, at)


def odd_names(header: Header, at: int) -> Iterator[Anomaly]:
    """Names that readers cut or replace: a NUL, a Unicode Path field that renames what needs no Unicode."""
    other = header.unicode_name
    if b"\0" in header.raw_name:
        yield _disagreement(header.name, "the name holds a NUL, where some readers cut it", at)
    elif other is not None and other.isascii() and other != header.name:
        yield _disagreement(header.name, f"its Unicode Path field names it {other!r}", at)


def _disagreement(subject: str, detail: str, at: int) -> Anomaly:
    return Anomaly(Quirk.HEADER_DISAGREEMENT, subject, detail, Span(at, LOCAL_BYTES))
