"""zlib has a weak signature: its header must add up and something must come out."""

import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap
from modelwarden.formats.zlib import FORMAT
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'echo'\ntR."
GOOD = zlib.compress(EVIL)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name="model.pkl.zlib")))


def content(found: list[Fact]) -> bytes:
    [child] = [fact for fact in found if isinstance(fact, Child)]
    assert child.member == "model.pkl"
    return child.source.read(0, child.source.size)


def recognised(data: bytes) -> bool:
    return FORMAT.recognise(Head(MemorySource(data)))


@pytest.mark.parametrize("level", range(10))
def test_what_zlib_packs_is_one_child(level: int) -> None:
    packed = zlib.compress(EVIL, level)
    assert recognised(packed)
    found = facts(packed)
    assert len(found) == 1
    assert content(found) == EVIL


def test_large_content_is_recognised_by_its_first_kibibyte() -> None:
    data = random.Random(7).randbytes(100_000)
    packed = zlib.compress(data)
    assert recognised(packed)
    assert content(facts(packed)) == data


def test_streams_one_after_another_are_one() -> None:
    assert content(facts(zlib.compress(EVIL[:9]) + zlib.compress(EVIL[9:]))) == EVIL


@pytest.mark.parametrize("cut", [1, 4])
def test_a_cut_end_is_said_and_what_came_out_is_seen(cut: int) -> None:
    assert recognised(GOOD[:-cut])
    found = facts(GOOD[:-cut])
    assert isinstance(found[0], Gap)
    assert content(found) == EVIL


def test_a_wrong_checksum_is_a_disagreement() -> None:
    data = EVIL + bytes(5000)
    packed = zlib.compress(data)
    found = facts(packed[:-1] + bytes([packed[-1] ^ 1]))
    assert isinstance(found[0], Anomaly)
    assert "its Adler-32 is" in found[0].detail
    assert content(found) == data


def test_a_wrong_checksum_of_less_than_a_kibibyte_is_no_zlib() -> None:
    wrong = GOOD[:-1] + bytes([GOOD[-1] ^ 1])
    with pytest.raises(zlib.error):
        zlib.decompressobj().decompress(wrong)
    assert not recognised(wrong)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"x\x9c",
        b"x^2 + y^2 = z^2\n",
        b"x^" + b"the quick brown fox jumps over the lazy dog " * 50,
        b"xxxx",
        b"\x78\x9d" + GOOD[2:],
        b"\x78\xbb\0\0\0\1" + GOOD[2:],
        b"\x58\x85" + GOOD[2:],
    ],
    ids=["empty", "x", "header", "formula", "text", "letters", "check bits", "dictionary", "other window"],
)
def test_what_only_starts_alike_is_left_alone(data: bytes) -> None:
    assert not recognised(data)


def test_random_bytes_behind_a_right_header_are_left_alone() -> None:
    generator = random.Random(7)
    assert not any(recognised(b"\x78\x9c" + generator.randbytes(5000)) for _ in range(2000))
    floats = [b"\x78\x01" + generator.randbytes(length) for length in range(200)]
    assert sum(map(recognised, floats)) <= 2


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


def test_a_smaller_window_counts_under_a_name_that_says_so() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 9)
    source = MemorySource(packer.compress(EVIL * 20) + packer.flush())
    assert FORMAT.recognise(Head(source, ".zlib"))
    assert not FORMAT.recognise(Head(source, ".bin"))
    [child] = FORMAT.observe(source, Scope())
    assert isinstance(child, Child)
    assert child.source.read(0, 1 << 20) == EVIL * 20
