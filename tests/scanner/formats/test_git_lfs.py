"""A pointer is not the model: its absence is said."""

import pytest

from modelwarden.domain.format import Head, Scope
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.formats.git_lfs import FORMAT
from modelwarden.source.memory import MemorySource

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12345\n"


def test_a_pointer_is_recognised_and_said_to_be_absent() -> None:
    assert FORMAT.recognise(Head(MemorySource(POINTER), ".pt"))
    [gap] = FORMAT.observe(MemorySource(POINTER), Scope())
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.ABSENT
    assert "git lfs pull" in gap.detail


@pytest.mark.parametrize("data", [b"", b"version 1\n", POINTER + b"x" * 1024])
def test_other_text_is_not_a_pointer(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ""))
