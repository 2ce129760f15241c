"""MW414: a header points outside the file or counts beyond what a machine can hold."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW414",
    name="out-of-bounds",
    severity=Severity.WARNING,
    summary="A count, offset, size or stride in the file leads outside of it.",
    explanation=(
        "The header announces more than the file or the machine can hold, or places numbers where none are. No damage in transit "
        "explains such values. Readers written in C that multiply or add them without a check write or read memory that is not "
        "theirs, which has been exploited in several formats."
    ),
    remedy="Do not load the file. Fetch the model again from its publisher, or convert it again from weights you trust.",
    cwe=(125, 787),
    references=("CVE-2026-24747", "CVE-2024-23496", "CVE-2025-53630"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.OUT_OF_BOUNDS, subject, detail):
            shown = shorten(subject)
            return Judgement(shown, f"What the file says of {shown} is impossible: {shorten(detail)}.")
    return None


POLICY = Policy(RULE, _judge)
