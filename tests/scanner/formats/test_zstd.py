"""Zstandard gives what is inside; without a decompressor it is said to be unread."""

import pytest
import zstandard

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.formats.lz4 import FORMAT as LZ4
from modelwarden.formats.zstd import FORMAT
from modelwarden.parsing import zstd
from modelwarden.source.memory import MemorySource

# What the zstd 1.5 command makes of "weights\n".
FRAME = bytes.fromhex("28b52ffd0458410000776569676874730a10ae8892")
EVIL = b"cos\nsystem\n(S'echo'\ntR."
SKIPPED = b"\x50\x2a\x4d\x18\4\0\0\0skip"


def facts(data: bytes, name: str = "") -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name=name)))


def children(found: list[Fact]) -> list[tuple[str, bytes]]:
    return [(fact.member, fact.source.read(0, 1 << 20)) for fact in found if isinstance(fact, Child)]


def test_gives_what_the_command_packed() -> None:
    assert FORMAT.recognise(Head(MemorySource(FRAME)))
    found = facts(FRAME, "run.tzst")
    assert children(found) == [("run.tar", b"weights\n")]
    assert len(found) == 1


def test_several_frames_are_one_content() -> None:
    data = zstandard.compress(EVIL[:9]) + SKIPPED + zstandard.compress(EVIL[9:])
    assert children(facts(data, "m.pkl.zst")) == [("m.pkl", EVIL)]


def test_a_frame_to_be_skipped_may_come_first_and_is_not_taken_for_lz4() -> None:
    head = Head(MemorySource(SKIPPED + FRAME))
    assert FORMAT.recognise(head)
    assert not LZ4.recognise(head)
    assert children(facts(SKIPPED + FRAME)) == [("data", b"weights\n")]


def test_what_stands_behind_is_stated_and_handed_on() -> None:
    found = facts(FRAME + EVIL)
    assert children(found) == [("data", b"weights\n"), (f"+{len(FRAME)}", EVIL)]
    assert [fact.quirk for fact in found if isinstance(fact, Anomaly)] == [Quirk.POLYGLOT]


def test_a_wrong_checksum_is_a_disagreement() -> None:
    [anomaly, child] = facts(FRAME[:-1] + b"?")
    assert isinstance(anomaly, Anomaly)
    assert anomaly.quirk is Quirk.HEADER_DISAGREEMENT
    assert children([child]) == [("data", b"weights\n")]


@pytest.mark.parametrize(("data", "content"), [(FRAME[:-6], b""), (FRAME[:-2], b"weights\n")])
def test_a_cut_file_is_malformed(data: bytes, content: bytes) -> None:
    gap, child = facts(data)
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.MALFORMED
    assert children([child]) == [("data", content)] or content == b""


def test_without_a_decompressor_it_is_said_to_be_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zstd, "decompressor", lambda: None)
    [gap] = facts(FRAME)
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.UNSUPPORTED
    assert "modelwarden[archives]" in gap.detail


@pytest.mark.parametrize(
    "data", [b"", FRAME[:8], b"\x29" + FRAME[1:], FRAME[:4] + b"\x0c" + FRAME[5:], SKIPPED]
)
def test_other_bytes_are_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))
