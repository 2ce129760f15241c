"""MW402: other oddities, then links that lead out."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Observation, Quirk, Reference, Role
from modelwarden.policies.archive_link_escape import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        *(Anomaly(quirk, "latest", "detail", SPAN) for quirk in Quirk if quirk is not Quirk.LINK_ESCAPE),
        Reference(Role.LINK_OUT, "weights.bin", "w", SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_other_facts(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_reports_a_link_that_leads_out() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.LINK_ESCAPE, "latest", "it is a symbolic link to /etc", SPAN))
    assert judgement is not None
    assert judgement.subject == "latest"
    assert "it is a symbolic link to /etc" in judgement.message
