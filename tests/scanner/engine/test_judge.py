"""Facts that differ only in where they stand get the same answer."""

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Name, UnresolvedImport
from modelwarden.domain.value import Global
from modelwarden.engine.judge import Judge


def test_the_same_call_elsewhere_gets_the_same_judgement() -> None:
    judge = Judge()
    first = judge.judge(Call(Global("os", "system"), ("id",), How.REDUCE, Span(1, 1)))
    again = judge.judge(Call(Global("os", "system"), ("id",), How.REDUCE, Span(9, 1)))
    assert first is again
    assert [rule.id for rule, _ in first] == ["MW101"]


def test_calls_and_imports_of_one_global_are_different_facts() -> None:
    judge = Judge()
    called = judge.judge(Call(Global("os", "system"), ("id",), How.REDUCE, Span(1, 1)))
    imported = judge.judge(Import(Global("os", "system"), Span(1, 1)))
    assert {rule.id for rule, _ in called} != {rule.id for rule, _ in imported}


def test_facts_without_a_key_are_asked_each_time() -> None:
    [(rule, _)] = Judge().judge(UnresolvedImport(None, "x", Span(0, 1)))
    assert rule.id == "MW106"


def test_what_the_user_blocks_is_judged_and_nothing_else() -> None:
    fact = Name("acme/Tiny-7B", "_name_or_path", Span(0, 1))
    assert Judge().judge(fact) == ()
    assert Judge(("other",)).judge(fact) == ()
    [(rule, judgement)] = Judge(("other", "tiny")).judge(fact)
    assert (rule.id, judgement.subject) == ("MW501", "tiny")
    assert [rule.id for rule, _ in Judge(("tiny",)).judge(UnresolvedImport(None, "x", Span(0, 1)))] == [
        "MW106"
    ]
