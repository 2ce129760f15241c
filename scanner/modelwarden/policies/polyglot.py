"""MW406: the file is more than one thing."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW406",
    name="polyglot",
    severity=Severity.WARNING,
    summary="The file holds a second content before or after the first.",
    explanation=(
        "Bytes stand before or after what the format describes, or the file is valid in two formats at once. Loaders decide by "
        "the first or the last bytes, so one of them may load what another never looks at: torch.load, for one, runs a pickle "
        "in front of a clean archive. Both contents have been scanned here."
    ),
    remedy="Do not load the file. Save the model again with the library that made it, so that it holds one content.",
    cwe=(436,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.POLYGLOT, subject, detail):
            return Judgement(
                subject=shorten(subject), message=f"The file holds more than one content: {shorten(detail)}."
            )
    return None


POLICY = Policy(RULE, _judge)
