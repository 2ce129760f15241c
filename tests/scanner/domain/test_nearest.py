"""What was meant is one of what there is, however far the guess."""

from modelwarden.domain.nearest import nearest


def test_the_most_like_one_is_named() -> None:
    assert nearest("fail-onn", ["exclude", "fail-on", "format"]) == "fail-on"


def test_there_is_always_an_answer() -> None:
    assert nearest("", {"a": 1}) == "a"
