"""Which lines of a requirements file lead elsewhere."""

import pytest

from modelwarden.parsing.requirements import leads_elsewhere


@pytest.mark.parametrize("line", ["torch==2", "a[b]>=1", "# -e x", "", "-r x.txt", "--index-urls", "-ix"])
def test_ordinary_lines_stay(line: str) -> None:
    assert not leads_elsewhere(line)


@pytest.mark.parametrize(
    "line", ["-i https://x", "-e .", "a@https://x", "git+https://x", "./a", "/a", "-f x", "--find-links=x"]
)
def test_others_lead_away(line: str) -> None:
    assert leads_elsewhere(line)


def test_hostile_lines_are_quick() -> None:
    assert not leads_elsewhere("a[" * 1_000_000)
    assert not leads_elsewhere(" " * 1_000_000)
