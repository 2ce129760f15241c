"""MW113: PyTorch's own ids first, then all others."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Import, Observation, PersistentId
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result, Value
from modelwarden.policies.persistent_id import POLICY

SPAN = Span(0, 1)
FLOAT = Global("torch", "FloatStorage")
LAYER = Global("torch.nn.modules.linear", "Linear")

INNOCENT: list[Value] = [
    ("storage", FLOAT, "0", "cpu", 10),
    ("storage", Global("torch.storage", "UntypedStorage"), "94107", "cuda:0", 4),
    ("storage", Global("torch.cuda", "HalfStorage"), "0", "cuda:0", 1),
    ("storage", FLOAT, "0", "cpu", 10, UNKNOWN),
    ("storage", FLOAT, "0", "cpu", 10, ("1", 0, 4)),
    ("module", LAYER, "/usr/lib/linear.py", Blob(0, 5000, b"class Linear")),
    ("module", Global("acme", "Net"), UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize("value", INNOCENT, ids=str)
def test_says_nothing_of_pytorchs_ids(value: Value) -> None:
    assert POLICY.judge(PersistentId(value, SPAN)) is None


def test_says_nothing_of_other_facts() -> None:
    fact: Observation = Import(FLOAT, SPAN)
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    "value",
    [
        "weights-3",
        7,
        UNKNOWN,
        (),
        ("storage",),
        ("storage", FLOAT, "0", "cpu"),
        ("storage", Global("os", "system"), "0", "cpu", 10),
        ("storage", Global("acme", "FloatStorage"), "0", "cpu", 10),
        ("storage", Global("torch", "os.FloatStorage"), "0", "cpu", 10),
        ("storage", "FloatStorage", "0", "cpu", 10),
        ("storage", FLOAT, Global("os", "system"), "cpu", 10),
        ("storage", Result(Global("acme", "f"), ()), "0", "cpu", 10),
        ("module", LAYER, Global("os", "system"), ""),
        ("module", LAYER),
        ("reduce_package", 1, 2),
    ],
    ids=str,
)
def test_reports_every_other_id(value: Value) -> None:
    judgement = POLICY.judge(PersistentId(value, SPAN))
    assert judgement is not None
    assert judgement.subject in judgement.message
