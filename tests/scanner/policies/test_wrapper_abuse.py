"""MW418 tells of array wrappers that cannot be sized and of nothing else."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Import, Observation, Quirk
from modelwarden.domain.value import Global
from modelwarden.policies.wrapper_abuse import POLICY

INNOCENT: list[Observation] = [
    Import(Global("pickle", "loads"), Span(0, 1)),
    *(Anomaly(quirk, "x", "y", Span(0, 1)) for quirk in Quirk if quirk is not Quirk.WRAPPER_ABUSE),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_other_facts_are_none_of_its_business(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_a_wrapper_out_of_shape_is_told() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.WRAPPER_ABUSE, "wrapper", "its shape is computed", Span(9, 3)))
    assert judgement is not None
    assert judgement.subject == "wrapper"
    assert "its shape is computed" in judgement.message
