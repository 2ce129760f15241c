"""MW412 tells of frames that readers disagree about and of nothing else."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Import, Observation, Quirk
from modelwarden.domain.value import Global
from modelwarden.policies.stream_confusion import POLICY

INNOCENT: list[Observation] = [
    Import(Global("pickle", "loads"), Span(0, 1)),
    *(Anomaly(quirk, "x", "y", Span(0, 1)) for quirk in Quirk if quirk is not Quirk.STREAM_CONFUSION),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_other_facts_are_none_of_its_business(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_a_crossed_frame_is_told() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.STREAM_CONFUSION, "frame", "a token crosses", Span(9, 3)))
    assert judgement is not None
    assert judgement.subject == "frame"
    assert "a token crosses" in judgement.message
