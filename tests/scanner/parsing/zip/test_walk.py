"""Members are found by their local headers alone, streamed ones included."""

import struct
import zlib

import pytest

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.parsing.zip.entry import Entry
from modelwarden.parsing.zip.walk import local_entries
from modelwarden.source.memory import MemorySource


def member(
    name: bytes, content: bytes, method: int = 0, *, streamed: bool = False, signed: bool = True
) -> bytes:
    packed = content
    if method == 8:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
    sums = struct.pack("<III", zlib.crc32(content), len(packed), len(content))
    stated = bytes(12) if streamed else sums
    header = struct.pack("<4sHHHHH", b"PK\3\4", 20, 8 if streamed else 0, method, 0, 0)
    start = header + stated + struct.pack("<HH", len(name), 0) + name
    return start + packed + ((b"PK\7\x08" if signed else b"") + sums if streamed else b"")


def walk(data: bytes, budget: Budget | None = None) -> tuple[list[Entry], int]:
    steps = local_entries(MemorySource(data), 0, len(data), budget or Budget())
    found: list[Entry] = []
    while True:
        try:
            found.append(next(steps))
        except StopIteration as end:
            return found, end.value


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("method", [0, 8])
def test_finds_every_member_and_where_they_end(method: int, streamed: bool, signed: bool) -> None:
    parts = [
        member(name, name * 50, method, streamed=streamed, signed=signed) for name in (b"a", b"bc", b"def")
    ]
    data = b"".join(parts)
    found, end = walk(data + b"PK\1\2 and so on" + bytes(30))
    assert [entry.name for entry in found] == ["a", "bc", "def"]
    assert end == len(data)
    for entry in found:
        assert entry.data is not None
        extra = 0 if signed or not streamed or method else 12
        assert entry.header.size == 50 * len(entry.name) + extra, (
            "a descriptor without a signature counts as content"
        )


def test_a_stored_archive_within_a_streamed_member_does_not_end_it() -> None:
    inner = member(b"inner", b"1") + b"PK\1\2"
    found, _ = walk(member(b"outer", b"before" + inner, streamed=True) + member(b"next", b"2"))
    assert [entry.name for entry in found] == ["outer", "next"]
    assert found[0].header.size == len(b"before" + inner)


def test_a_streamed_member_that_does_not_inflate_reaches_to_the_next_record() -> None:
    broken = member(b"broken", b"x" * 100, 8, streamed=True).replace(b"broken", b"broken\xff", 0)
    at = broken.index(b"broken") + 6
    broken = broken[:at] + b"\x07" + broken[at + 1 :]
    found, _ = walk(broken + member(b"next", b"2"))
    assert [entry.name for entry in found] == ["broken", "next"]


def test_members_are_counted() -> None:
    with pytest.raises(LimitReached):
        walk(member(b"a", b"") * 20, Budget(Limits(members=10)))
