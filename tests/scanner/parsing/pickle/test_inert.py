"""Tier 1 walks every inert token, whole windows at a time, and stops where something could act."""

import pickle
import pickletools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.pickle import opcodes
from modelwarden.parsing.pickle.inert import walk
from modelwarden.source.memory import MemorySource

INERT = [
    None, True, 2**40, -1, 2**300, 1.5, "a", "ü" * 100, "x" * 70_000, b"b" * 300, bytearray(b"c" * 70_000), (1, 2, 3, 4),
    {"k": [1]},
    {1, 2}, frozenset({3}), "line\nbreak\\", [float(i) for i in range(30_000)], {str(i): i for i in range(30_000)},
]  # fmt: skip


@pytest.mark.parametrize("protocol", range(6))
def test_inert_pickles_are_walked_to_their_stop(protocol: int) -> None:
    for thing in INERT:
        stream = pickle.dumps(thing, protocol)
        if any(op.name in ("GLOBAL", "REDUCE", "STACK_GLOBAL") for op, _, _ in pickletools.genops(stream)):
            continue
        passed = walk(MemorySource(stream + b"tail"), 0)
        assert (passed.end, passed.offset) == ("stop", len(stream)), (protocol, str(thing)[:50])


@given(st.integers(0, 200_000), st.sampled_from(sorted(opcodes.ACTIVE)))
def test_the_first_active_opcode_is_found_wherever_it_stands(before: int, code: int) -> None:
    stream = b"\x80\x02" + b"N0" * (before // 2) + b"N" * (before % 2) + bytes((code,))
    passed = walk(MemorySource(stream), 0)
    assert (passed.end, passed.offset) == ("active", len(stream) - 1)


def test_the_table_of_opcodes_is_that_of_pickletools() -> None:
    known = (
        opcodes.ACTIVE
        | opcodes.PLAIN
        | opcodes.LINES
        | set(opcodes.FIXED)
        | set(opcodes.COUNTED)
        | {opcodes.STOP}
    )
    assert known == {ord(op.code) for op in pickletools.opcodes}


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"\x80\x04N", "before STOP"),
        (b"\x80\x04\x8c\x05ab", "inside a constant"),
        (b"\x80\x04Vab", "inside a line"),
        (b"\x80\x04\xf0.", "no opcode"),
        (b"\x80\x09N.", "protocol 9"),
        (b"\x8b\xff\xff\xff\xff.", "negative"),
        (b"", "before STOP"),
    ],
)
def test_what_is_no_pickle_is_said_to_be_broken(stream: bytes, reason: str) -> None:
    passed = walk(MemorySource(stream), 0)
    assert passed.end == "broken"
    assert reason in passed.reason


@given(st.binary(max_size=300), st.integers(0, 300))
def test_any_bytes_end_in_a_verdict(stream: bytes, offset: int) -> None:
    passed = walk(MemorySource(stream), min(offset, len(stream)))
    assert passed.end in ("stop", "active", "broken")
    assert passed.offset <= len(stream)
