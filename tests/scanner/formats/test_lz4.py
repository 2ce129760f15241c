"""LZ4 frames are decompressed without a library."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Gap
from modelwarden.formats.lz4 import FORMAT
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'echo'\ntR."
JOBLIB = Path(__file__).parents[2] / "corpus" / "benign" / "joblib"
GOOD = b"\x04\x22\x4d\x18\x40\x40\xc0" + (len(EVIL) | 1 << 31).to_bytes(4, "little") + EVIL + bytes(4)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name="model.pkl.lz4")))


def content(found: list[Fact]) -> bytes:
    [child] = [fact for fact in found if isinstance(fact, Child)]
    assert child.member == "model.pkl"
    return child.source.read(0, child.source.size)


def recognised(data: bytes) -> bool:
    return FORMAT.recognise(Head(MemorySource(data)))


def test_a_frame_is_one_child() -> None:
    assert recognised(GOOD)
    found = facts(GOOD)
    assert len(found) == 1
    assert content(found) == EVIL


def test_what_joblib_packs_begins_with_a_pickle() -> None:
    packed = (JOBLIB / "lz4.joblib").read_bytes()
    assert recognised(packed)
    assert content(facts(packed)).startswith(b"\x80\x04\x95")


def test_several_frames_are_one_and_skippable_ones_nothing() -> None:
    skippable = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
    assert content(facts(GOOD + skippable + GOOD)) == EVIL * 2


@pytest.mark.parametrize("cut", [1, 4, 10])
def test_a_cut_end_is_said_and_what_came_out_is_seen(cut: int) -> None:
    assert recognised(GOOD[:-cut])
    found = facts(GOOD[:-cut])
    assert isinstance(found[0], Gap)
    assert content(found).startswith(EVIL[:-6])


@pytest.mark.parametrize(
    "data",
    [b"", GOOD[:7], b"\x05" + GOOD[1:], GOOD[:7] + b"\xff\xff\xff\x7f" + GOOD[11:]],
    ids=["empty", "no block", "other magic", "block too large"],
)
def test_broken_beginnings_are_not_recognised(data: bytes) -> None:
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
