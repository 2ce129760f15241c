"""MW410: other oddities and programs elsewhere, then what follows the end."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Observation, Place, Program, Quirk
from modelwarden.policies.trailing_data import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Program("ELF", Place.FILE, "payload", SPAN),
        Program("ELF", Place.DATA, "payload", SPAN),
        Anomaly(Quirk.POLYGLOT, "end", "4 bytes follow", SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_belongs_there(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (Anomaly(Quirk.TRAILING_DATA, "end", "4 bytes follow the last value", SPAN), "end"),
        (Program("ELF", Place.TAIL, "model.gguf", SPAN), "model.gguf"),
        (Program("script", Place.TAIL, "model.gguf", SPAN), "model.gguf"),
    ],
    ids=str,
)
def test_reports_what_does_not(fact: Observation, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
    assert judgement.message
