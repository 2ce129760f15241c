"""Zstandard is recognised and said to be unread."""

import pytest

from modelwarden.domain.format import Head, Scope
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.formats.zstd import FORMAT
from modelwarden.source.memory import MemorySource

# What the zstd 1.5 command makes of "weights\n".
FRAME = bytes.fromhex("28b52ffd0458410000776569676874730a10ae8892")


def test_it_is_recognised_and_said_to_be_unread() -> None:
    assert FORMAT.recognise(Head(MemorySource(FRAME)))
    [gap] = FORMAT.observe(MemorySource(FRAME), Scope())
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.UNSUPPORTED


@pytest.mark.parametrize("data", [b"", FRAME[:8], b"\x29" + FRAME[1:], FRAME[:4] + b"\x0c" + FRAME[5:]])
def test_other_bytes_are_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))
