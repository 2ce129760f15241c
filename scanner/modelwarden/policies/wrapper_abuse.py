"""MW418: a joblib array wrapper is written so that its readers disagree on where the array ends."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW418",
    name="wrapper-abuse",
    severity=Severity.CRITICAL,
    summary="A joblib array is described so that its size cannot be known.",
    explanation=(
        "joblib writes an array as a small wrapper that tells its type and shape, and the numbers behind it, in the middle of "
        "the pickle. Here the wrapper is not as joblib writes it: it is made by a detour, or its type, shape or alignment is no "
        "plain constant. joblib may find an end of the array that no other reader finds, and run what stands behind it."
    ),
    remedy="Do not load the file. Save the model again with joblib, or better with skops or as safetensors.",
    cwe=(436, 502),
    references=("CVE-2020-13092", "CVE-2024-34997"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.WRAPPER_ABUSE, subject, detail):
            return Judgement(
                subject=shorten(subject), message=f"A joblib array cannot be sized: {shorten(detail)}."
            )
    return None


POLICY = Policy(RULE, _judge)
