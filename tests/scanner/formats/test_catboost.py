"""Models of CatBoost state nothing; lengths that lie are stated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.formats.catboost import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.boosters import catboost


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize("data", [catboost(), catboost() + b"parts"], ids=["plain", "parts behind it"])
def test_a_model_states_nothing(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize("data", [b"", b"CBM1", b"CBM2" + catboost()[4:], b"CBM1\0\0\0\0", catboost()[1:]])
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


@pytest.mark.parametrize(
    "data",
    [
        catboost()[:-9],
        catboost(1 << 31),
        catboost(2),
        catboost(root=64),
        catboost(root=0),
        catboost(root=(1 << 32) - 1),
    ],
    ids=[
        "cut",
        "length beyond the end",
        "no room for a root",
        "root behind the end",
        "root at itself",
        "overflow",
    ],
)
def test_lengths_that_lie_are_a_gap(data: bytes) -> None:
    assert [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


@given(st.binary(max_size=40))
def test_any_bytes_end(data: bytes) -> None:
    FORMAT.recognise(Head(MemorySource(b"CBM1" + data)))
    assert all(isinstance(fact, Gap) for fact in facts(b"CBM1" + data))
