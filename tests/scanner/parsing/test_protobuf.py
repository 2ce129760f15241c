"""The wire format: what is a field, what is none, and what it costs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import LimitReached
from modelwarden.parsing.protobuf import (
    BYTES,
    END_GROUP,
    FIXED32,
    FIXED64,
    GROUP,
    VARINT,
    MalformedMessage,
    Wire,
)
from modelwarden.source.memory import MemorySource
from tests.guard import ends
from tests.scanner.parsing.tensorflow.messages import field, varint


def wire(data: bytes) -> Wire:
    return Wire(MemorySource(data))


def seen(data: bytes, *, clipped: bool = False) -> tuple[list[tuple[int, int, int, int]], str]:
    """Number, wire type, value and size of each field, and why reading stopped."""
    found: list[tuple[int, int, int, int]] = []
    try:
        for one in wire(data).fields(clipped=clipped):
            found.append((one.number, one.wire, one.value, one.size))
    except MalformedMessage as error:
        return found, str(error)
    return found, ""


def test_reads_every_wire_type() -> None:
    data = (
        field(1, 300) + field(2, "text") + bytes([3 << 3 | FIXED64]) + (7).to_bytes(8, "little")
        + bytes([4 << 3 | FIXED32]) + (9).to_bytes(4, "little")
    )  # fmt: skip
    assert seen(data) == ([(1, VARINT, 300, 2), (2, BYTES, 0, 4), (3, FIXED64, 7, 8), (4, FIXED32, 9, 4)], "")


@pytest.mark.parametrize("length", [0, 1, 127, 128, 16_383, 16_384, 70_000])
@pytest.mark.parametrize("number", [1, 15, 16, 2_047, 2_048])
def test_reads_payloads_of_any_length(number: int, length: int) -> None:
    data = field(number, b"x" * length) + field(1, 1)
    assert seen(data) == ([(number, BYTES, 0, length), (1, VARINT, 1, 1)], "")
    one = next(wire(data).fields())
    assert wire(data).payload(one, 1 << 20) == b"x" * length
    assert wire(data).payload(one, 3) == b"x" * min(3, length)


def test_reads_nested_messages_within_their_bounds() -> None:
    data = field(1, field(1, "a") + field(2, "b")) + field(2, "c")
    reader = wire(data)
    outer = next(reader.fields())
    assert [reader.text(one, 9) for one in reader.fields(outer.start, outer.end)] == ["a", "b"]


def test_text_that_is_no_utf_8_is_replaced() -> None:
    reader = wire(field(1, b"\xff"))
    assert reader.text(next(reader.fields()), 9) == "\ufffd"


def test_groups_are_passed_by() -> None:
    group = bytes([3 << 3 | GROUP]) + field(1, 5) + field(2, "x") + bytes([3 << 3 | END_GROUP])
    assert seen(field(1, 1) + group + field(2, 2)) == ([(1, VARINT, 1, 1), (2, VARINT, 2, 1)], "")


def test_a_number_is_unsigned_and_takes_64_bits() -> None:
    assert seen(b"\x08" + b"\xff" * 9 + b"\x01")[0] == [(1, VARINT, (1 << 64) - 1, 10)]


BROKEN = {
    "a field without a number": b"\x02\x00",
    "a wire type that is none": b"\x0f",
    "a tag that is cut off": b"\x88",
    "a number that is cut off": b"\x08\x80",
    "a number of eleven bytes": b"\x08" + b"\x80" * 10 + b"\x01",
    "a length past the end": b"\x0a\x05abc",
    "a length beyond reason": b"\x0a" + b"\xff" * 9 + b"\x01",
    "fixed numbers that are cut off": b"\x0d\x01\x02",
    "a group that does not end": b"\x0b\x08\x01",
    "a group that did not begin": b"\x0c",
    "groups nested too deep": b"\x0b" * 500 + b"\x0c" * 500,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))
@pytest.mark.parametrize("clipped", [False, True])
def test_what_is_no_field_is_said_after_what_was_seen(data: bytes, clipped: bool) -> None:
    found, reason = seen(field(1, 1) + data, clipped=clipped)
    assert found[0] == (1, VARINT, 1, 1)
    assert reason


def test_a_field_that_is_cut_off_is_given_as_far_as_it_goes_when_asked() -> None:
    assert seen(b"\x0a\x05abc")[0] == []
    assert seen(b"\x0a\x05abc", clipped=True)[0] == [(1, BYTES, 0, 3)]


def test_a_limit_of_fields_is_kept() -> None:
    with pytest.raises(LimitReached):
        list(Wire(MemorySource(field(1, 1) * 11), 10).fields())


class Counting:
    """Very many zeros behind a start; counts what is read."""

    def __init__(self, start: bytes, size: int) -> None:
        self.size = size
        self.count = 0
        self._start = start

    def read(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.size - offset))
        self.count += length
        return self._start[offset : offset + length].ljust(length, b"\0")


def test_a_payload_of_two_gigabytes_is_not_read() -> None:
    start = b"\x0a" + varint(2 << 30)
    source = Counting(start, len(start) + (2 << 30))
    assert [one.size for one in Wire(source).fields()] == [2 << 30]
    assert source.count < 1 << 18


def test_half_a_million_fields_end() -> None:
    data = field(1, field(1, "layer/name") + field(2, "MatMul") + field(3, "a") * 3) * 100_000
    reader = wire(data)
    with ends():
        assert sum(1 for outer in reader.fields() for _ in reader.fields(outer.start, outer.end)) == 500_000


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=200), clipped=st.booleans())
def test_any_bytes_end_in_fields_within_them_or_a_reason(data: bytes, clipped: bool) -> None:
    try:
        for one in wire(data).fields(clipped=clipped):
            assert 0 <= one.start <= one.end <= len(data)
    except MalformedMessage:
        pass
