"""MW112: what is imported is named by a number that only the loading process can resolve."""

from modelwarden.domain.observation import Call, ExtensionCode, Import, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import elided, preview_arguments
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.known import Kind, classify

RULE = Rule(
    id="MW112",
    name="extension-code",
    severity=Severity.WARNING,
    summary="The file imports by extension code, or registers one.",
    explanation=(
        "Pickle can replace the name of what is imported by a number from a registry in the loading process (copyreg). The file "
        "then does not say what it imports, and a call of copyreg.add_extension in the file itself can register any name "
        "just before. Model files that libraries write do not use extension codes."
    ),
    remedy=(
        "Do not load the file unless its author can tell which registry it relies on. Ask for the model without extension codes, "
        "or in a format that holds data alone, such as safetensors or ONNX."
    ),
    cwe=(502,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case ExtensionCode(code):
            return Judgement(
                subject=f"extension code {code}",
                message=f"Loading this file imports whatever the loading process has registered as extension code {code}.",
            )
        case Import(target) | Call(Global() as target) if classify(target).kind is Kind.EXTENSION:
            known = classify(target)
            shown = preview_arguments(fact.arguments) if isinstance(fact, Call) else ""
            verb = (
                f"runs {known.subject}{elided(shown)}"
                if isinstance(fact, Call)
                else f"imports {known.subject}"
            )
            return Judgement(
                subject=known.subject,
                message=f"Loading this file {verb}, which {known.reason}.",
                argument=shown,
            )
    return None


POLICY = Policy(RULE, _judge)
