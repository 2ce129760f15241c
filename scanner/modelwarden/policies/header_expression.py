"""MW415: a header that must be a literal is an expression."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW415",
    name="header-expression",
    severity=Severity.CRITICAL,
    summary="A header that must be a literal is Python code.",
    explanation=(
        "The header of the file describes its content as a Python literal: a dict of texts and numbers. Here it is an expression "
        "with names or calls in it. NumPy refuses such a file today, but a reader that evaluates the header runs whatever stands "
        "there. No library writes it: somebody has put it there."
    ),
    remedy="Do not load the file with anything. Delete it, or keep it as evidence, and find out where it came from.",
    cwe=(95,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.HEADER_EXPRESSION, subject, detail):
            return Judgement(
                subject=shorten(subject),
                message=f"A reader that evaluates the {shorten(subject)} runs code: {shorten(detail)}.",
            )
    return None


POLICY = Policy(RULE, _judge)
