"""MW409: a constant of the pickle is a pickle itself."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW409",
    name="embedded-pickle",
    severity=Severity.INFO,
    summary="A constant inside the pickle is a complete pickle.",
    explanation=(
        "One of the file's byte strings can be unpickled by itself. Some libraries store objects this way. It is also how a "
        "payload is carried past scanners that look at the outer pickle alone. The inner pickle has been read like a file of "
        "its own: what it would do is told by other findings, and if there are none it does nothing of note."
    ),
    remedy="Nothing needs to be done for this alone. Look for other findings whose path leads into the constant.",
    cwe=(502,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.EMBEDDED_PICKLE, subject, detail):
            return Judgement(
                subject=shorten(subject), message=f"A constant in this file is a pickle: {shorten(detail)}."
            )
    return None


POLICY = Policy(RULE, _judge)
