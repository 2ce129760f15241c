"""MW205: a graph reads files."""

from modelwarden.domain.observation import Observation, Operator
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.operators import READS, READS_WHERE_TOLD, TENSORFLOW

RULE = Rule(
    id="MW205",
    name="file-read-operator",
    severity=Severity.WARNING,
    summary="An operator of the graph reads files.",
    explanation=(
        "The operator reads or lists files of the machine that runs the model, and the result can leave with the model's "
        "answer. Some services have clients send file names, and their models read them; a published model seldom has a "
        "reason to. Vocabularies that a model brings as assets are read by lookup tables, which are not reported. Operators "
        "for training data are reported only when the graph names the files itself."
    ),
    remedy=(
        "Find out which files the model reads, and why. If it should not, ask its author for an export that takes the content "
        "as an input."
    ),
    cwe=(73,),
    references=("https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Operator(domain, name, detail, _, given) if domain in TENSORFLOW:
            does = READS.get(name) or (READS_WHERE_TOLD.get(name) if given else None)
            if does is None:
                return None
            return Judgement(
                subject=f"tensorflow::{name}",
                message=f"The graph holds {name}, which {does}.",
                argument=shorten(f"{given} ({detail})" if given else detail),
                family="file-read",
            )
    return None


POLICY = Policy(RULE, _judge)
