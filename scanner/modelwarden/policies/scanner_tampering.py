"""MW115: the file reaches for a security scanner."""

from modelwarden.domain.observation import Call, Import, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.known import Kind, classify

RULE = Rule(
    id="MW115",
    name="scanner-tampering",
    severity=Severity.CRITICAL,
    summary="The file imports a security scanner.",
    explanation=(
        "The file imports a package that scans models or files for malice. A model has no use for it; code that wants to change "
        "the scanner's lists or results when both run in one process has."
    ),
    remedy=(
        "Do not load the file, least of all in the process or environment in which you scan. Scan in an environment of its own."
    ),
    cwe=(693,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Import(target) | Call(Global() as target):
            known = classify(target)
            if known.kind is Kind.SCANNER:
                verb = "runs" if isinstance(fact, Call) else "imports"
                subject = shorten(known.subject)
                return Judgement(
                    subject=subject, message=f"Loading this file {verb} {subject}, part of {known.reason}."
                )
    return None


POLICY = Policy(RULE, _judge)
