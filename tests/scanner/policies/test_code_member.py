"""MW212: programs and scripts that are no libraries, then code that is openly named."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Observation, Place, Program, Quirk
from modelwarden.policies.code_member import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Program("ELF", Place.FILE, "ops.so", SPAN),
        Program("ELF", Place.MEMBER, "model/payload", SPAN),
        Program("PE", Place.MEMBER, "model/setup.exe", SPAN),
        Program("script", Place.MEMBER, "model/run.sh", SPAN),
        Program("Python", Place.FILE, "model.pth", SPAN),
        Anomaly(Quirk.POLYGLOT, "end", "4 bytes follow", SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_belongs_there(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (Program("Python", Place.MEMBER, "model/helpers.py", SPAN), "Python code"),
        (Program("ELF", Place.MEMBER, "model/ops.so", SPAN), "native library"),
        (Program("ELF", Place.MEMBER, "model/libops.so.1", SPAN), "native library"),
        (Program("PE", Place.MEMBER, "model/ops.dll", SPAN), "native library"),
        (Program("Mach-O", Place.MEMBER, "model/ops.dylib", SPAN), "native library"),
    ],
    ids=str,
)
def test_reports_what_does_not(fact: Observation, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
    assert judgement.message
