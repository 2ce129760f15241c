"""MW105: innocents first, then functions and classes that the file brings along."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, CodeBlob, How, Import, Observation
from modelwarden.domain.value import UNKNOWN, Global, Value
from modelwarden.policies.code_object import POLICY

SPAN = Span(0, 1)


def call(module: str, name: str, *arguments: Value, how: How = How.REDUCE) -> Call:
    return Call(Global(module, name), arguments, how, SPAN)


INNOCENT: list[Observation] = [
    call("builtins", "type", UNKNOWN),
    call("enum", "IntEnum", 1),
    call("acme.meta", "ModelMeta", "X", (), UNKNOWN),
    call("types", "SimpleNamespace"),
    call("types", "MethodType", UNKNOWN, UNKNOWN),
    call("cloudpickle.cloudpickle", "subimport", "numpy"),
    call("acme.codes", "CodeType"),
    Import(Global("types", "FunctionType"), SPAN),
    CodeBlob("f", (Global("math", "tanh"),), ("system",), (), True, SPAN),
    CodeBlob("f", (), (), (), False, SPAN),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_says_nothing_of_innocent_calls(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (call("types", "CodeType", 0, 0), "types.CodeType"),
        (call("unittest.mock", "CodeType", 0, how=How.NEWOBJ), "types.CodeType"),
        (call("enum", "Enum", "X", UNKNOWN), "enum.Enum"),
        (call("typing", "_ProtocolMeta", "X", (), UNKNOWN, how=How.NEWOBJ), "typing._ProtocolMeta"),
        (call("string", "_TemplateMetaclass", how=How.NEWOBJ), "string._TemplateMetaclass"),
        (call("torch._C", "_TensorMeta", "X", (), UNKNOWN), "torch._C._TensorMeta"),
        (call("types", "FunctionType", UNKNOWN, UNKNOWN), "types.FunctionType"),
        (call("types", "CodeType", 0, how=How.NEWOBJ), "types.CodeType"),
        (call("cloudpickle.cloudpickle", "_make_function"), "cloudpickle.cloudpickle._make_function"),
        (
            call("cloudpickle.cloudpickle", "_builtin_type", "CodeType"),
            "cloudpickle.cloudpickle._builtin_type",
        ),
        (
            call("joblib.externals.cloudpickle.cloudpickle", "_make_skeleton_class"),
            "cloudpickle.cloudpickle._make_skeleton_class",
        ),
        (call("dill._dill", "_create_function"), "dill._dill._create_function"),
        (call("dill._dill", "_create_code"), "dill._dill._create_code"),
        (call("builtins", "type", "Name", (), UNKNOWN), "builtins.type"),
        (call("abc", "ABCMeta", "Name", (), UNKNOWN, how=How.NEWOBJ), "abc.ABCMeta"),
    ],
    ids=str,
)
def test_reports_what_is_built(fact: Call, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert (judgement.subject, judgement.family) == (subject, "code")


def test_reports_code_by_the_worst_that_it_reaches() -> None:
    reaches = tuple(
        Global(*pair)
        for pair in (("builtins", "open"), ("os", "system"), ("pickle", "loads"), ("math", "tanh"))
    )
    judgement = POLICY.judge(CodeBlob("score", reaches, (), (), True, SPAN))
    assert judgement is not None
    assert (judgement.subject, judgement.family, judgement.argument) == ("os.system", "process", "score")
    assert "score" in judgement.message
    assert "builtins.open" in judgement.message
    assert "math" not in judgement.message
