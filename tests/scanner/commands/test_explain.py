"""`modelwarden explain`, as it is typed."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelwarden.cli import cli
from modelwarden.policies import CATALOGUE

CORPUS = Path(__file__).parents[2] / "corpus"
CHECKPOINT = str(CORPUS / "malicious" / "dangerous-call" / "torch-checkpoint.pt")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def report(tmp_path: Path, form: str) -> str:
    file = tmp_path / f"report.{form}"
    run("scan", CHECKPOINT, "-f", f"{form}:{file}")
    return str(file)


def identity(tmp_path: Path) -> str:
    found: str = json.loads(Path(report(tmp_path, "json")).read_text())["findings"][0]["fingerprint"]
    return found


@pytest.mark.parametrize("name", ["MW101", "mw101", "dangerous-call"])
def test_a_rule_by_id_or_name(name: str) -> None:
    result = run("explain", name)
    assert result.exit_code == 0
    assert result.stdout == run("rules", "MW101").stdout


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_finding_of_a_report_by_the_start_of_its_fingerprint(tmp_path: Path, form: str) -> None:
    text = run("explain", identity(tmp_path)[:8], report(tmp_path, form)).stdout
    assert "os.system" in text
    assert "torch-checkpoint.pt!archive/data.pkl" in text
    assert CATALOGUE["MW101"].summary in text
    assert identity(tmp_path) in text


def test_a_finding_of_a_file_is_found_again_by_scanning_it(tmp_path: Path) -> None:
    text = run("explain", identity(tmp_path)[:8], CHECKPOINT).stdout
    assert "os.system" in text
    shown = re.search(r"modelwarden disasm\s+'([^']+)'", text)
    assert shown is not None
    assert "os.system" in run("disasm", shown[1]).stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["mw1o1"], "neither a rule nor a fingerprint. Did you mean MW"),
        (["abcdef12"], "name the report it stands in"),
        (["abcdef12", CHECKPOINT], "no finding abcdef12 in"),
    ],
)
def test_what_cannot_be_explained(arguments: list[str], reason: str) -> None:
    assert reason in str(run("explain", *arguments).exception)


def test_somebody_elses_report_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.sarif"
    file.write_text('{"runs": [{"tool": {"driver": {"name": "other"}}, "results": []}]}')
    assert "no report of modelwarden" in str(run("explain", "abcdef12", str(file)).exception)
