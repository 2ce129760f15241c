"""MW404: two readers would not see the same content."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW404",
    name="header-disagreement",
    severity=Severity.WARNING,
    summary="Headers in the file contradict each other.",
    explanation=(
        "The file states the same thing twice and differently: a member's name, size, checksum or flags in two places of an "
        "archive, or offsets that overlap. Loaders and scanners choose different places to believe, so that a scanner can see a "
        "harmless model where the loader reads another one. Writers of archives do not produce this."
    ),
    remedy="Do not load the file. Save the model again with the library that made it, or fetch it again if it may be damaged.",
    cwe=(436,),
    references=("CVE-2025-1944", "CVE-2025-1945", "CVE-2025-10156"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.HEADER_DISAGREEMENT, subject, detail):
            name = shorten(subject)
            return Judgement(subject=name, message=f"Readers would disagree about {name}: {shorten(detail)}.")
    return None


POLICY = Policy(RULE, _judge)
