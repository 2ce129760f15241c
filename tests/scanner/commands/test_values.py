"""Options that name rules, formats and globals, through the real command."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelwarden.cli import cli

CORPUS = Path(__file__).parents[2] / "corpus"
EVIL = str(CORPUS / "malicious" / "dangerous-call" / "os-system.pkl")
UNKNOWN = str(next((CORPUS / "malicious" / "unknown-call").glob("*.pkl")))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["scan", *arguments], standalone_mode=False)


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("--severity=MW101=inf", "no severity 'inf'. Did you mean info?"),
        ("--severity=dangerous-cal=info", "no rule 'dangerous-cal'. Did you mean dangerous-call?"),
        ("--severity=MW905=info", "has no severity"),
        ("--without-format=pickel", "no format 'pickel'. Did you mean pickle?"),
        ("--suffix=x=pickle", "write .ext=format"),
        ("--suffix=.x=pickel", "Did you mean pickle?"),
    ],
)
def test_what_is_not_known_is_refused_with_what_was_meant(option: str, reason: str) -> None:
    assert reason in str(getattr(run(EVIL, option).exception, "message", ""))


def test_a_rated_rule_decides_the_exit_code() -> None:
    assert run(EVIL, "--severity", "dangerous-call=info").return_value == 0
    assert run(EVIL, "--severity", "MW101=warning", "--fail-on", "critical").return_value == 0
    assert run(EVIL, "--severity", "MW101=warning").return_value == 1


def test_sarif_shows_the_rating_at_rule_and_result() -> None:
    run_ = json.loads(run(EVIL, "--severity", "MW101=info", "-f", "sarif").stdout)["runs"][0]
    [rule] = [rule for rule in run_["tool"]["driver"]["rules"] if rule["id"] == "MW101"]
    assert rule["defaultConfiguration"]["level"] == "note"
    assert [result["level"] for result in run_["results"] if result["ruleId"] == "MW101"] == ["note"]


def test_an_allowed_global_does_not_count_and_is_not_forgotten() -> None:
    [finding] = json.loads(run(UNKNOWN, "-f", "json").stdout)["findings"]
    assert finding["rule"] == "MW109"
    result = run(UNKNOWN, "-f", "json", "--allow", finding["subject"])
    assert result.return_value == 0
    assert json.loads(result.stdout)["findings"][0]["suppression"]["grounds"] == "allowed"


def test_a_dangerous_global_cannot_be_allowed() -> None:
    assert run(EVIL, "--allow", "*").return_value == 1


def test_a_denied_global_is_found_although_it_is_harmless() -> None:
    model = str(CORPUS / "benign" / "sklearn" / "logistic-regression-protocol-5.pkl")
    assert run(model).return_value == 0
    result = run(model, "-f", "json", "--deny", "numpy.*")
    assert result.return_value == 1
    assert {one["rule"] for one in json.loads(result.stdout)["findings"]} == {"MW508"}


def test_a_format_that_is_off_is_not_read() -> None:
    result = run(EVIL, "--without-format", "pickle", "-f", "json")
    assert result.return_value == 3
    assert json.loads(result.stdout)["findings"] == []


def test_a_member_whose_format_is_off_is_not_called_clean() -> None:
    checkpoint = str(CORPUS / "malicious" / "dangerous-call" / "torch-checkpoint.pt")
    result = run(checkpoint, "--without-format", "pickle")
    assert result.return_value == 2
    assert "reads it as pickle, which is turned off" in result.stdout
    assert "Clean" not in result.stdout


def test_a_suffix_names_the_reader(tmp_path: Path) -> None:
    file = tmp_path / "model.ours"
    file.write_bytes(b"no pickle at all, whatever one does")
    assert run(str(file)).return_value == 3
    result = run(str(file), "--suffix", ".ours=pickle")
    assert result.return_value == 2
    assert "model.ours" in result.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_known_bad_file_is_found_whatever_it_is(tmp_path: Path, jobs: str) -> None:
    (tmp_path / "notes.txt").write_bytes(b"just text")
    (tmp_path / "model.pkl").write_bytes(b"\x80\x04N.")
    sums = tmp_path / "bad.sums"
    sums.write_text(f"{hashlib.sha256(b'just text').hexdigest()}  notes.txt\n")
    result = run(str(tmp_path), "-f", "json", "--known-bad", str(sums), "-j", jobs)
    assert result.return_value == 1
    [finding] = json.loads(result.stdout)["findings"]
    assert (finding["rule"], Path(finding["file"]).name) == ("MW502", "notes.txt")


def test_strict_fails_on_information_and_on_files_named_like_models(tmp_path: Path) -> None:
    rated = ["--severity", "MW101=info"]
    assert run(EVIL, *rated).return_value == 0
    assert run(EVIL, *rated, "--strict").return_value == 1
    assert run(EVIL, *rated, "--strict", "--fail-on", "critical").return_value == 0
    (tmp_path / "weights.bin").write_bytes(b"nothing that anybody knows")
    (tmp_path / "README.md").write_bytes(b"# words")
    (tmp_path / "fine.pkl").write_bytes(b"\x80\x04N.")
    assert run(str(tmp_path)).return_value == 0
    result = run(str(tmp_path), "--strict")
    assert result.return_value == 2
    assert "weights.bin" in result.stdout
    assert "README.md" not in result.stdout


def test_what_is_denied_weighs_what_its_pattern_says() -> None:
    forest = str(Path(__file__).parents[2] / "corpus" / "benign" / "sklearn" / "k-means.pkl")
    assert run(forest, "--deny", "sklearn.cluster.*").return_value == 1
    result = run(forest, "--deny", "sklearn.cluster.*=info")
    assert result.return_value == 0
    assert "INFO  MW508" in result.stdout
    assert (
        run(
            forest, "--deny", "sklearn.cluster.*=Info", "--deny", "sklearn.cluster._kmeans.KMeans"
        ).return_value
        == 1
    )
    assert "no severity 'inf'. Did you mean info?" in str(run(forest, "--deny", "x=inf").exception)
