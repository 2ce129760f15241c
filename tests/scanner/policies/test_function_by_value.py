"""MW111: code that reaches something dangerous is another rule's; any other code is this one's."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, CodeBlob, How, Observation
from modelwarden.domain.value import Global
from modelwarden.policies import code_object
from modelwarden.policies.function_by_value import POLICY

SPAN = Span(0, 1)


def blob(
    *reaches: Global, names: tuple[str, ...] = (), decoded: bool = True, name: str = "score"
) -> CodeBlob:
    return CodeBlob(name, reaches, (), names, decoded, SPAN)


@pytest.mark.parametrize(
    "fact",
    [
        blob(Global("os", "system")),
        blob(Global("math", "tanh"), Global("builtins", "open")),
        blob(names=("os", "system")),
        Call(Global("types", "FunctionType"), (), How.REDUCE, SPAN),
    ],
    ids=str,
)
def test_leaves_dangerous_code_to_the_other_rule(fact: Observation) -> None:
    assert POLICY.judge(fact) is None
    assert code_object.POLICY.judge(fact) is not None


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (blob(Global("math", "tanh")), "nothing dangerous was seen in it"),
        (blob(names=("tanh",)), "could not be followed"),
        (blob(decoded=False), "could not be read"),
    ],
    ids=str,
)
def test_reports_any_other_code_and_says_how_far_it_was_seen(fact: CodeBlob, said: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == "score"
    assert said in judgement.message
    assert code_object.POLICY.judge(fact) is None


def test_code_without_a_name_has_a_subject_all_the_same() -> None:
    judgement = POLICY.judge(blob(name=""))
    assert judgement is not None
    assert judgement.subject == "code"
