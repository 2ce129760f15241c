"""MW409 tells of pickles inside constants and of nothing else."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Import, Observation, Quirk
from modelwarden.domain.value import Global
from modelwarden.policies.embedded_pickle import POLICY

INNOCENT: list[Observation] = [
    Import(Global("pickle", "loads"), Span(0, 1)),
    *(Anomaly(quirk, "x", "y", Span(0, 1)) for quirk in Quirk if quirk is not Quirk.EMBEDDED_PICKLE),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_other_facts_are_none_of_its_business(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_a_pickle_in_a_constant_is_told() -> None:
    judgement = POLICY.judge(
        Anomaly(Quirk.EMBEDDED_PICKLE, "constant", "a bytes constant of 30 bytes", Span(9, 30))
    )
    assert judgement is not None
    assert judgement.subject == "constant"
    assert "30 bytes" in judgement.message
