"""MW412: the pickle is written so that its readers disagree on what it says."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW412",
    name="stream-confusion",
    severity=Severity.WARNING,
    summary="The pickle is built so that readers of it see different programs.",
    explanation=(
        "A pickle's frames only say how much to read at once, and every writer ends them between two opcodes. Here an opcode "
        "crosses the end of its frame. Python's C unpickler skips bytes at such a place when it reads from a stream without "
        "look-ahead, and others do not: a tool that lists the file sees another program than the one that runs. No library "
        "writes such files."
    ),
    remedy="Do not load the file. All readings of it have been scanned; look at the other findings for what they do.",
    cwe=(436, 693),
    references=("https://github.com/python/cpython/issues/154848",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.STREAM_CONFUSION, subject, detail):
            return Judgement(
                subject=shorten(subject), message=f"Readers of this pickle disagree: {shorten(detail)}."
            )
    return None


POLICY = Policy(RULE, _judge)
