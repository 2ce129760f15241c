"""MW202: a Lambda layer in whose code nothing dangerous was seen, or which cannot be read."""

from modelwarden.domain.observation import CodeBlob, Observation, Origin
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.reach import dangers

RULE = Rule(
    id="MW202",
    name="lambda-layer",
    severity=Severity.WARNING,
    summary="A Lambda layer carries code of its own.",
    explanation=(
        "Keras stores the function of a Lambda layer as Python bytecode inside the model and runs it when the model is loaded "
        "and used. The code was followed without running it, and it reaches nothing that runs commands, writes files or talks "
        "to the network; or it could not be read, which the message says. Keras loads it only with safe_mode=False, and then "
        "whatever else the file carries runs too."
    ),
    remedy=(
        "Replace the Lambda by a layer class of your own, or by one of Keras's operations, and save the model again. If you "
        "trust the author and the code is as it should be, accept this finding for this file."
    ),
    cwe=(94,),
    references=("CVE-2024-3660",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case CodeBlob(name=name, decoded=decoded, origin=Origin.LAMBDA) if not dangers(fact):
            seen = (
                "nothing dangerous was seen in it"
                if decoded and not fact.names
                else "its bytecode could not be followed"
                if decoded
                else "it could not be read"
            )
            layer = f"The Lambda layer {shorten(name)}" if name else "A Lambda layer"
            return Judgement(
                subject=shorten(name) or "Lambda",
                message=f"{layer} carries code of its own; {seen}.",
                family="code",
            )
    return None


POLICY = Policy(RULE, _judge)
