"""Where the central directories of a file are: every place in which some reader would look for one.

A reader searches the end record backwards from the end, but readers differ in how far, in whether its comment must reach the end
exactly, in whether the 64-bit record wins, and in whether the directory stands just before the end record (`zipfile`) or at the
offset that the record states (miniz). All of them are found.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from modelwarden.domain.format import ByteSource
from modelwarden.parsing.zip.records import (
    CENTRAL,
    CENTRAL_BYTES,
    END,
    END64_BYTES,
    END_BYTES,
    LOCATOR64_BYTES,
    End,
    Header,
    read_central,
    read_end,
    read_end64,
    read_locator64,
)

_CHUNK = 256 << 10
"""Larger than the longest central record: 46 + 3 * 65,535 bytes."""


@dataclass(frozen=True, slots=True)
class Directory:
    """A central directory. Offsets in bytes of the source.

    `start` is where its first record stands; `base` must be added to the offsets it states, because something was put before the
    archive; `end` is where the archive ends, its comment included.
    """

    start: int
    base: int
    end: int
    stated: End


def end_records(window: bytes) -> Iterator[int]:
    """Where in `window` an end record may stand, the last one first."""
    at = window.rfind(END)
    while at >= 0:
        if at + END_BYTES <= len(window):
            yield at
        at = window.rfind(END, 0, at + len(END) - 1)


def directories_at(source: ByteSource, at: int) -> Iterator[Directory]:
    """Every directory that some reader would take the end record at `at` to mean; none when it is no end record."""
    before = min(at, LOCATOR64_BYTES)
    data = source.read(at - before, before + END_BYTES)
    end = read_end(data, before)
    if end is None:
        return
    stop = at
    statements: list[End] = []
    located = read_locator64(data[:before]) if before == LOCATOR64_BYTES else None
    if located is not None:
        for place in dict.fromkeys((at - LOCATOR64_BYTES - END64_BYTES, located)):
            end64 = read_end64(source.read(place, END64_BYTES)) if 0 <= place < at else None
            if end64 is not None:
                stop = min(stop, place)
                statements.append(end64)
    if not (statements and end.is_unset):
        statements.append(end)
    finish = min(at + END_BYTES + end.comment, source.size)
    for stated in statements:
        if not stated.count and not stated.size:
            yield Directory(stop, stop - stated.offset, finish, stated)
            continue
        for start in dict.fromkeys((stop - stated.size, stated.offset)):
            if 0 <= start < at and source.read(start, CENTRAL_BYTES)[:4] == CENTRAL:
                yield Directory(start, start - stated.offset, finish, stated)


def central_records(source: ByteSource, start: int) -> Iterator[tuple[int, Header]]:
    """The central records that stand one after the other from `start`, each with its offset."""
    position = base = start
    chunk = source.read(start, 4096)
    while True:
        header = read_central(chunk, position - base)
        if header is None:
            base = position
            chunk = source.read(position, _CHUNK)
            header = read_central(chunk)
            if header is None:
                return
        yield position, header
        position += header.length
