"""A slice sees its part and nothing else."""

from modelwarden.source.memory import MemorySource
from modelwarden.source.slice import SliceSource


def test_sees_only_its_part() -> None:
    part = SliceSource(MemorySource(b"0123456789"), 2, 5)
    assert part.size == 5
    assert part.read(0, 100) == b"23456"
    assert part.read(4, 100) == b"6"
    assert part.read(5, 1) == part.read(0, -1) == b""


def test_is_cut_where_the_source_ends() -> None:
    source = MemorySource(b"0123456789")
    assert SliceSource(source, 8, 100).read(0, 100) == b"89"
    assert SliceSource(source, 100, 5).size == SliceSource(source, 3, -1).size == 0


def test_a_slice_of_a_slice_stays_within_both() -> None:
    outer = SliceSource(MemorySource(b"0123456789"), 2, 5)
    assert SliceSource(outer, 1, 2).read(0, 9) == b"34"
    assert SliceSource(outer, 3, 100).read(0, 9) == b"56"


def test_a_thousand_slices_deep_costs_no_recursion() -> None:
    source = SliceSource(MemorySource(b"x" * 5000), 0, 5000)
    for _ in range(4000):
        source = SliceSource(source, 1, 5000)
    assert source.size == 1000
    assert source.read(0, 2) == b"xx"
