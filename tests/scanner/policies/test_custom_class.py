"""MW215: what a configuration may name without a word, then what nobody has vetted."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import UNKNOWN, Global
from modelwarden.policies import POLICIES
from modelwarden.policies.custom_class import POLICY

SPAN = Span(0, 1)


def named(module: str, name: str, how: How = How.CLASS_NAME) -> Call:
    return Call(Global(module, name), (), how, SPAN)


@pytest.mark.parametrize(
    "fact",
    [
        named("keras.layers", "Dense"),
        named("tf_keras.layers", "LSTM"),
        named("tensorflow.keras.layers", "Conv2D", How.TARGET),
        named("keras.src.models.functional", "Functional"),
        named("keras.engine.functional", "Functional"),
        named("keras.optimizers.schedules", "ExponentialDecay"),
        named("keras.losses", "mean_squared_error"),
        named("keras", "Sequential"),
        named("keras", "relu"),
        named("tensorflow.math", "reduce_mean"),
        named("torch.nn.modules.linear", "Linear", How.TARGET),
    ],
    ids=str,
)
def test_what_is_known_is_silent_under_every_rule(fact: Call) -> None:
    assert [policy.rule.name for policy in POLICIES if policy.judge(fact) is not None] == []


@pytest.mark.parametrize(
    "fact",
    [
        named("os", "system"),
        named("colorsys", "Fly"),
        named("acme", "Scaled", How.REDUCE),
        Import(Global("acme", "Scaled"), SPAN),
        Call(UNKNOWN, (), How.CLASS_NAME, SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_what_other_rules_judge(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (named("acme.layers", "Scaled"), "acme"),
        (named("acme.layers", "Scaled", How.TARGET), "acme"),
        (named("keras_nlp.models", "Backbone"), "keras_nlp"),
        (named("keras", "Scaled"), "Scaled"),
        (named("tf_keras.layers", "Nonsense"), "Nonsense"),
    ],
)
def test_reports_what_nobody_has_vetted_and_no_other_rule_does(fact: Call, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
    assert [policy.rule.name for policy in POLICIES if policy.judge(fact) is not None] == ["custom-class"]


@pytest.mark.parametrize(
    ("fact", "rule"),
    [
        (named("os", "system"), "dangerous-call"),
        (named("subprocess", "Popen"), "dangerous-call"),
        (named("builtins", "exec"), "dangerous-call"),
        (named("keras.utils", "get_file"), "dangerous-call"),
        (named("keras.src.utils.file_utils", "extract_archive"), "dangerous-call"),
        (named("tensorflow.io", "write_file"), "dangerous-call"),
        (named("keras.saving", "save_model"), "dangerous-call"),
        (named("keras.models", "load_model"), "nested-loader"),
        (named("tf_keras.models", "load_model"), "nested-loader"),
        (named("keras.saving", "load_weights"), "nested-loader"),
        (named("keras.src.utils.file_utils", "os.system"), "attribute-chain"),
        (named("colorsys", "Fly"), "unknown-call"),
    ],
    ids=str,
)
def test_what_is_dangerous_is_reported_by_its_own_rule_alone(fact: Call, rule: str) -> None:
    assert [policy.rule.name for policy in POLICIES if policy.judge(fact) is not None] == [rule]
