"""Every rule has something to say to whoever meets it, in text that any terminal and report can show."""

import pytest

from modelwarden.domain.rule import Rule
from modelwarden.policies import CATALOGUE

each_rule = pytest.mark.parametrize("rule", CATALOGUE.values(), ids=CATALOGUE)


@each_rule
def test_texts_are_plain_and_short(rule: Rule) -> None:
    for text in (rule.summary, rule.explanation, rule.remedy):
        assert text.isascii()
        assert text.isprintable()
        assert 10 < len(text) <= 1_000
        assert text == text.strip()
        assert text.endswith(".")


@each_rule
def test_the_summary_is_one_sentence(rule: Rule) -> None:
    assert len(rule.summary) <= 100
    assert ". " not in rule.summary
