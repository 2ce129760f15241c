"""FlatBuffers and the little of FlexBuffers that is read, put together by hand."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.flatbuffers import Flat, MalformedBuffer, flex_texts
from modelwarden.source.memory import MemorySource

TABLE = (
    (16).to_bytes(4, "little")  # 0: the root stands at 16
    + (10).to_bytes(2, "little") + (12).to_bytes(2, "little")  # 4: a layout of 10 bytes, a table of 12
    + (4).to_bytes(2, "little") + bytes(2) + (8).to_bytes(2, "little")  # fields 0 and 2, none between
    + bytes(2)
    + (12).to_bytes(4, "little", signed=True)  # 16: the table, its layout 12 bytes before
    + (4).to_bytes(4, "little")  # 20: field 0, a text 4 bytes on
    + (0xFFFF_FFFE).to_bytes(4, "little")  # 24: field 2, a number
)  # fmt: skip
BUFFER = TABLE[:24] + (2).to_bytes(4, "little") + b"hi\0\0"


def flat(data: bytes) -> Flat:
    return Flat(MemorySource(data))


def test_reads_numbers_by_the_layout() -> None:
    reader = flat(TABLE)
    root = reader.root()
    assert root == 16
    assert reader.scalar(root, 2, 4) == 0xFFFF_FFFE
    assert reader.scalar(root, 2, 4, signed=True) == -2


def test_fields_that_are_not_there_are_nothing() -> None:
    reader = flat(TABLE)
    assert reader.field(16, 1) is None
    assert reader.field(16, 99) is None
    assert reader.scalar(16, 1, 4) == 0
    assert reader.text(16, 1, 9) == ""
    assert list(reader.tables(16, 3)) == []


def test_reads_texts() -> None:
    assert flat(BUFFER).text(16, 0, 9) == "hi"
    assert flat(BUFFER).text(16, 0, 1) == "h"


@pytest.mark.parametrize("data", [
    b"", b"\1", bytes(8), b"\xff\xff\xff\x7f", TABLE[:18], TABLE[:16] + (99).to_bytes(4, "little", signed=True),
    TABLE[:16] + (-99).to_bytes(4, "little", signed=True),
])  # fmt: skip
def test_what_leads_nowhere_is_malformed(data: bytes) -> None:
    reader = flat(data)
    with pytest.raises(MalformedBuffer):
        reader.field(reader.root(), 0)


@pytest.mark.parametrize("count", [5, 0xFFFF_FFFF])
def test_a_vector_that_does_not_fit_is_malformed(count: int) -> None:
    with pytest.raises(MalformedBuffer):
        flat(BUFFER[:24] + count.to_bytes(4, "little") + b"hi\0\0").text(16, 0, 9)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_malformed(data: bytes) -> None:
    for buffer in (data, TABLE[:4] + data, TABLE[:16] + data):
        try:
            reader = flat(buffer)
            root = reader.root()
            for index in range(6):
                reader.scalar(root, index, 8)
                reader.text(root, index, 99)
                list(reader.tables(root, index))
        except MalformedBuffer:
            pass


# The vector ["foo", "hello"], as the documentation of FlexBuffers lays it out: texts, their places, their types, the root.
FLEX = b"\3foo\0\5hello\0" + b"\2" + bytes([12, 8]) + bytes([5 << 2, 5 << 2]) + bytes([4, 10 << 2, 1])


def test_texts_of_a_flex_vector_are_read() -> None:
    assert flex_texts(FLEX, 9) == [b"foo", b"hello"]
    assert flex_texts(FLEX, 1) == [b"foo"]


def test_items_that_are_no_texts_are_empty() -> None:
    assert flex_texts(FLEX.replace(bytes([5 << 2, 5 << 2]), bytes([1 << 2, 5 << 2])), 9) == [b"", b"hello"]


def test_a_vector_of_texts_alone_says_so_once() -> None:
    typed = b"\3foo\0\5hello\0" + b"\2" + bytes([12, 8]) + bytes([2, 15 << 2, 1])
    assert flex_texts(typed, 9) == [b"foo", b"hello"]


@pytest.mark.parametrize(
    "data", [b"", b"\0\0", b"\1\4\1", FLEX[:-1] + b"\3", b"\xff" + FLEX[-3:], FLEX[:-2] + bytes([5 << 2, 1])]
)
def test_what_is_no_flex_vector_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedBuffer):
        flex_texts(data, 9)


@given(st.binary(max_size=60), st.integers(0, len(FLEX)))
def test_any_flex_bytes_are_read_or_malformed(data: bytes, cut: int) -> None:
    for buffer in (data, data + bytes([10 << 2, 1]), FLEX[:cut] + data + FLEX[-3:]):
        with suppress(MalformedBuffer):
            flex_texts(buffer, 9)
