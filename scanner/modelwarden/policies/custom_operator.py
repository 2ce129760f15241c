"""MW206: a graph needs an operator that its runtime does not bring."""

from modelwarden.domain.observation import Observation, Operator
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.operators import (
    JUDGED_ELSEWHERE,
    KNOWN_DOMAIN_PREFIXES,
    KNOWN_DOMAINS,
    LITE_CUSTOM,
    TENSORFLOW_EXTENSIONS,
)

RULE = Rule(
    id="MW206",
    name="custom-operator",
    severity=Severity.INFO,
    summary="The graph needs an operator that is not part of its runtime.",
    explanation=(
        "The operator is none of TensorFlow's, TensorFlow Lite's or ONNX's own, nor of a well-known extension. The model runs "
        "only where somebody has loaded a native library that brings it. That library is not in the file, and nothing of what "
        "it does can be seen here."
    ),
    remedy="Ask where the library comes from that brings the operator, and load it only from a source you trust.",
    cwe=(829,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Operator(domain, name) if not _is_known(domain, name):
            # Of a foreign domain one finding is enough; TensorFlow's two have only the operator's name to tell by.
            subject = f"{domain}::{name}" if domain in ("tensorflow", "tflite") else domain
            return Judgement(
                subject=shorten(subject),
                message=f"The graph uses the operator {shorten(name)} ({shorten(domain)}), which its runtime does not bring.",
                family="custom-operator",
            )
    return None


def _is_known(domain: str, name: str) -> bool:
    if domain == "tensorflow":
        # Long, and needed for graphs of TensorFlow alone.
        from modelwarden.policies.tables.tensorflow_operators import OPERATORS

        return name in OPERATORS or name.startswith(("_", *TENSORFLOW_EXTENSIONS))
    if domain == "tflite":
        return name in LITE_CUSTOM
    return domain in KNOWN_DOMAINS or domain in JUDGED_ELSEWHERE or domain.startswith(KNOWN_DOMAIN_PREFIXES)


POLICY = Policy(RULE, _judge)
