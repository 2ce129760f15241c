"""MW201: a Lambda layer whose code reaches something dangerous."""

from modelwarden.domain.observation import CodeBlob, Observation, Origin
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.reach import dangers

RULE = Rule(
    id="MW201",
    name="lambda-dangerous",
    severity=Severity.CRITICAL,
    summary="A Lambda layer carries code that reaches something dangerous.",
    explanation=(
        "Keras stores the function of a Lambda layer as Python bytecode inside the model. This one was read without running it, "
        "and it reaches functions that run commands or code, write files or talk to the network. Keras runs it when the model is "
        "built from its configuration, before anybody has looked at it. Safe mode does not protect everywhere: loading an HDF5 "
        "file ignored it (CVE-2025-9905). A layer has no need of such functions: treat the file as an attack."
    ),
    remedy=(
        "Do not load the model. Find out where it came from and who has loaded it already. Get the weights alone, and build the "
        "model from source code that you have read."
    ),
    cwe=(94,),
    references=("CVE-2024-3660", "CVE-2025-9905"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case CodeBlob(name=name, origin=Origin.LAMBDA):
            reached = dangers(fact)
            if not reached:
                return None
            worst = reached[0]
            subject = shorten(worst.subject)
            layer = f"The Lambda layer {shorten(name)}" if name else "A Lambda layer"
            return Judgement(
                subject=subject,
                message=f"{layer} carries code that reaches {subject}: it {worst.reason}{_others(reached[1:])}.",
                argument=name,
                family=worst.family,
            )
    return None


def _others(rest: tuple[object, ...]) -> str:
    return f", and {len(rest)} more such" if rest else ""


POLICY = Policy(RULE, _judge)
