"""MW111: a function or class stands in the file as bytecode, and nothing dangerous was seen in it."""

from modelwarden.domain.observation import CodeBlob, Observation, Origin
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.reach import dangers

RULE = Rule(
    id="MW111",
    name="function-by-value",
    severity=Severity.WARNING,
    summary="The file carries a function or class of its own.",
    explanation=(
        "The file holds a function or class as bytecode, the way cloudpickle and dill ship what they cannot import. Its code was "
        "followed without running it, and it reaches nothing that runs commands, writes files or talks to the network; or it "
        "could not be read at all, which the message says. Whoever uses the model runs code that stands in no repository."
    ),
    remedy=(
        "Put the function or class into a package that both sides install, and pickle a reference to it. If you trust the author "
        "and the code is as it should be, accept this finding for this file."
    ),
    cwe=(94,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case CodeBlob(name=name, decoded=decoded, origin=Origin.PICKLE) if not dangers(fact):
            subject = shorten(name) or "code"
            seen = (
                "nothing dangerous was seen in it"
                if decoded and not fact.names
                else "its bytecode could not be followed"
                if decoded
                else "it could not be read"
            )
            return Judgement(
                subject=subject,
                message=f"This file carries {subject} as code of its own; {seen}.",
                family="code",
            )
    return None


POLICY = Policy(RULE, _judge)
