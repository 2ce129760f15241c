"""MW101: something dangerous is called while the file is loaded."""

from modelwarden.domain.observation import CONFIGURED, INSTANTIATING, Call, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import elided, preview_arguments, shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.configured import is_ordinary
from modelwarden.policies.tables.evaluators import evaluates
from modelwarden.policies.tables.known import Kind, classify
from modelwarden.policies.tables.switches import CALLABLES as SWITCHES

RULE = Rule(
    id="MW101",
    name="dangerous-call",
    severity=Severity.CRITICAL,
    summary="Loading the file calls something dangerous.",
    explanation=(
        "The file tells its loader to call a function that runs commands or code, loads native libraries, installs packages, "
        "writes files or talks to the network. This happens while the file is loaded, before any model is there to look at, "
        "and with the rights of whoever loads it. A trained model has no need of such a call: treat the file as an attack."
    ),
    remedy=(
        "Do not load the file. Find out where it came from and who has loaded it already: their machines and credentials may be "
        "compromised. Get the weights in a format that holds data alone, such as safetensors or ONNX, or rebuild them from a "
        "source you trust. Loading with weights_only=True (PyTorch) or with skops (scikit-learn) refuses such calls."
    ),
    cwe=(502, 78),
    references=("CVE-2025-1716", "CVE-2025-10157", "CVE-2025-23304", "CVE-2025-1550"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Call(Global() as target, arguments) if evaluates(target, arguments):
            subject = shorten(str(target))
            shown = preview_arguments(arguments)
            return Judgement(
                subject=subject,
                message=f"Loading this file makes {subject}{elided(shown)}, which evaluates its text as Python code.",
                argument=shown,
                family="code",
            )
        case Call(Global() as target, arguments, how) if how not in INSTANTIATING:
            known = classify(target)
            if known.kind is not Kind.DANGEROUS or (how in CONFIGURED and known.subject in SWITCHES):
                return None
            if is_ordinary(known.subject, how):
                return None
            shown = preview_arguments(arguments)
            subject = shorten(known.subject)
            written = shorten(str(target))
            alias = "" if written == subject else f" (written {written})"
            return Judgement(
                subject=subject,
                message=f"Loading this file runs {subject}{elided(shown)}{alias}, which {known.reason}.",
                argument=shown,
                family=known.family,
            )
    return None


POLICY = Policy(RULE, _judge)
