"""MW407: other facts first, then names that promise something else."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Import, Mismatch, Observation, Quirk
from modelwarden.domain.value import Global
from modelwarden.policies.format_mismatch import POLICY

SPAN = Span(0, 90)


@pytest.mark.parametrize(
    "fact",
    [Anomaly(Quirk.POLYGLOT, "end", "bytes follow", SPAN), Import(Global("os", "system"), SPAN)],
    ids=str,
)
def test_says_nothing_of_other_facts(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_says_what_it_is_and_what_it_claims() -> None:
    judgement = POLICY.judge(Mismatch("Python pickle", ".safetensors", SPAN))
    assert judgement is not None
    assert judgement.subject == ".safetensors"
    assert "Python pickle" in judgement.message
    assert ".safetensors" in judgement.message
