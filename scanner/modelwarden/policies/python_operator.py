"""MW203: a graph calls Python."""

from modelwarden.domain.observation import Observation, Operator
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.operators import ONNX_PYTHON, ONNX_PYTHON_DOMAINS, PYTHON, TENSORFLOW

RULE = Rule(
    id="MW203",
    name="python-operator",
    severity=Severity.CRITICAL,
    summary="An operator of the graph calls a Python function.",
    explanation=(
        "Graphs compute with operators that the runtime brings. This one hands over to Python: PyFunc and its kin call "
        "whatever the process has registered under a token, PyOp and PythonOp whatever Python class they name. What runs is "
        "not in the file and cannot be known from it, and no exported model needs it."
    ),
    remedy=(
        "Do not run the model. Ask its author what the Python function does, and for an export that does the same with ordinary "
        "operators."
    ),
    cwe=(94,),
    references=("https://www.tensorflow.org/api_docs/python/tf/numpy_function",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Operator(domain, name, detail):
            tensorflow = domain in TENSORFLOW and name in PYTHON
            onnx = domain in ONNX_PYTHON_DOMAINS and name in ONNX_PYTHON
            if not tensorflow and not onnx:
                return None
            return Judgement(
                subject=shorten(f"{domain}::{name}"),
                message=f"The graph calls a Python function with the operator {name}.",
                argument=shorten(detail),
                family="python",
            )
    return None


POLICY = Policy(RULE, _judge)
