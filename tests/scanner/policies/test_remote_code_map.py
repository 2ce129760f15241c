"""MW214: classes beside the configuration, then those of other repositories."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Observation, Setting
from modelwarden.policies.remote_code_map import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Setting("auto_map", "configuration_x.Config", "AutoConfig", SPAN),
        Setting("type", "sentence_transformers.models.Transformer", "modules.json", SPAN),
        Setting("requirement", "a--b @ git+https://x", "requirements.txt", SPAN),
        Setting("loader_module", "a--b", "python_function", SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_other_settings(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject", "word"),
    [
        (Setting("auto_map", "a/b--c.D", "AutoModel", SPAN), "a/b--c.D", "repository a/b"),
        (Setting("custom_pipelines", "a/b--c.D", "impl", SPAN), "a/b--c.D", "impl"),
        (Setting("type", "a/b--c.D", "modules.json", SPAN), "a/b--c.D", "a/b"),
        (Setting("component", "a/b--c.D", "unet", SPAN), "a/b--c.D", "unet"),
        (Setting("_class_name", "pipeline.Mine", "pipeline", SPAN), "pipeline.Mine", "pipeline of its own"),
        (Setting("trust_remote_code", "true", "", SPAN), "trust_remote_code", "sets trust_remote_code"),
    ],
)
def test_reports_code_of_others(fact: Observation, subject: str, word: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
    assert word in judgement.message
