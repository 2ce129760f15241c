"""Bytes in memory behave like a file."""

from modelwarden.source.memory import MemorySource


def test_reads_anywhere_and_stops_at_the_end() -> None:
    source = MemorySource(b"abcdef")
    assert source.size == 6
    assert source.read(2, 2) == b"cd"
    assert source.read(4, 100) == b"ef"
    assert source.read(6, 1) == source.read(100, 1) == source.read(0, 0) == source.read(3, -1) == b""
