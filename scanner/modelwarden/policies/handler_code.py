"""MW213: source code that serves a model runs commands, evaluates code or loads native libraries."""

import re

from modelwarden.domain.observation import CodeBlob, Observation, Origin
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.reach import dangers

RULE = Rule(
    id="MW213",
    name="handler-code",
    severity=Severity.CRITICAL,
    summary="The code that serves the model runs commands or evaluates code.",
    explanation=(
        "The archive brings Python code that a server imports and calls, such as the handler of a TorchServe archive, and this "
        "code runs processes, evaluates text as code, installs packages or loads native libraries. Preparing inputs and running "
        "a model need none of it. Reading and writing files and loading the weights is what handlers do, and is not reported."
    ),
    remedy=(
        "Read the code before you serve the model. Remove what is not needed, or write a handler of your own around the weights."
    ),
    cwe=(94,),
    references=("CVE-2023-48299",),
)

_FAMILIES = frozenset(("process", "code", "native", "install"))

_SERVING = frozenset(
    "asyncio concurrent inspect joblib keras multiprocessing numpy onnxruntime pandas tensorflow threading torch".split()
)
"""Handlers start threads and workers, compile models and query tables: what would be wrong in a pickle is their work."""
_STILL = re.compile(
    r"load_(?:op_)?library|subprocess|cpp_extension|exec_command|run_command|runstring|torch\.hub|ctypeslib|spawnv|extbuild"
)
"""But not this, whoever offers it."""


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case CodeBlob(name=name, origin=Origin.SOURCE):
            reached = [
                known
                for known in dangers(fact)
                if known.family in _FAMILIES and _is_none_of_its_work(known.subject)
            ]
            if not reached:
                return None
            worst = reached[0]
            others = ", ".join(known.subject for known in reached[1:4])
            also = f"; it also reaches {shorten(others)}" if others else ""
            return Judgement(
                subject=shorten(worst.subject),
                message=f"The code in {shorten(name)} reaches {shorten(worst.subject)}: it {worst.reason}{also}.",
                argument=shorten(name),
                family=worst.family,
            )
    return None


def _is_none_of_its_work(subject: str) -> bool:
    return subject.partition(".")[0] not in _SERVING or _STILL.search(subject) is not None


POLICY = Policy(RULE, _judge)
