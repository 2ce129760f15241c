"""Plug-ins and reporters of others on the command line."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from modelwarden.cli import run


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "a.acme").write_bytes(b"ACME evil")
    monkeypatch.chdir(tmp_path)
    return "m"


def test_a_scan_without_plug_ins_loads_none(
    models: str, distribution: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", models]) == 3
    assert "acme_parts" not in sys.modules


@pytest.mark.parametrize("spelling", ["acme-for-wardens", "acme_for_wardens"])
def test_every_report_tells_what_it_finds(
    models: str, distribution: str, spelling: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ("-f", "json:r.json", "-f", "sarif:r.sarif", "-f", "html:r.html", "-f", "gitlab-sast:r.gl.json")
    assert run(["scan", models, "--plugin", spelling, *files]) == 1
    assert "ACME001" in capsys.readouterr().out
    assert json.loads(Path("r.json").read_text())["findings"][0]["rule"] == "ACME001"
    log = json.loads(Path("r.sarif").read_text())["runs"][0]
    assert log["results"][0]["ruleId"] == "ACME001"
    rules = {rule["id"]: rule for rule in log["tool"]["driver"]["rules"]}
    assert rules["ACME001"]["helpUri"].endswith("extending.md#rules-of-plug-ins")
    assert "ACME001" in Path("r.html").read_text()
    assert "ACME001" in Path("r.gl.json").read_text()


def test_what_a_plug_in_prints_is_no_report(
    models: str, acme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", models, "--plugin", acme, "-f", "json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["findings"]
    assert told.err.count("noise") == 2


def test_they_are_listed_and_explained(acme: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["rules"], ["rules", "ACME001"], ["formats"], ["explain", "acme-hook"]):
        assert run([*command, "--plugin", acme]) == 0
        assert "acme" in capsys.readouterr().out


def test_a_finding_of_theirs_is_explained(models: str, acme: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scan", models, "--plugin", acme, "-f", "json"]) == 1
    fingerprint = json.loads(capsys.readouterr().out)["findings"][0]["fingerprint"]
    assert run(["explain", fingerprint, str(Path(models, "a.acme")), "--plugin", acme]) == 0
    assert "Acme models may name a hook." in capsys.readouterr().out


def test_a_variable_names_them_one_a_line(
    models: str, acme: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODELWARDEN_PLUGIN", f"{acme}\n")
    assert run(["scan", models]) == 1
    assert run(["rules", "ACME001"]) == 0


def test_their_rules_and_formats_can_be_named(
    models: str, acme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", models, "--severity", "acme-hook=info"]) == 4
    assert run(["scan", models, "--severity", "acme-hook=info", "--plugin", acme]) == 0
    assert run(["scan", models, "--without-format", "acme", "--plugin", acme]) == 3


def test_a_file_may_name_what_is_installed_and_no_module(
    models: str, acme: str, distribution: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '[severity]\nACME001 = "info"\n'
    Path("modelwarden.toml").write_text(f'plugin = ["{distribution}"]\n{text}')
    assert run(["scan", models, "--config", "modelwarden.toml"]) == 0
    Path("modelwarden.toml").write_text(f'plugin = ["{acme}"]\n')
    assert run(["scan", models, "--config", "modelwarden.toml"]) == 4
    assert "modelwarden.toml:1: plugin: no plug-in 'acme_models' is installed" in capsys.readouterr().err
    assert "acme_models" not in sys.modules
    Path("modelwarden.toml").write_text('reporter = ["acme-lines:lines.txt"]\n')
    assert run(["scan", models, "--config", "modelwarden.toml", "--plugin", distribution]) == 1
    assert "ACME001" in Path("lines.txt").read_text()
    Path("modelwarden.toml").write_text('reporter = ["acme_parts.Lines"]\n')
    assert run(["scan", models, "--config", "modelwarden.toml"]) == 4


@pytest.mark.parametrize("name", ["acme_nowhere", "os.path.nothing", "json:x"])
def test_one_that_is_not_there_is_exit_code_4(
    models: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", models, "--plugin", name]) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("name", ["acme-lines", "acme_parts.Lines"])
def test_a_reporter_of_others_writes_a_report(
    models: str, distribution: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", models, "--plugin", distribution, "--reporter", name]) == 1
    assert capsys.readouterr().out == f"ACME001 {Path('m', 'a.acme')}\n"
    assert run(["scan", models, "--plugin", distribution, "--reporter", f"{name}:r.txt", "-f", "json"]) == 1
    assert Path("r.txt").read_text() == f"ACME001 {Path('m', 'a.acme')}\n"
    assert json.loads(capsys.readouterr().out)["findings"]


def test_one_that_fails_costs_its_own_report(
    models: str, distribution: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--reporter", "acme-broken:r.txt", "--reporter", "acme-lines:l.txt", "-f", "json:r.json"]
    assert run(["scan", models, "--plugin", distribution, *arguments]) == 1  # findings win
    told = capsys.readouterr()
    assert "the reporter acme-broken failed: KeyError: 'nothing'" in told.err
    assert "1 critical" in told.out
    assert json.loads(Path("r.json").read_text())["findings"]
    assert Path("l.txt").read_text()
    assert not Path("r.txt").exists()


@pytest.mark.parametrize(
    "name", ["acme-nothing", "json.nothing", "json.__name__", "nowhere.X", "", "json.dumps:"]
)
def test_no_reporter_is_exit_code_4(models: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scan", models, "--reporter", name]) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_scanner_in_a_module_is_a_plug_in(
    models: str, module: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    module(
        "acme_scanner",
        "from modelwarden.scanners import SCANNER_REGISTRY\n"
        "from modelwarden.scanners.base import BaseScanner\n"
        "class Scanner(BaseScanner):\n"
        "    name = 'acme'\n    description = 'Acme'\n    supported_extensions = ['.acme']\n"
        "    def scan(self, path):\n"
        "        result = self._create_result()\n        result.add_issue('Found')\n        return result\n"
        "SCANNER_REGISTRY.append(Scanner)\n",
    )
    assert run(["scan", models, "--plugin", "acme_scanner", "-j", "2"]) == 1
    assert "ACME-WARNING" in capsys.readouterr().out
