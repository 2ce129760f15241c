"""MW204: a graph writes files."""

from modelwarden.domain.observation import Observation, Operator
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.operators import (
    PRINTS,
    PRINTS_TO_FILE,
    TENSORFLOW,
    WRITES,
    WRITES_ELSEWHERE,
    WRITES_WHERE_TOLD,
)

RULE = Rule(
    id="MW204",
    name="file-write-operator",
    severity=Severity.CRITICAL,
    summary="An operator of the graph writes files, or sends tensors away.",
    explanation=(
        "The operator stands in the graph, in a function of its library, or in a TensorFlow Lite model that hands it to "
        "TensorFlow (Flex). Whoever runs the model writes what the model's author chose, often where the author chose: a "
        "start-up script, a key, a file of the web server. Some initialisers run when the model is merely loaded. Computing a "
        "result takes no such operator. Those that save checkpoints are in every SavedModel and are reported only with an "
        "absolute path."
    ),
    remedy="Do not load or run the model. Ask its author for an export without the operator that is named.",
    cwe=(73,),
    references=("https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Operator(domain, name, detail, _, given) if domain in TENSORFLOW:
            does = _does(name, given)
            if not does:
                return None
            return Judgement(
                subject=f"tensorflow::{name}",
                message=f"The graph holds {name}, which {does}.",
                argument=shorten(f"{given} ({detail})" if given else detail),
                family="file-write",
            )
    return None


def _does(name: str, given: str) -> str:
    """What an operator does that counts, or nothing."""
    if name == PRINTS:
        return "prints to a file" if given.startswith(PRINTS_TO_FILE) else ""
    if given and name in WRITES_WHERE_TOLD:
        return WRITES_WHERE_TOLD[name]
    if name in WRITES_ELSEWHERE and _is_absolute(given):
        return f"{WRITES_ELSEWHERE[name]} at a path of its own"
    return WRITES.get(name, "")


def _is_absolute(path: str) -> bool:
    return path.startswith(("/", "\\", "~")) or path[1:2] == ":" or "://" in path


POLICY = Policy(RULE, _judge)
