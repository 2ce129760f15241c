"""MW109: innocents first, then calls of what nobody knows."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result, Value
from modelwarden.policies.unknown_call import POLICY

SPAN = Span(0, 1)


def call(callee: Value, *arguments: Value, how: How = How.REDUCE) -> Call:
    return Call(callee, arguments, how, SPAN)


INNOCENT: list[Observation] = [
    call(Global("collections", "OrderedDict")),
    call(Global("copy_reg", "__newobj__"), Global("acme", "Model")),
    call(Global("_codecs", "encode"), "x", "latin1"),
    call(Global("datetime", "datetime"), Blob(0, 10, b"")),
    call(Global("numpy._core.multiarray", "scalar"), Global("numpy", "dtype"), Blob(0, 4, b"")),
    call(Global("torch._utils", "_rebuild_parameter"), UNKNOWN, 1, UNKNOWN),
    call(Global("sklearn.neighbors._kd_tree", "newObj"), Global("sklearn.neighbors._kd_tree", "KDTree")),
    call(Global("pandas._libs.internals", "_unpickle_block"), UNKNOWN),
    call(Global("transformers.trainer_utils", "IntervalStrategy"), "steps"),
    call(Global("builtins", "getattr"), UNKNOWN, "shape"),
    call(Result(Global("operator", "attrgetter"), ("shape",)), UNKNOWN),
    call(Global("acme.nets", "Model"), how=How.NEWOBJ),
    call(UNKNOWN, how=How.NEWOBJ),
    call(Global("os", "system"), "id"),
    Import(Global("acme.nets", "restore"), SPAN),
    Import(Global("math", "sqrt"), SPAN),
    Import(Global("builtins", "sorted"), SPAN),
    Import(Global("numpy", "log1p"), SPAN),
    Call(Global("http", "HTTPStatus"), (404,), How.REDUCE, SPAN),
    Call(Global("statistics", "NormalDist"), (), How.NEWOBJ, SPAN),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_says_nothing_of_what_is_known(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (call(Global("acme.nets", "restore"), "v2"), "acme.nets.restore"),
        (call(Global("__main__", "build")), "__main__.build"),
        (call(Global("torch", "compile_everything")), "torch.compile_everything"),
        (call(Global("numpy", "whatever")), "numpy.whatever"),
        (call(Global("torch.nn.modules.linear", "Linear"), 2, 2), "torch.nn.modules.linear.Linear"),
        (call(Global("acme", "Base"), how=How.INST), "acme.Base"),
        (call(Global("acme", "Base"), how=How.OBJ), "acme.Base"),
        (call(Result(Global("acme", "f"), ("x",)), 1), "acme.f(…)"),
        (call(UNKNOWN, "id"), "a computed function"),
        (call(Global("numpy", "sqrt"), UNKNOWN), "numpy.sqrt"),
        (call(Global("sndhdr", "whathdr"), how=How.NEWOBJ), "sndhdr.whathdr"),
    ],
    ids=str,
)
def test_reports_the_call(fact: Call, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject


def test_the_message_shows_the_arguments() -> None:
    judgement = POLICY.judge(call(Global("acme.nets", "restore"), "v2", 7))
    assert judgement is not None
    assert judgement.message == (
        "Loading this file runs acme.nets.restore(…), which is not known to be harmless."
    )


def test_what_nobody_vetted_of_the_standard_library_need_not_be_called() -> None:
    judgement = POLICY.judge(Import(Global("logging", "critical"), SPAN))
    assert judgement is not None
    assert judgement.message == (
        "Loading this file imports logging.critical, which is part of Python and not known to be harmless."
    )
