"""MW403: other oddities, then what is built to expand."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.policies.decompression_bomb import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [Anomaly(quirk, "a", "detail", SPAN) for quirk in Quirk if quirk is not Quirk.EXPANSION],
    ids=str,
)
def test_says_nothing_of_other_facts(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_reports_what_is_built_to_expand() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.EXPANSION, "the archive", "it holds itself", SPAN))
    assert judgement is not None
    assert judgement.subject == "the archive"
    assert "it holds itself" in judgement.message
