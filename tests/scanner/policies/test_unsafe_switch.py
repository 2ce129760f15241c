"""MW216: settings that leave a loader as it is, then those that turn its safety off."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Observation, Setting
from modelwarden.domain.value import Global
from modelwarden.policies import POLICIES
from modelwarden.policies.unsafe_switch import POLICY

SPAN = Span(0, 1)
NAME = "enable_unsafe_deserialization"


@pytest.mark.parametrize(
    "fact",
    [
        Setting("safe_mode", "true", "scale", SPAN),
        Setting("trust_remote_code", "true", "", SPAN),
        Call(Global("keras.config", "floatx"), (), How.CLASS_NAME, SPAN),
        Call(Global("keras.config", NAME), (), How.REDUCE, SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_is_safe_or_no_configuration(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    "module",
    [
        "keras.config",
        "tf_keras.config",
        "tensorflow.keras.config",
        "keras.src.saving.serialization_lib",
    ],
)
def test_reports_the_switch_under_this_rule_alone(module: str) -> None:
    fact = Call(Global(module, NAME), (), How.CLASS_NAME, SPAN)
    assert [policy.rule.name for policy in POLICIES if policy.judge(fact) is not None] == ["unsafe-switch"]


def test_reports_settings() -> None:
    judgement = POLICY.judge(Setting("safe_mode", "False", "scale", SPAN))
    assert judgement is not None
    assert judgement.subject == "safe_mode"
    assert "for scale" in judgement.message
    assert POLICY.judge(Setting("unsafe_deserialization", "true", "", SPAN)) is not None
