"""Models of XGBoost state nothing; what breaks or follows them is stated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.formats.xgboost import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.boosters import binary, key, text, ubjson


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


INNOCENTS = {
    "ubjson": ubjson(),
    "words": ubjson(note=text("import os; os.system('id')")),
    "padding": ubjson() + bytes(100),
    "binary": binary(),
    "binary without its mark": binary()[4:],
}


@pytest.mark.parametrize("data", list(INNOCENTS.values()), ids=list(INNOCENTS))
def test_a_model_states_nothing(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"learner": {}}',
        b"{L" + bytes(8),
        ubjson()[:10],
        b"binf" + bytes(300),
        b"{" + key("teacher") + b"{}}",
    ],
)
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


@pytest.mark.parametrize(
    "data",
    [
        ubjson()[:-1], ubjson(x=b"?"), ubjson(x=b"[#L\x7f" + b"\xff" * 7), ubjson(x=b"S" + b"L" + b"\xff" * 8),
        ubjson(x=b"[" * 600), ubjson(x=b"[$d#L\x7f" + b"\xff" * 7),
    ],
    ids=["cut", "no marker", "count beyond the end", "negative length", "nested too deeply", "overflow"],
)  # fmt: skip
def test_what_cannot_be_understood_is_a_gap(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


def test_what_follows_is_stated_and_handed_out() -> None:
    anomaly, child = facts(ubjson() + b"\0\0rest")
    assert isinstance(anomaly, Anomaly)
    assert (anomaly.quirk, anomaly.subject) == (Quirk.TRAILING_DATA, "end")
    assert isinstance(child, Child)
    assert (child.member, child.source.read(0, 9)) == (f"+{len(ubjson()) + 2}", b"rest")


@given(st.binary(max_size=60), st.integers(0, 200))
def test_any_mutation_ends(data: bytes, place: int) -> None:
    mutated = ubjson()[:place] + data + ubjson()[place + len(data) // 2 :]
    FORMAT.recognise(Head(MemorySource(mutated)))
    assert all(isinstance(fact, Anomaly | Child | Gap) for fact in (*facts(mutated), *facts(data)))
