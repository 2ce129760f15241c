"""The table of limits and the record of their values are one thing in two places."""

import pytest

from modelwarden.domain.budget import Limits
from modelwarden.domain.limits import LIMITS, parse_limits
from modelwarden.domain.size import LARGEST


def test_every_limit_is_described_once_and_in_order() -> None:
    assert [limit.name for limit in LIMITS] == list(Limits.__annotations__)


def test_descriptions_are_sentences() -> None:
    assert all(limit.text[0].isupper() and limit.text.endswith(".") for limit in LIMITS)


def test_files_are_not_limited_unless_somebody_asks() -> None:
    assert Limits().file_bytes == Limits().total_bytes == LARGEST


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ((), {}),
        (("members=5",), {"members": 5}),
        (("text-bytes=1.5MiB", "DEPTH=3"), {"text_bytes": 3 << 19, "depth": 3}),
        (("members=1_000", "members=7"), {"members": 7}),
    ],
)
def test_limits_are_read(given: tuple[str, ...], found: dict[str, int]) -> None:
    assert parse_limits(given) == found


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("memebrs=5", "did you mean members?"),
        ("zzzz=5", "there are depth, members"),
        ("members", "needs a value, as in members=100000"),
        ("members=", "is no size"),
        ("members=many", "is no size"),
        ("members=5MiB", "counts members"),
        ("members=1.5", "counts members"),
        ("members=0", "at least 1"),
        ("text_bytes=0", "at least 1"),
        ("text_bytes=-5", "is no size"),
    ],
)
def test_what_is_wrong_is_said(given: str, complaint: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the text is compared below
        parse_limits((given,))
    assert complaint in str(error.value)
