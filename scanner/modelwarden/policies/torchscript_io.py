"""MW209: a model's own code reads or writes files, reaches other machines, or has an annotation that is evaluated."""

from modelwarden.domain.observation import Observation, Operator
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW209",
    name="torchscript-io",
    severity=Severity.CRITICAL,
    summary="The model's TorchScript code reaches files or other machines.",
    explanation=(
        "The functions that the archive carries call an operator that writes or maps a file, or one that runs a function on "
        "another machine; or a type comment in them calls something, which some versions of torch evaluated as Python "
        "(CVE-2022-45907). The code runs when the model is used. Computing a result never takes such an operator."
    ),
    remedy=(
        "Do not run the model. Read the code in the archive (unzip -p FILE '*/code/*.py') and ask its author what it is for. "
        "Export the model again without those calls, or take its weights alone as safetensors."
    ),
    cwe=(94,),
    references=("CVE-2022-45907",),
)

_OPERATORS: dict[tuple[str, str], str] = {
    ("aten", "save"): "writes a file",
    ("aten", "load"): "reads a file",
    ("aten", "from_file"): "maps a file, which it can also create",
    ("aten", "from_file_out"): "maps a file, which it can also create",
    ("prim", "rpc_sync"): "runs a function on another machine",
    ("prim", "rpc_async"): "runs a function on another machine",
    ("prim", "rpc_remote"): "runs a function on another machine",
    ("prim", "PythonOp"): "calls Python",
    ("prim", "IgnoredPythonOp"): "calls Python",
    ("debugprims", "load_tensor"): "reads a file",
    ("annotation", "type"): "is evaluated as Python by some versions of torch",
}
"""Domain and name -> what the operator does. Source: `torch._C._jit_get_all_schemas()` of torch 2.13."""

_DOMAINS: dict[str, str] = {
    "c10d": "talks to other processes",
    "symm_mem": "talks to other processes",
    "rpc": "runs functions on another machine",
    "dist_rpc": "runs functions on another machine",
}
"""Domains of which every operator counts."""


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Operator(domain, name, detail):
            namespace = name.partition(".")[0] if domain == "torch.classes" else domain
            reason = _OPERATORS.get((domain, name)) or _DOMAINS.get(namespace)
            if reason is None:
                return None
            subject = shorten(f"{domain}::{name}")
            return Judgement(
                subject=subject,
                message=f"The model's code names {shorten(detail)} ({subject}), which {reason}.",
                family="torchscript",
            )
    return None


POLICY = Policy(RULE, _judge)
