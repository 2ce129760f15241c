"""MW408: code that is openly named, then programs and scripts among the weights."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Observation, Place, Program, Quirk
from modelwarden.policies.executable_member import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Program("ELF", Place.FILE, "payload", SPAN),
        Program("ELF", Place.MEMBER, "model/ops.so", SPAN),
        Program("PE", Place.MEMBER, "model/ops.dll", SPAN),
        Program("Python", Place.MEMBER, "model/helpers.py", SPAN),
        Program("script", Place.FILE, "run.sh", SPAN),
        Anomaly(Quirk.POLYGLOT, "end", "4 bytes follow", SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_belongs_there(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (Program("ELF", Place.MEMBER, "model/payload", SPAN), "model/payload"),
        (Program("ELF", Place.MEMBER, "model/weights.bin", SPAN), "model/weights.bin"),
        (Program("PE", Place.MEMBER, "model/setup.exe", SPAN), "model/setup.exe"),
        (Program("Mach-O", Place.MEMBER, "run", SPAN), "run"),
        (Program("script", Place.MEMBER, "model/run.sh", SPAN), "model/run.sh"),
    ],
    ids=str,
)
def test_reports_what_does_not(fact: Observation, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
    assert judgement.message
