import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden_sarif.sanitise import message_text, visible

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("safe\u202egpj.exe", "safe\\u202egpj.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("one\u2028two\u2029", "one\\u2028two\\u2029"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\udcff\ud800", "\\udcff\\ud800"),
        ("hidden\U000e0041", "hidden\\U000e0041"),
        ("not a character \uffff", "not a character \\uffff"),
    ],
)
def test_shows_what_would_be_invisible_or_obeyed(hostile: str, shown: str) -> None:
    assert visible(hostile, 100) == shown


@pytest.mark.parametrize(
    "text", ["", "os.system", "modèles/模型.pt", "a b", "😀", "back\\slash", "[x](y) {0}"]
)
def test_leaves_honest_text_alone(text: str) -> None:
    assert visible(text, 100) == text


def test_marks_what_is_cut_off() -> None:
    assert visible("abcdef", 5) == "abcd…"
    assert visible("abcde", 5) == "abcde"


def test_never_cuts_an_escape_in_two() -> None:
    assert visible("ab\x1bcd", 6) == "ab…"
    assert visible("ab\x1b", 6) == "ab\\x1b"
    assert message_text("a{{{", 6) == "a{{{{…"


def test_escapes_links_and_placeholders_of_messages() -> None:
    assert message_text("[click](1) {0} c:\\x", 100) == "\\[click\\](1) {{0}} c:\\\\x"


def test_escapes_the_backslash_of_its_own_escapes_in_messages() -> None:
    assert message_text("\x1b[0m", 100) == "\\\\x1b\\[0m"


@given(ANY_TEXT, st.integers(1, 40))
def test_keeps_within_the_limit_and_is_always_printable_utf8(text: str, limit: int) -> None:
    for shown in (visible(text, limit), message_text(text, limit)):
        assert len(shown) <= limit
        assert visible(shown, 1_000) == shown
        assert json.loads(json.dumps(shown).encode()) == shown


@given(ANY_TEXT, st.integers(1, 40))
def test_no_message_holds_a_link_or_a_placeholder(text: str, limit: int) -> None:
    rest = re.sub(r"\\[\\\[\]]|\{\{|\}\}", "", message_text(text, limit))
    assert not set(rest) & set("[]{}\\")
