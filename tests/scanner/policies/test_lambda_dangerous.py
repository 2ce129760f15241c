"""MW201: code of a Lambda that computes, then code that reaches out."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, CodeBlob, How, Observation, Origin
from modelwarden.domain.value import Global
from modelwarden.policies.code_object import POLICY as CODE_OBJECT
from modelwarden.policies.function_by_value import POLICY as BY_VALUE
from modelwarden.policies.lambda_dangerous import POLICY

SPAN = Span(0, 1)


def blob(
    *reaches: Global, origin: Origin = Origin.LAMBDA, decoded: bool = True, name: str = "scale"
) -> CodeBlob:
    return CodeBlob(name, reaches, (), (), decoded, SPAN, origin)


@pytest.mark.parametrize(
    "fact",
    [
        blob(),
        blob(decoded=False),
        blob(
            Global("tensorflow", "math.reduce_mean"), Global("keras", "backend.mean"), Global("numpy", "abs")
        ),
        blob(Global("os", "system"), origin=Origin.PICKLE),
        Call(Global("os", "system"), (), How.CLASS_NAME, SPAN),
    ],
)
def test_says_nothing_of_what_computes_or_is_no_lambda(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("target", "family"),
    [
        (Global("os", "system"), "process"),
        (Global("builtins", "exec"), "code"),
        (Global("urllib.request", "urlopen"), "network"),
        (Global("keras.config", "enable_unsafe_deserialization"), "code"),
    ],
)
def test_reports_what_reaches_out(target: Global, family: str) -> None:
    judgement = POLICY.judge(blob(target))
    assert judgement is not None
    assert (judgement.subject, judgement.family) == (str(target), family)
    assert "scale" in judgement.message
    assert CODE_OBJECT.judge(blob(target)) is BY_VALUE.judge(blob(target)) is None


def test_counts_what_else_is_reached() -> None:
    judgement = POLICY.judge(blob(Global("os", "system"), Global("builtins", "exec"), name=""))
    assert judgement is not None
    assert judgement.subject == "os.system"
    assert "and 1 more such" in judgement.message
