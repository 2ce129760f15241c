"""`modelwarden disasm`, as it is typed."""

import pickle
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelwarden.cli import cli

CORPUS = Path(__file__).parents[2] / "corpus"
EVIL = CORPUS / "malicious" / "dangerous-call" / "os-system.pkl"
CHECKPOINT = CORPUS / "malicious" / "dangerous-call" / "torch-checkpoint.pt"


def disasm(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["disasm", *arguments])


def test_a_call_is_shown_where_it_is_made_with_what_the_rules_say() -> None:
    rows = disasm(str(EVIL)).stdout.splitlines()
    at = next(number for number, row in enumerate(rows) if "REDUCE" in row)
    assert rows[at].split()[0] == "42"
    assert 'would call os.system("echo modelwarden sample")' in rows[at + 1]
    assert "MW101 critical" in rows[at + 2]


def test_a_member_of_an_archive() -> None:
    result = disasm(f"{CHECKPOINT}!archive/data.pkl")
    assert result.exit_code == 0
    assert "MW101" in result.stdout


def test_an_archive_tells_which_member_to_look_at() -> None:
    result = disasm(str(CHECKPOINT))
    assert f"{CHECKPOINT}!archive/data.pkl" in str(result.exception)
    assert "is no pickle" in str(result.exception)


def test_what_is_no_pickle_says_what_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme", "nothing")
    assert "it is read as ZIP archive" in str(disasm(str(tmp_path / "a.zip")).exception)


def test_several_pickles_and_what_follows(tmp_path: Path) -> None:
    file = tmp_path / "two.pkl"
    file.write_bytes(pickle.dumps([1], 4) + pickle.dumps({2: 3}, 2) + b"tail")
    text = disasm(str(file)).stdout
    assert text.count("STOP") == 2
    assert f"another pickle follows at {len(pickle.dumps([1], 4))}" in text
    assert "4 bytes follow, which are no pickle" in text


def test_a_long_one_is_cut_and_says_how_to_go_on(tmp_path: Path) -> None:
    file = tmp_path / "long.pkl"
    file.write_bytes(pickle.dumps(list(range(500)), 4))
    first = disasm(str(file), "--lines", "10").stdout.splitlines()
    assert len(first) == 11
    offset = first[-1].partition("--offset ")[2].split()[0]
    assert disasm(str(file), "--offset", offset, "--lines", "1").stdout.split()[0] == offset


@pytest.mark.parametrize("text", ["\x1b[31mred", "\u202eoutside", "\x9b1m", "\u2028next"])
def test_hostile_text_is_shown_not_obeyed(tmp_path: Path, text: str) -> None:
    file = tmp_path / "hostile.pkl"
    file.write_bytes(pickle.dumps(text, 4))
    assert text not in disasm(str(file)).stdout
