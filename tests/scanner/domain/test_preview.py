"""Values in one bounded line."""

import pytest

from modelwarden.domain.preview import PREVIEW_CHARACTERS, preview, preview_arguments, shorten
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result, Value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("echo hi", '"echo hi"'),
        (7, "7"),
        (UNKNOWN, "…"),
        (Global("os", "system"), "os.system"),
        (Global("os", ""), "os"),
        (Blob(0, 2, b"N."), "b'N.'"),
        (Blob(0, 900, b"N."), "b'N.'…"),
        ((), "()"),
        (("a",), '("a",)'),
        (("a", 1), '("a", 1)'),
        (Result(Global("acme", "f"), ("x", 1)), 'acme.f("x", 1)'),
    ],
    ids=str,
)
def test_values_look_as_python_writes_them(value: Value, text: str) -> None:
    assert preview(value) == text


def test_arguments_stand_between_commas() -> None:
    assert preview_arguments(("a", (1,), UNKNOWN)) == '"a", (1,), …'


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10_000,
        ("x" * 10_000,) * 100,
        Global("m" * 10_000, "n" * 10_000),
        Blob(0, 10_000, b"\xff" * 4096),
        Result(Global("m", "n" * 10_000), ("x" * 10_000,)),
    ],
    ids=["text", "tuple", "global", "blob", "result"],
)
def test_no_value_is_longer_than_the_limit(value: Value) -> None:
    assert len(preview(value)) <= PREVIEW_CHARACTERS
    assert len(preview_arguments((value, value))) <= PREVIEW_CHARACTERS


def test_what_is_cut_ends_in_an_ellipsis() -> None:
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abcd", 4) == "abcd"
