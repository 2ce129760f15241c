"""MW105: code in the file reaches something dangerous, or is built out of what nobody can see."""

from modelwarden.domain.observation import INSTANTIATING, Call, CodeBlob, Observation, Origin
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import preview_arguments, shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.known import Kind, classify
from modelwarden.policies.tables.reach import dangers
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
        case CodeBlob(name=name, origin=Origin.PICKLE):
            return _code(fact, shorten(name) or "code")
        case Call(Global() as target, arguments, how):
            known = classify(target)
            if known.kind is Kind.CODE:
                reason = known.reason
            elif (
                known.kind is Kind.TRAMPOLINE
                and shape_of(known.subject) is Shape.CLASS
                and (len(arguments) > 1 or how in INSTANTIATING)
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


def _code(fact: CodeBlob, name: str) -> Judgement | None:
    reached = dangers(fact)
    if not reached:
        return None
    worst = reached[0]
    others = ", ".join(known.subject for known in reached[1:4])
    also = f"; it also reaches {shorten(others)}" if others else ""
    more = f" and {len(reached) - 4} more" if len(reached) > 4 else ""
    return Judgement(
        subject=shorten(worst.subject),
        message=f"This file carries {name} as code of its own, which reaches {shorten(worst.subject)}: "
        f"it {worst.reason}{also}{more}.",
        argument=name,
        family=worst.family,
    )


POLICY = Policy(RULE, _judge)
