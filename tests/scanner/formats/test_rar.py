"""RAR archives are recognised and said to be unread."""

import pytest

from modelwarden.domain.format import Head, Scope
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.formats.rar import FORMAT
from modelwarden.source.memory import MemorySource


@pytest.mark.parametrize("start", [b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\1\0", b"RE\x7e\x5e"])
def test_it_is_recognised_and_said_to_be_unread(start: bytes) -> None:
    source = MemorySource(start + bytes(40))
    assert FORMAT.recognise(Head(source, ".pkl"))
    [gap] = FORMAT.observe(source, Scope())
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.UNSUPPORTED


@pytest.mark.parametrize(
    "data", [b"", b"Rar!", b"Rar!\x1a\x07\2" + bytes(40), b"RETURN" + bytes(40), b"Rar!\x1a\x07\0"]
)
def test_other_bytes_are_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))
