"""MW203: operators that compute, then those that call Python."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Import, Observation, Operator
from modelwarden.domain.value import Global
from modelwarden.policies.python_operator import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Operator("tensorflow", "Const", 'node "PyFunc"', SPAN),
        Operator("tensorflow", "PyFunction", "", SPAN),
        Operator("tensorflow", "WriteFile", "", SPAN),
        Operator("tflite", "PyFunc", "custom code PyFunc", SPAN),
        Operator("ai.onnx", "PyOp", "", SPAN),
        Operator("acme", "PyOp", "", SPAN),
        Operator("com.microsoft", "FusedMatMul", "PyOp", SPAN),
        Operator("prim", "PythonOp", "", SPAN),
        Import(Global("tensorflow", "py_function"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_computes(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("tensorflow", "PyFunc"),
        ("tensorflow", "PyFuncStateless"),
        ("tensorflow", "EagerPyFunc"),
        ("tensorflow.function", "EagerPyFunc"),
        ("ai.onnx.contrib", "PyOp"),
        ("com.microsoft", "PythonOp"),
        ("com.microsoft", "PythonOpGrad"),
    ],
)
def test_reports_what_calls_python(domain: str, name: str) -> None:
    judgement = POLICY.judge(Operator(domain, name, 'node "n"', SPAN))
    assert judgement is not None
    assert (judgement.subject, judgement.family) == (f"{domain}::{name}", "python")
    assert name in judgement.message
    assert judgement.argument == 'node "n"'
