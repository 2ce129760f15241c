"""MW401: other oddities, then members that escape."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Observation, Quirk, Reference, Role
from modelwarden.policies.archive_path_traversal import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        *(Anomaly(quirk, "../x", "climbs", SPAN) for quirk in Quirk if quirk is not Quirk.PATH_TRAVERSAL),
        Reference(Role.TENSORS, "../weights.bin", "w", SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_other_facts(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_reports_a_member_that_escapes() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.PATH_TRAVERSAL, "../" * 200, "its name climbs out by `..`", SPAN))
    assert judgement is not None
    assert len(judgement.subject) == 200
    assert "its name climbs out" in judgement.message
