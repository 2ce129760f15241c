"""Containers that nothing here opens are recognised and said to be unread."""

import struct

import pytest

from modelwarden.domain.format import Head, Scope
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.formats.sealed import FORMAT
from modelwarden.source.memory import MemorySource

KINDS = {
    "compress": b"\x1f\x9d\x90" + bytes(40),
    "LZ4": b"\x02\x21\x4c\x18\x20\0\0\0" + bytes(40),
    "lzip": b"LZIP\1\x0c" + bytes(40),
    "cabinet": b"MSCF\0\0\0\0" + struct.pack("<I", 80) + bytes(40),
    "cpio": b"070701" + b"0" * 104,
}


@pytest.mark.parametrize(("word", "data"), list(KINDS.items()), ids=list(KINDS))
def test_it_is_recognised_and_said_to_be_unread(word: str, data: bytes) -> None:
    source = MemorySource(data)
    assert FORMAT.recognise(Head(source))
    [gap] = FORMAT.observe(source, Scope())
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.UNSUPPORTED
    assert word in gap.detail


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f\x9d\x90",
        b"\x1f\x9d\xff" + bytes(40),
        b"\x1f\x9d\x08" + bytes(40),
        b"\x02\x21\x4c\x18" + bytes(40),
        b"\x02\x21\x4c\x18" + b"\xff" * 40,
        b"LZIP\2\x0c" + bytes(40),
        b"LZIP\1\x00" + bytes(40),
        b"MSCF\0\0\0\1" + bytes(40),
        b"MSCF" + bytes(40),
        b"070701 is no number at all, but text",
        b"0707070707" + b"x" * 40,
    ],
)
def test_other_bytes_are_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))
