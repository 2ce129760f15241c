"""MW501: nothing is blocked by itself; what a user names is found in any part and case of a name."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Name, Setting
from modelwarden.policies.blocked_name import POLICY, RULE, policy

SPAN = Span(0)


def test_nothing_is_blocked_by_itself() -> None:
    assert POLICY.judge(Name("deepseek-ai/DeepSeek-V3", "file name", SPAN)) is None
    assert policy(("",)).judge(Name("anything", "file name", SPAN)) is None


@pytest.mark.parametrize("text", ["llama.gguf", "", "deep seek", "deep-seek"])
def test_other_names_pass(text: str) -> None:
    assert policy(("deepseek",)).judge(Name(text, "file name", SPAN)) is None


@pytest.mark.parametrize("text", ["DeepSeek", "deepseek-ai/V3", "my-DEEPSEEK.pt", "xdeepseekx"])
def test_a_part_in_any_case_is_reported(text: str) -> None:
    blocking = policy(("other", "DeepSeek"))
    assert blocking.rule is RULE
    judgement = blocking.judge(Name(text, "_name_or_path", SPAN))
    assert judgement is not None
    assert judgement.subject == "DeepSeek"
    assert text in judgement.message
    assert "_name_or_path" in judgement.message


def test_only_names_are_judged() -> None:
    assert policy(("a",)).judge(Setting("auto_map", "a", "a", SPAN)) is None
