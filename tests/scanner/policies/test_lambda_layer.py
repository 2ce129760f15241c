"""MW202: every Lambda in which nothing dangerous was seen, and nothing else."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, CodeBlob, How, Observation, Origin
from modelwarden.domain.value import Global
from modelwarden.policies.function_by_value import POLICY as BY_VALUE
from modelwarden.policies.lambda_layer import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        CodeBlob("scale", (Global("os", "system"),), (), (), True, SPAN, Origin.LAMBDA),
        CodeBlob("scale", (), (), (), True, SPAN, Origin.PICKLE),
        Call(Global("keras.layers", "Dense"), (), How.CLASS_NAME, SPAN),
    ],
)
def test_says_nothing_of_what_is_dangerous_or_no_lambda(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "seen"),
    [
        (CodeBlob("scale", (), (), (), True, SPAN, Origin.LAMBDA), "nothing dangerous was seen in it"),
        (
            CodeBlob("scale", (), (), ("shape",), True, SPAN, Origin.LAMBDA),
            "its bytecode could not be followed",
        ),
        (CodeBlob("scale", (), (), (), False, SPAN, Origin.LAMBDA), "it could not be read"),
    ],
)
def test_reports_a_lambda_and_how_far_it_was_read(fact: CodeBlob, seen: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == "scale"
    assert seen in judgement.message
    assert BY_VALUE.judge(fact) is None


def test_a_lambda_without_a_name_has_a_subject() -> None:
    judgement = POLICY.judge(CodeBlob("", (), (), (), True, SPAN, Origin.LAMBDA))
    assert judgement is not None
    assert judgement.subject == "Lambda"
