"""All five pickles of a legacy checkpoint are read; the numbers behind them are numbers."""

import pickle
import random

import pytest

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Call, Gap, Shortfall
from modelwarden.formats.pytorch_legacy import FORMAT
from modelwarden.source.memory import MemorySource

MAGIC = 0x1950A86A20F9469CFC6C
HEADER = [MAGIC, 1001, {"little_endian": True}]
EVIL = b"cos\nsystem\n(S'id'\ntR."


def checkpoint(*pickles: bytes, protocol: int = 2) -> bytes:
    return b"".join(pickle.dumps(part, protocol) for part in HEADER) + b"".join(pickles)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


OBJECT, KEYS = pickle.dumps({"w": 1}, 2), pickle.dumps(["0"], 2)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_recognised_in_every_protocol_torch_may_be_told_to_use(protocol: int) -> None:
    assert FORMAT.recognise(Head(MemorySource(checkpoint(OBJECT, KEYS, protocol=protocol)), ".bin"))


@pytest.mark.parametrize(
    "data", [b"", pickle.dumps(MAGIC + 1, 2), b"x" * 40, pickle.dumps({"a": MAGIC + 2}, 4)]
)
def test_other_pickles_are_not_checkpoints(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".pt"))


def test_numbers_behind_the_pickles_are_left_alone() -> None:
    numbers = random.Random(1).randbytes(5000)
    assert facts(checkpoint(OBJECT, KEYS, numbers)) == []


def test_a_sixth_pickle_is_handed_on_for_who_goes_on_unpickling() -> None:
    [child] = facts(checkpoint(OBJECT, KEYS, EVIL))
    assert isinstance(child, Child)
    assert child.source.read(0, 100) == EVIL


@pytest.mark.parametrize("place", [0, 1])
def test_a_payload_in_any_of_the_pickles_is_found(place: int) -> None:
    parts = [OBJECT, KEYS]
    parts[place] = EVIL
    [call] = facts(checkpoint(*parts))
    assert isinstance(call, Call)


def test_a_missing_pickle_is_a_gap() -> None:
    [gap] = facts(checkpoint(OBJECT))
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.MALFORMED
    assert "4 of 5" in gap.detail
