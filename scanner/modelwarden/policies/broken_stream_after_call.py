"""MW411: the pickle breaks, but only after it has run something."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW411",
    name="broken-stream-after-call",
    severity=Severity.WARNING,
    summary="The stream is malformed after something that has already run.",
    explanation=(
        "Loading the file fails, but only after it has called something. The error makes people and tools take the file for "
        "damaged and harmless, while its payload has done its work. Files that are cut short by accident look the same, and "
        "what stands behind the break cannot be judged."
    ),
    remedy=(
        "Do not load the file, not even to see whether it works. Look at the other findings for what it calls. If it is a "
        "download that was cut short, fetch it again and scan it again."
    ),
    cwe=(693,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.BROKEN_AFTER_CALL, subject, detail):
            return Judgement(
                subject=shorten(subject),
                message=f"The {shorten(subject)} breaks after a call that runs all the same: {shorten(detail)}.",
            )
    return None


POLICY = Policy(RULE, _judge)
