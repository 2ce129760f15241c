from hypothesis import given
from hypothesis import strategies as st

from modelwarden.reports.visible import visible

ANY_TEXT = st.text(st.characters(categories=None) | st.sampled_from(list("\x1b\n\r:#[`|\u202e\ud800 ")))


def test_leaves_ordinary_names_alone() -> None:
    for name in (
        "models/modèle.pt",
        "模型.pkl",
        "torch._utils._rebuild_tensor_v2",
        "C:\\models\\a.pt",
        "std::vector",
        "# one",
    ):
        assert visible(name) == name


def test_shows_what_would_be_obeyed() -> None:
    assert (
        visible("a\x1b[31mb\nc\td\x7f\u202ee\udce9\U000e0001")
        == r"a\x1b[31mb\nc\td\x7f\u202ee\udce9\U000e0001"
    )


def test_breaks_what_a_runner_takes_for_a_command() -> None:
    assert visible("::error::x") == r"\x3a:error::x"
    assert visible("see ::add-mask::x") == r"see \x3a:add-mask::x"
    assert visible("x ##[group]y ##vso[task.setvariable]z") == r"x \x23#[group]y \x23#vso[task.setvariable]z"


def test_shortens_in_the_middle() -> None:
    short = visible("models/" + "x" * 5_000 + "/evil.pkl", 40)
    assert len(short) == 40
    assert short.startswith("models/")
    assert short.endswith("/evil.pkl")
    assert "…" in short


def test_escapes_more_characters_when_asked() -> None:
    assert visible("a`b|c", escape="`|") == r"a\x60b\x7cc"


@given(ANY_TEXT, st.integers(10, 60))
def test_any_text_becomes_one_harmless_line(text: str, limit: int) -> None:
    shown = visible(text, limit, escape="`|")
    assert shown.isprintable()
    assert len(shown) <= limit
    assert not shown.lstrip().startswith("::")
    assert not any(character in shown for character in "`|")
    assert "##[" not in shown
    shown.encode("utf-8")


@given(ANY_TEXT)
def test_no_word_of_it_is_a_command_wherever_lines_are_wrapped(text: str) -> None:
    assert not any(word.startswith("::") for word in visible(text, 10_000).split())
