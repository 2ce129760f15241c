"""MW416: other oddities first, then its own."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Import, Mismatch, Observation, Quirk
from modelwarden.domain.value import Global
from modelwarden.policies.legacy_loader import POLICY

SPAN = Span(4, 30)

INNOCENT: list[Observation] = [
    *(
        Anomaly(quirk, "data.pkl", "something is odd", SPAN)
        for quirk in Quirk
        if quirk is not Quirk.LEGACY_LOADER
    ),
    Mismatch("Python pickle", ".txt", SPAN),
    Import(Global("os", "system"), SPAN),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_says_nothing_of_other_facts(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_names_the_thing_and_the_detail() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.LEGACY_LOADER, "data.pkl", "its parts differ", SPAN))
    assert judgement is not None
    assert judgement.subject == "data.pkl"
    assert judgement.message.endswith("its parts differ.")


def test_keeps_an_attackers_text_short() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.LEGACY_LOADER, "n" * 10_000, "d" * 10_000, SPAN))
    assert judgement is not None
    assert len(judgement.subject) <= 200
    assert len(judgement.message) < 800
