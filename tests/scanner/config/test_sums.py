"""Lists of known-bad files: what sha256sum prints is read, what is no sum is refused with its line."""

from pathlib import Path

import pytest

from modelwarden.config.sums import read_sums
from modelwarden.errors import UserError

SUM = "ab" * 32


def test_what_sha256sum_prints_is_read(tmp_path: Path) -> None:
    file = tmp_path / "bad.txt"
    file.write_text(f"# ours\n\n{SUM.upper()}  evil.pkl\n\\{'cd' * 32}  a\\nb\n{'ef' * 32}\n")
    assert read_sums(str(file)) == {SUM, "cd" * 32, "ef" * 32}


@pytest.mark.parametrize("text", [f"{SUM}\nabc\n", f"{SUM}\n{SUM}0\n", f"{SUM}\nMD5 (x) = {SUM}"])
def test_what_is_no_sum_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.txt"
    file.write_text(text)
    with pytest.raises(UserError, match=r"bad\.txt:2: no SHA-256 sum"):
        read_sums(str(file))


def test_an_empty_list_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# nothing\n")
    with pytest.raises(UserError, match="holds no SHA-256 sum"):
        read_sums(str(tmp_path / "empty"))
    with pytest.raises(UserError, match="cannot read"):
        read_sums(str(tmp_path / "missing"))
