"""bzip2 is recognised by ten certain bytes, and read over several streams."""

import bz2
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk
from modelwarden.formats.bzip2 import FORMAT
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'echo'\ntR."
GOOD = bz2.compress(EVIL)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name="model.pkl.bz2")))


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


def test_several_streams_and_what_stands_behind() -> None:
    packed = bz2.compress(EVIL[:9]) + bz2.compress(b"") + bz2.compress(EVIL[9:])
    assert bz2.decompress(packed + b"junk") == EVIL
    data, anomaly, behind = facts(packed + b"junk")
    assert content([data]) == EVIL
    assert isinstance(anomaly, Anomaly)
    assert anomaly.quirk is Quirk.POLYGLOT
    assert isinstance(behind, Child)
    assert (behind.member, behind.source.read(0, 9)) == (f"+{len(packed)}", b"junk")


def test_large_content_can_be_read_backwards() -> None:
    data = random.Random(7).randbytes(3_000_000)
    source = MemorySource(bz2.compress(data))
    [child] = FORMAT.observe(source, Scope(Budget(Limits(inline_bytes=0))))
    assert isinstance(child, Child)
    for offset in (2_900_000, 5, 1_000_000):
        assert child.source.read(offset, 50) == data[offset : offset + 50]


def test_a_cut_end_is_said_and_what_came_out_is_seen() -> None:
    assert recognised(GOOD[:-1])
    found = facts(GOOD[:-1])
    assert isinstance(found[0], Gap)
    assert content(found) == EVIL


def test_a_wrong_checksum_is_corrupt_and_what_came_out_is_seen() -> None:
    data = EVIL + random.Random(7).randbytes(5000)
    packed = bytearray(bz2.compress(data))
    packed[10] ^= 1
    found = facts(bytes(packed))
    assert isinstance(found[0], Gap)
    assert content(found)[:4000] == data[:4000]


@pytest.mark.parametrize(
    "data",
    [b"", b"BZh9", b"BZh0" + GOOD[4:], b"BZh91AY&SX" + GOOD[10:], b"BZhello world, this is text"],
    ids=["empty", "cut", "no block size", "other mark", "text"],
)
def test_what_only_starts_alike_is_left_alone(data: bytes) -> None:
    assert not recognised(data)


@settings(max_examples=300, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(1, 255)), max_size=3),
    behind=st.binary(max_size=40),
)
def test_any_bytes_end_within_budget(flips: list[tuple[int, int]], behind: bytes) -> None:
    packed = bytearray(GOOD + behind)
    for at, bits in flips:
        packed[at] ^= bits
    budget = Budget(Limits(expanded_bytes=1 << 16, members=4))
    source = MemorySource(bytes(packed))
    try:
        FORMAT.recognise(Head(source))
        for fact in FORMAT.observe(source, Scope(budget)):
            if isinstance(fact, Child):
                fact.source.read(0, fact.source.size)
    except LimitReached:
        assert budget.members > 4 or budget.expanded > 1 << 16


def test_a_wrong_checksum_hides_nothing() -> None:
    broken = GOOD[:-4] + b"abcd"
    assert recognised(broken)
    found = facts(broken)
    assert [fact for fact in found if isinstance(fact, Gap)]
    assert content(found)[:-1] in EVIL
    assert len(content(found)) >= len(EVIL) - 1
