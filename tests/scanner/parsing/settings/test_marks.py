"""The search finds every key and every escape that may hide one, wherever windows end."""

import pytest

from modelwarden.domain.budget import LimitReached
from modelwarden.parsing.settings.marks import NAMING, WORDS, json_marks, text_marks
from modelwarden.source.memory import MemorySource

WINDOW = 1 << 20


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("place", [0, WINDOW - 60, WINDOW - 10, WINDOW - 1, WINDOW, 2 * WINDOW - 5])
def test_a_key_is_found_wherever_it_stands(word: bytes, place: int) -> None:
    data = b" " * place + b'"' + word + b'": "x"'
    assert json_marks(MemorySource(data), names=False).strong
    assert text_marks(MemorySource(data), names=False)


def test_keys_that_mean_something_together_may_stand_far_apart() -> None:
    data = b'"target": "a.b"' + b" " * (3 * WINDOW) + b'"params": {}'
    marks = json_marks(MemorySource(data), names=False)
    assert (marks.strong, marks.weak) == (False, True)
    assert not json_marks(MemorySource(data[: 2 * WINDOW]), names=False)


@pytest.mark.parametrize("word", WORDS)
def test_a_key_with_a_number_is_a_word_of_a_vocabulary(word: bytes) -> None:
    marks = json_marks(MemorySource(b'{"' + word + b'": 17}'), names=False)
    assert (marks.strong, marks.weak) == (False, True)


@pytest.mark.parametrize("data", [b"!!python/name:a", b"%TAG ! x", b"_target_: x"])
def test_tags_and_targets_of_yaml_are_strong(data: bytes) -> None:
    assert text_marks(MemorySource(data), names=False).strong


@pytest.mark.parametrize(
    "data", [b'"\\u005f"', b'"\\u0061"', b'"\\u005F"', b'"\\u007a"', b'"\\u0030"', b'"\\u004B"']
)
def test_json_that_escapes_letters_is_marked(data: bytes) -> None:
    assert json_marks(MemorySource(data), names=False).strong


@pytest.mark.parametrize(
    "data",
    [b'"\\u003c\\u0026"', b'"\\u0120"', b'"\\n\\t"', b'"\\u00e9"', b"_target_", b'{"name": "target"}', b""],
)
def test_ordinary_json_is_not(data: bytes) -> None:
    assert not json_marks(MemorySource(data), names=False)


@pytest.mark.parametrize(
    "data",
    [
        b"!!python/name:a",
        b"%TAG ! x",
        b"!a%6f",
        b"!!a%6f",
        b"!p!a%6f",
        b'"\\x5f"',
        b'"\\u005f"',
        b'"a\\\nb"',
        b'"a\\\r\nb"',
    ],
)
def test_yaml_that_may_hide_something_is_marked(data: bytes) -> None:
    assert text_marks(MemorySource(data), names=False).weak


def test_names_are_looked_for_on_demand() -> None:
    for word in NAMING:
        data = b'{"' + word + b'": "x"}'
        assert not json_marks(MemorySource(data), names=False).naming
        marks = json_marks(MemorySource(data), names=True)
        assert (marks.strong, marks.naming) == (False, True)


def test_a_text_beyond_reason_is_not_searched() -> None:
    class Endless:
        size = 65 << 30

        def read(self, offset: int, length: int) -> bytes:
            raise AssertionError

    with pytest.raises(LimitReached, match="none of it was looked at"):
        json_marks(Endless(), names=False)
