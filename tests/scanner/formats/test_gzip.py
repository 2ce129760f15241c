"""gzip is read as Python's module reads it: odd headers, several members, a damaged end."""

import gzip
import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap
from modelwarden.formats.gzip import FORMAT
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'echo'\ntR."
GOOD = gzip.compress(EVIL, mtime=0)


def header(flags: int, *fields: bytes) -> bytes:
    """A whole file with these flags, and what they announce."""
    return GOOD[:3] + bytes([flags]) + GOOD[4:10] + b"".join(fields) + GOOD[10:]


def facts(data: bytes, name: str = "model.pkl.gz") -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name=name)))


def content(found: list[Fact]) -> bytes:
    [child] = [fact for fact in found if isinstance(fact, Child)]
    assert child.member == "model.pkl"
    return child.source.read(0, child.source.size)


def recognised(data: bytes) -> bool:
    return FORMAT.recognise(Head(MemorySource(data)))


def test_what_python_packs_is_one_child() -> None:
    assert recognised(GOOD)
    found = facts(GOOD)
    assert len(found) == 1
    assert content(found) == EVIL


ODD_HEADERS = {
    "name": header(8, b"weights.pkl\0"),
    "endless name": header(8, b"n" * 300_000 + b"\0"),
    "comment": header(16, b"made by hand\0"),
    "extra field": header(4, b"\x05\x00abcde"),
    "header checksum, not checked": header(2, b"\xff\xff"),
    "everything": header(31, b"\x02\x00ab", b"name\0", b"comment\0", b"\0\0"),
    "reserved flags": header(0xE0),
    "two members": gzip.compress(EVIL[:9]) + gzip.compress(EVIL[9:]),
    "zeros between": gzip.compress(EVIL[:9]) + bytes(700) + gzip.compress(EVIL[9:]),
    "zeros behind": GOOD + bytes(700),
    "empty member first": gzip.compress(b"") + GOOD,
}


@pytest.mark.parametrize("data", ODD_HEADERS.values(), ids=ODD_HEADERS)
def test_whatever_python_accepts_is_accepted(data: bytes) -> None:
    assert gzip.decompress(data) == EVIL
    assert recognised(data)
    found = facts(data)
    assert len(found) == 1
    assert content(found) == EVIL


@pytest.mark.parametrize("cut", [1, 8, 9])
def test_a_cut_end_is_said_and_what_ran_before_it_is_seen(cut: int) -> None:
    with gzip.open(io.BytesIO(GOOD[:-cut])) as file:
        assert file.read1(11) == EVIL[:11], "the loader has its bytes before it meets the end"
    assert recognised(GOOD[:-cut])
    found = facts(GOOD[:-cut])
    assert content(found).startswith(EVIL[:-1])
    assert isinstance(found[0], Gap)


@pytest.mark.parametrize(
    ("place", "detail"),
    [(-8, "its CRC is"), (-4, "bytes are stated, it holds 23")],
    ids=["wrong checksum", "wrong size"],
)
def test_a_wrong_trailer_is_a_disagreement(place: int, detail: str) -> None:
    packed = bytearray(GOOD)
    packed[place] ^= 1
    found = facts(bytes(packed))
    assert content(found) == EVIL
    assert isinstance(found[0], Anomaly)
    assert detail in found[0].detail


def test_members_behind_a_wrong_checksum_are_read_too() -> None:
    packed = bytearray(gzip.compress(b"N."))
    packed[-8] ^= 1
    assert content(facts(bytes(packed) + GOOD)) == b"N." + EVIL


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GOOD[:9],
        b"\x1f\x8b\x07" + GOOD[3:],
        GOOD[:10],
        GOOD[:10] + b"\xff" * 30,
        GOOD[:3] + b"\x08" + GOOD[4:10] + b"name without end",
        header(4, b"\xff\xff"),
    ],
    ids=[
        "empty",
        "cut in the header",
        "other method",
        "no data",
        "corrupt",
        "name without end",
        "field beyond",
    ],
)
def test_broken_beginnings_are_not_recognised(data: bytes) -> None:
    assert not recognised(data)


@settings(max_examples=300, deadline=None)
@given(flips=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 255)), max_size=3), cut=st.integers(0, 60))
def test_any_bytes_end_within_budget(flips: list[tuple[int, int]], cut: int) -> None:
    packed = bytearray((GOOD + zlib.compress(EVIL))[: 70 - cut])
    for at, bits in flips:
        if at < len(packed):
            packed[at] ^= bits
    budget = Budget(Limits(expanded_bytes=1 << 16, members=4))
    try:
        FORMAT.recognise(Head(MemorySource(bytes(packed))))
        for fact in FORMAT.observe(MemorySource(bytes(packed)), Scope(budget)):
            if isinstance(fact, Child):
                fact.source.read(0, fact.source.size)
    except LimitReached:
        assert budget.members > 4 or budget.expanded > 1 << 16
