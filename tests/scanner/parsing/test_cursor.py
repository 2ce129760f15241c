"""Numbers and texts are read through a window that never reads far beyond what is asked."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.cursor import Cursor, PastEnd
from modelwarden.source.memory import MemorySource


def test_reads_numbers_in_either_order() -> None:
    assert Cursor(MemorySource(b"\1\0\0\0")).number(4) == 1
    assert Cursor(MemorySource(b"\1\0\0\0"), "big").number(4) == 1 << 24


def test_says_what_is_missing() -> None:
    cursor = Cursor(MemorySource(b"abc"))
    assert cursor.take(2, "two letters") == b"ab"
    with pytest.raises(PastEnd, match="a name takes 1,000,000 bytes, 1 are left") as error:
        cursor.take(1_000_000, "a name")
    assert (error.value.needed, error.value.offset) == (1_000_000, 2)
    with pytest.raises(PastEnd):
        cursor.skip(1 << 70, "numbers")
    assert cursor.left == 1


@given(st.lists(st.binary(max_size=9000), max_size=30), st.sampled_from([4, 8]), st.integers(0, 3))
def test_passes_by_texts_to_the_byte(texts: list[bytes], width: int, more: int) -> None:
    code = "<I" if width == 4 else "<Q"
    data = b"".join(struct.pack(code, len(text)) + text for text in texts)
    cursor = Cursor(MemorySource(b"head" + data + b"tail"))
    assert cursor.take(4, "the head") == b"head"
    cursor.skip_texts(len(texts), width)
    assert cursor.take(4, "the tail") == b"tail"
    short = Cursor(MemorySource(data))
    if more:
        with pytest.raises(PastEnd):
            short.skip_texts(len(texts) + more, width)


@given(st.binary(max_size=20_000), st.lists(st.integers(0, 6000), max_size=20))
def test_takes_and_skips_keep_in_step(data: bytes, steps: list[int]) -> None:
    cursor = Cursor(MemorySource(data))
    place = 0
    for index, step in enumerate(steps):
        if place + step > len(data):
            break
        if index % 2:
            cursor.skip(step, "bytes")
        else:
            assert cursor.take(step, "bytes") == data[place : place + step]
        place += step
    assert cursor.position == place
