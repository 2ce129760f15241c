"""Constants of the text opcodes mean what CPython makes of them."""

import codecs
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.pickle import literals


@given(st.text())
def test_unicode_lines_are_decoded_as_the_loader_does(text: str) -> None:
    line = pickle.dumps(text, 0)[1:].partition(b"\np0")[0]
    assert literals.text(literals.unicode(line) or b"") == text


@given(st.binary())
def test_quoted_strings_are_decoded_as_the_loader_does(raw: bytes) -> None:
    escaped = codecs.escape_encode(raw)[0]
    assert literals.string(b"'" + escaped + b"'") == raw


@pytest.mark.parametrize("line", [b"", b"'", b"abc", b"'abc\"", b"'\\x1'", b"'\\'"])
def test_strings_the_loader_refuses_are_refused(line: bytes) -> None:
    assert literals.string(line) is None


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (b"12", 12),
        (b"-3L", -3),
        (b"0x1f", 31),
        (b"017", 17),
        (b"0o17", 15),
        (b"1_0", 10),
        (b"5\0x", 5),
        (b"x", None),
        (b"", None),
    ],
)
def test_integers_in_every_spelling(line: bytes, value: int | None) -> None:
    assert literals.integer(line) == value


@given(st.binary())
def test_text_never_fails_to_decode(raw: bytes) -> None:
    assert isinstance(literals.text(raw), str)
