"""LZMA alone has no signature: the usual properties must stand there and something must come out."""

import lzma
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Gap
from modelwarden.formats.lzma import FORMAT
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'echo'\ntR."
GOOD = lzma.compress(EVIL, lzma.FORMAT_ALONE)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name="model.pkl.lzma")))


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


def test_a_stated_size_without_an_end_mark_will_do() -> None:
    data = random.Random(7).randbytes(50_000)
    packed = lzma.compress(data, lzma.FORMAT_ALONE)
    stated = packed[:5] + len(data).to_bytes(8, "little") + packed[13:]
    assert lzma.decompress(stated) == data
    assert recognised(stated)
    assert content(facts(stated)) == data


def test_streams_one_after_another_are_one() -> None:
    packed = lzma.compress(EVIL[:9], lzma.FORMAT_ALONE) + lzma.compress(EVIL[9:], lzma.FORMAT_ALONE)
    assert lzma.decompress(packed) == EVIL
    assert content(facts(packed)) == EVIL


def test_a_cut_end_is_said_and_what_came_out_is_seen() -> None:
    packed = lzma.compress(EVIL + bytes(5000), lzma.FORMAT_ALONE)[:-6]
    assert recognised(packed)
    found = facts(packed)
    assert isinstance(found[0], Gap)
    assert content(found).startswith(EVIL)


def test_a_huge_dictionary_is_not_provided() -> None:
    packed = GOOD[:1] + b"\0\x01\0\xff" + GOOD[5:]
    assert recognised(packed)
    assert content(facts(packed)) == EVIL


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"]\0\0",
        b"]\0\0\x80\0" + b"\xff" * 8 + b"\x01" + GOOD[14:],
        b"] = 5\n",
        b"\x5e" + GOOD[1:],
    ],
    ids=["empty", "cut", "first byte of the coder", "text", "other properties"],
)
def test_what_only_starts_alike_is_left_alone(data: bytes) -> None:
    assert not recognised(data)


def test_random_bytes_behind_a_right_header_are_left_alone() -> None:
    generator = random.Random(7)
    header = b"]\0\0\x80\0" + b"\xff" * 8
    assert sum(recognised(header + b"\0" + generator.randbytes(3000)) for _ in range(500)) == 0


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


@pytest.mark.parametrize(("lc", "lp", "pb"), [(0, 2, 0), (4, 0, 2), (3, 0, 0)])
def test_unusual_properties_count_under_a_name_that_says_so(lc: int, lp: int, pb: int) -> None:
    chain = [{"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb}]
    source = MemorySource(lzma.compress(EVIL * 20, lzma.FORMAT_ALONE, filters=chain))
    assert FORMAT.recognise(Head(source, ".lzma"))
    assert FORMAT.recognise(Head(source, ".xz"))
    assert not FORMAT.recognise(Head(source, ".bin"))
    [child] = FORMAT.observe(source, Scope())
    assert isinstance(child, Child)
    assert child.source.read(0, 1 << 20) == EVIL * 20
