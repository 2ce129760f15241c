"""MW105: functions, classes or code objects are built from what is in the file."""

from modelwarden.domain.observation import Call, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import preview_arguments, shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.known import Kind, classify
from modelwarden.policies.tables.trampolines import Shape, shape_of

RULE = Rule(
    id="MW105",
    name="code-object",
    severity=Severity.CRITICAL,
    summary="The file carries Python code of its own.",
    explanation=(
        "The file holds bytecode or a table of functions and has its loader build a function, class or code object out of it, "
        "the way cloudpickle and dill ship functions. Whoever uses the model then runs code that stands in no repository and was "
        "reviewed by nobody. The code may be harmless; nothing outside the file says so."
    ),
    remedy=(
        "Put the function or class into a package that both sides install, and pickle a reference to it. For weights alone use "
        "safetensors. Load the file only in a sandbox until you know what its code does."
    ),
    cwe=(94,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Call(Global() as target, arguments):
            known = classify(target)
            if known.kind is Kind.CODE:
                reason = known.reason
            elif (
                known.kind is Kind.TRAMPOLINE
                and shape_of(known.subject) is Shape.CLASS
                and len(arguments) > 1
            ):
                reason = "builds a class from a table of attributes"
            else:
                return None
            subject = shorten(known.subject)
            return Judgement(
                subject=subject,
                message=f"Loading this file runs {subject}, which {reason}.",
                argument=preview_arguments(arguments),
                family="code",
            )
    return None


POLICY = Policy(RULE, _judge)
