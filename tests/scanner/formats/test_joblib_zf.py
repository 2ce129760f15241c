"""The oldest compressed form of joblib, as its own function still writes it."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap
from modelwarden.formats.joblib_zf import FORMAT
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'echo'\ntR."
GOOD = b"ZF" + hex(len(EVIL)).encode().ljust(19) + zlib.compress(EVIL)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name="model.pkl_01.npy.z")))


def content(found: list[Fact]) -> bytes:
    [child] = [fact for fact in found if isinstance(fact, Child)]
    assert child.member == "data"
    return child.source.read(0, child.source.size)


def recognised(data: bytes) -> bool:
    return FORMAT.recognise(Head(MemorySource(data)))


PYTHON_2 = {
    "one more space": GOOD[:21] + b" " + GOOD[21:],
    "long integer": b"ZF" + b"0x17L".ljust(19) + GOOD[21:],
    "no prefix": b"ZF" + b"17".ljust(19) + GOOD[21:],
}


@pytest.mark.parametrize("data", [GOOD, *PYTHON_2.values()], ids=["plain", *PYTHON_2])
def test_every_spelling_of_the_header_is_accepted(data: bytes) -> None:
    assert recognised(data)
    found = facts(data)
    assert len(found) == 1
    assert content(found) == EVIL


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"ZF" + b"0x18".ljust(19) + GOOD[21:], "24 bytes are stated, it holds 23"),
        (GOOD[:-1] + bytes([GOOD[-1] ^ 1]), "its Adler-32 is"),
    ],
    ids=["wrong length", "wrong checksum"],
)
def test_a_length_or_checksum_that_is_not_so_is_a_disagreement(data: bytes, detail: str) -> None:
    found = facts(data)
    assert isinstance(found[0], Anomaly)
    assert detail in found[0].detail
    assert content(found) == EVIL


def test_a_cut_end_is_said_and_what_came_out_is_seen() -> None:
    found = facts(GOOD[:-2])
    assert isinstance(found[0], Gap)
    assert content(found) == EVIL


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ZF",
        b"ZFC is a set theory, " + GOOD[21:],
        b"ZF" + b"-0x17".ljust(19) + GOOD[21:],
        GOOD[:22],
        GOOD[:21] + b"\x78\x9d" + GOOD[23:],
    ],
    ids=["empty", "cut", "text", "negative", "cut in zlib", "check bits"],
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
