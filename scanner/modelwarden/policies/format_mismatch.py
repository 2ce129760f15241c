"""MW407: the name promises a harmless format and the content runs code."""

from modelwarden.domain.observation import Mismatch, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW407",
    name="format-mismatch",
    severity=Severity.WARNING,
    summary="The content can run code when loaded, and the name says otherwise.",
    explanation=(
        "The suffix belongs to another kind of file, but the content is of a format that can run code while it is loaded. Many "
        "loaders look at the content and not at the name, and many scanners and allow-lists do the opposite, so such a file "
        "passes where it should not."
    ),
    remedy=(
        "Do not load the file before you know why it is named like this. If it is honest, give it the suffix of its format; "
        "better, save the weights as safetensors."
    ),
    cwe=(434, 646),
    references=("CVE-2025-10155", "CVE-2025-1889"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Mismatch(found, suffix):
            return Judgement(
                subject=shorten(suffix) or found,
                message=f"The content is of the format {found}, which can run code, and the file is named {shorten(suffix)}.",
            )
    return None


POLICY = Policy(RULE, _judge)
