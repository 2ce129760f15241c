"""MW416: a layout that a "weights only" load does not protect."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW416",
    name="legacy-loader",
    severity=Severity.CRITICAL,
    summary='A "weights only" load does not protect from this layout.',
    explanation=(
        "The file has a layout so old that no current library writes it, while loaders still read it. PyTorch before 2.6 "
        "unpickled its parts without restriction even when told weights_only=True, so that code ran which the caller thought "
        "locked out. Such a file appears today because somebody wants to be read by that path, or because it is ten years old."
    ),
    remedy=(
        "Do not load the file with torch older than 2.6. If you need it and trust its origin, load it once in an isolated place "
        "and save the weights as safetensors."
    ),
    cwe=(502,),
    references=("CVE-2025-32434",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.LEGACY_LOADER, subject, detail):
            return Judgement(
                subject=shorten(subject),
                message=f"This is the {shorten(subject)}: {shorten(detail)}.",
            )
    return None


POLICY = Policy(RULE, _judge)
