"""MW403: an archive is built to expand without end."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW403",
    name="decompression-bomb",
    severity=Severity.WARNING,
    summary="The archive is built to expand beyond reason.",
    explanation=(
        "Many members share the same compressed bytes, the archive holds itself, or compressed data was compressed again more "
        "than a hundredfold: nobody's tool does that, and whoever unpacks the file runs out of disk or memory. A large array of "
        "zeros, which any tool compresses a thousandfold, is not meant. Where the reading stopped, MW902 says so."
    ),
    remedy="Do not unpack the file. Save the model again with the library that made it.",
    cwe=(409,),
    references=("https://www.bamsoftware.com/hacks/zipbomb/", "https://research.swtch.com/zip"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.EXPANSION, subject, detail):
            name = shorten(subject)
            return Judgement(
                subject=name, message=f"{name} is built to expand beyond reason: {shorten(detail)}."
            )
    return None


POLICY = Policy(RULE, _judge)
