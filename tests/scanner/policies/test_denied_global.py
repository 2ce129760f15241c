"""MW508: nothing is denied by itself; what a user names is found in every spelling and below it."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Operator
from modelwarden.domain.value import Global
from modelwarden.policies.denied_global import POLICY, RULE, matching, policy

SPAN = Span(0, 1)


def test_nothing_is_denied_by_itself() -> None:
    assert POLICY.judge(Import(Global("collections", "OrderedDict"), SPAN)) is None


@pytest.mark.parametrize(
    "pattern", ["collections", "collection.*", "numpy.*", "OrderedDict", "collections.Ordered"]
)
def test_other_globals_pass(pattern: str) -> None:
    fact = Import(Global("collections2", "OrderedDict"), SPAN)
    assert policy([pattern]).judge(fact) is None


@pytest.mark.parametrize(
    "pattern", ["collections.OrderedDict", "collections.*", "collections", "coll*.Ordered*", "*.OrderedDict"]
)
def test_an_import_and_a_call_are_reported(pattern: str) -> None:
    target = Global("collections", "OrderedDict")
    for fact in (Import(target, SPAN), Call(target, ("x",), How.REDUCE, SPAN)):
        judgement = policy(["other", pattern]).judge(fact)
        assert judgement is not None
        assert judgement.subject == "collections.OrderedDict"
        assert pattern in judgement.message
    assert policy([pattern]).rule is RULE


def test_another_spelling_of_a_module_is_the_same() -> None:
    assert policy(["os.system"]).judge(Call(Global("posix", "system"), (), How.REDUCE, SPAN)) is not None


def test_an_operator_is_denied_by_its_domain_and_name() -> None:
    fact = Operator("tensorflow", "MatMul", 'node "x"', SPAN)
    judgement = policy(["tensorflow:MatMul"]).judge(fact)
    assert judgement is not None
    assert (judgement.subject, judgement.argument) == ("tensorflow:MatMul", "")
    assert "runs tensorflow:MatMul, which" in judgement.message
    for pattern in ("tensorflow.*", "tensorflow", "tensorflow:Mat", "MatMul"):
        assert policy([pattern]).judge(fact) is None


def test_the_subject_of_a_finding_tells_which_patterns_are_meant() -> None:
    patterns = ["os.*", "posix.system", "*.system", "sys.*"]
    assert [*matching("posix.system", patterns)] == patterns[:3]
