"""MW405: one name stands for two members."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW405",
    name="duplicate-member",
    severity=Severity.WARNING,
    summary="An archive holds two members of one name.",
    explanation=(
        "Two members of the archive bear the same name and differ in content. Some readers take the first, some the last: what "
        "a scanner or a reviewer sees need not be what the loader uses. All of them have been scanned here."
    ),
    remedy="Do not load the file. Save the model again with the library that made it.",
    cwe=(436,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.DUPLICATE_MEMBER, subject, detail):
            name = shorten(subject)
            return Judgement(
                subject=name, message=f"The archive holds {name} more than once: {shorten(detail)}."
            )
    return None


POLICY = Policy(RULE, _judge)
