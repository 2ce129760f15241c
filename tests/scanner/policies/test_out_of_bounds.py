"""MW414: other oddities, then what leads outside."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Import, Observation, Quirk
from modelwarden.domain.value import Global
from modelwarden.policies.out_of_bounds import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Anomaly(Quirk.POLYGLOT, "end", "9 bytes follow", SPAN),
        Anomaly(Quirk.TRAILING_DATA, "end", "9 bytes follow", SPAN),
        Anomaly(Quirk.HEADER_DISAGREEMENT, "a", "shared", SPAN),
        Import(Global("os", "system"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_other_oddities(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_reports_what_leads_outside() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.OUT_OF_BOUNDS, "blk.0.w", "it begins 9 bytes past the end", SPAN))
    assert judgement is not None
    assert judgement.subject == "blk.0.w"
    assert "it begins 9 bytes past the end" in judgement.message
