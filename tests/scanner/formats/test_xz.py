"""xz is recognised by its signature and checksum, and never given more memory than is allowed."""

import lzma
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.formats.xz import FORMAT
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'echo'\ntR."
GOOD = lzma.compress(EVIL)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name="model.pkl.xz")))


def content(found: list[Fact]) -> bytes:
    [child] = [fact for fact in found if isinstance(fact, Child)]
    assert child.member == "model.pkl"
    return child.source.read(0, child.source.size)


def recognised(data: bytes) -> bool:
    return FORMAT.recognise(Head(MemorySource(data)))


@pytest.mark.parametrize("preset", [0, 6, 9])
@pytest.mark.parametrize("check", [lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_SHA256])
def test_what_python_packs_is_one_child(preset: int, check: int) -> None:
    packed = lzma.compress(EVIL, preset=preset, check=check)
    assert recognised(packed)
    found = facts(packed)
    assert len(found) == 1
    assert content(found) == EVIL


def test_several_streams_and_padding_are_one() -> None:
    packed = lzma.compress(EVIL[:9]) + bytes(8) + lzma.compress(EVIL[9:])
    assert content(facts(packed)) == EVIL


def test_large_content_is_recognised_by_its_beginning() -> None:
    data = random.Random(7).randbytes(300_000)
    packed = lzma.compress(data)
    assert recognised(packed)
    assert content(facts(packed)) == data


@pytest.mark.parametrize("cut", [1, 20])
def test_a_cut_end_is_said_and_what_came_out_is_seen(cut: int) -> None:
    assert recognised(GOOD[:-cut])
    found = facts(GOOD[:-cut])
    assert isinstance(found[0], Gap)
    assert content(found) == EVIL


def test_a_stream_that_wants_too_much_memory_is_a_limit_not_nothing() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}]
    packed = bytearray(lzma.compress(EVIL, filters=filters))
    small, large = _block_header(1 << 16), _block_header(1 << 29)
    assert small in packed
    packed[12:24] = large
    assert recognised(bytes(packed))
    found = facts(bytes(packed))
    assert isinstance(found[0], Gap)
    assert found[0].shortfall is Shortfall.LIMIT
    assert "memory" in found[0].detail


def _block_header(dictionary: int) -> bytes:
    """The header of a block with one LZMA2 filter; `dictionary` a power of two (xz-file-format, 3.1 and 5.3.1)."""
    bits = 2 * (dictionary.bit_length() - 1 - 12)
    header = bytes([2, 0, 0x21, 1, bits, 0, 0, 0])
    return header + zlib.crc32(header).to_bytes(4, "little")


@pytest.mark.parametrize(
    "data",
    [b"", GOOD[:11], GOOD[:7] + b"\x05" + GOOD[8:]],
    ids=["empty", "cut", "wrong header checksum"],
)
def test_broken_beginnings_are_not_recognised(data: bytes) -> None:
    assert not recognised(data)


def test_a_good_header_before_rubbish_is_a_gap_and_not_passed_by() -> None:
    broken = GOOD[:12] + b"\xff" * 40
    assert recognised(broken)
    assert [fact for fact in facts(broken) if isinstance(fact, Gap)]


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
