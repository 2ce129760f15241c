"""MW209: operators that compute, then those that reach out."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Import, Observation, Operator
from modelwarden.domain.value import Global
from modelwarden.policies.torchscript_io import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Operator("aten", "relu", "torch.relu", SPAN),
        Operator("aten", "format", "torch.format", SPAN),
        Operator("prim", "RaiseException", "ops.prim.RaiseException", SPAN),
        Operator("quantized", "linear_dynamic", "ops.quantized.linear_dynamic", SPAN),
        Operator("torch.classes", "quantized.LinearPackedParamsBase", "…", SPAN),
        Operator("acme", "save", "ops.acme.save", SPAN),
        Operator("", "Save", "Save", SPAN),
        Import(Global("torch", "save"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_computes(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("domain", "name", "subject"),
    [
        ("aten", "save", "aten::save"),
        ("aten", "from_file", "aten::from_file"),
        ("prim", "rpc_async", "prim::rpc_async"),
        ("c10d", "send", "c10d::send"),
        ("torch.classes", "dist_rpc.WorkerInfo", "torch.classes::dist_rpc.WorkerInfo"),
        ("annotation", "type", "annotation::type"),
    ],
)
def test_reports_what_reaches_out(domain: str, name: str, subject: str) -> None:
    judgement = POLICY.judge(Operator(domain, name, "as it is written", SPAN))
    assert judgement is not None
    assert (judgement.subject, judgement.family) == (subject, "torchscript")
    assert "as it is written" in judgement.message
