"""What users of ModelScan type: -r, -l, --settings-file, and the file in the current directory."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelwarden.cli import cli

CORPUS = Path(__file__).parents[2] / "corpus"
EVIL = str(CORPUS / "malicious" / "dangerous-call" / "os-system.pkl")
GOOD = str(CORPUS / "benign" / "sklearn" / "logistic-regression-protocol-5.pkl")
GRAPH = str(CORPUS / "malicious" / "file-write-operator" / "saved-model-write-file" / "saved_model.pb")
FILE = "modelscan-settings.toml"
DENIES = '[unsafe_globals.MEDIUM]\n"sklearn.linear_model" = "*"\n'
REPORTER = """
class Report:
    @staticmethod
    def generate(report, settings):
        return f"{len(report.findings)} {settings['colour']} {settings['show_skipped']} {settings['output_file']}"

class Silent:
    def generate(self, report, settings):
        print("said it myself")

class Broken:
    def generate(self, report, settings):
        raise RuntimeError("no luck")

def whole(outcome):
    return f"code {outcome.exit_code}"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def reporters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "installed"
    folder.mkdir()
    (folder / "acme_reports.py").write_text(REPORTER)
    monkeypatch.syspath_prepend(str(folder))
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, standalone_mode=False)


def reporting(folder: Path, name: str, file: str = "s.toml") -> str:
    path = folder / file
    path.write_text(f'[reporting]\nmodule = "{name}"\n[reporting.settings]\ncolour = "red"\n')
    return str(path)


def test_reporting_formats_are_those_of_ours(here: Path) -> None:
    assert run(EVIL, "-r", "console").stdout == run(EVIL).stdout
    assert json.loads(run(EVIL, "-r", "json", "--deterministic").stdout)["summary"]["exit_code"] == 1
    assert run(EVIL, "-r", "json", "-o", "x.json").return_value == 1
    assert json.loads((here / "x.json").read_text())["schema_version"]
    assert run(EVIL, "-p", GOOD, "--output-file", "y.txt", "-q").return_value == 1
    assert "MW101" in (here / "y.txt").read_text()


def test_a_reporting_module_gets_the_report(here: Path, reporters: Path) -> None:
    settings = reporting(here, "acme_reports.Report")
    result = run(EVIL, "-r", "custom", "--settings-file", settings, "--show-skipped")
    assert result.stdout == "1 red True None\n"
    assert result.return_value == 1
    run(EVIL, "-r", "custom", "--settings-file", settings, "-o", "x.txt")
    assert (here / "x.txt").read_text() == "1 red False x.txt\n"


def test_a_reporting_module_may_print_or_be_any_reporter(here: Path, reporters: Path) -> None:
    assert (
        "said it myself"
        in run(EVIL, "-r", "custom", "--settings-file", reporting(here, "acme_reports.Silent")).stdout
    )
    assert (
        "code 1" in run(EVIL, "-r", "custom", "--settings-file", reporting(here, "acme_reports.whole")).stdout
    )


@pytest.mark.parametrize(("module", "mark"), [("Console", "MW101"), ("JSON", '"schema_version"')])
def test_modelscans_own_modules_are_our_reports(here: Path, module: str, mark: str) -> None:
    settings = reporting(here, f"modelscan.reports.{module}Report")
    assert mark in run(EVIL, "-r", "custom", "--settings-file", settings).stdout


def test_a_reporting_module_that_breaks_is_told(here: Path, reporters: Path) -> None:
    result = run(EVIL, "-r", "custom", "--settings-file", reporting(here, "acme_reports.Broken"))
    assert "no luck" in str(result.exception)
    assert getattr(result.exception, "exit_code", None) == 1  # findings win
    result = run(GOOD, "-r", "custom", "--settings-file", "s.toml")
    assert getattr(result.exception, "exit_code", None) == 2


@pytest.mark.parametrize(
    ("module", "reason"), [("nowhere.X", "s.toml:2: "), ("acme_reports.Nothing", "s.toml:2: ")]
)
def test_a_reporting_module_that_is_missing_is_told(
    here: Path, reporters: Path, module: str, reason: str
) -> None:
    result = run(EVIL, "-r", "custom", "--settings-file", reporting(here, module))
    assert reason in str(result.exception)
    assert getattr(result.exception, "exit_code", None) == 4


def test_custom_needs_a_settings_file(here: Path) -> None:
    assert "needs --settings-file" in str(run(EVIL, "-r", "custom").exception)


def test_code_that_lies_with_the_models_is_not_loaded(here: Path, reporters: Path) -> None:
    reporting(here, "acme_reports.Report", FILE)
    (here / "models").mkdir()
    assert "is only loaded with --settings-file" in str(run(".", "-r", "custom").exception)
    assert "is only loaded with --settings-file" in str(run(FILE, "-r", "custom").exception)
    assert "is only loaded with --settings-file" in str(run("models", EVIL, "-r", "custom").exception)
    assert run(".", EVIL, "-r", "custom", "--settings-file", FILE).stdout == "1 red False None\n"


def test_settings_that_lie_with_the_models_turn_nothing_off(here: Path) -> None:
    off = "".join(
        f'[scanners."modelscan.scanners.{name}UnsafeOpScan"]\nenabled = false\n'
        for name in ("Pickle", "PyTorch", "Numpy")
    )
    (here / FILE).write_text(off)
    shutil.copy(EVIL, here / "model.pkl")
    result = run(".")
    assert result.return_value == 1
    assert f"{FILE}:2: not obeyed, since the file belongs to what is scanned" in result.stderr
    assert run("-p", ".").return_value == 1
    assert run(".", "--settings-file", FILE).return_value == 0
    assert run("model.pkl").return_value == 3


def test_the_file_in_the_current_directory_is_read_and_told(here: Path) -> None:
    assert run(GOOD).return_value == 0
    (here / FILE).write_text(DENIES)
    result = run(GOOD)
    assert result.return_value == 1
    assert "WARNING  MW508" in result.stdout
    assert f"modelwarden: settings from {FILE}\n" in result.stderr
    assert run(GOOD, "--fail-on", "critical").return_value == 0


def test_it_is_not_read_elsewhere_nor_when_it_is_not_wanted(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / FILE).write_text(DENIES)
    (here / "modelwarden.toml").write_text("")
    assert run(GOOD, "--no-config").return_value == 0
    assert run(GOOD, "--config", "modelwarden.toml").return_value == 0
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    assert run(GOOD, "..", "--skip-unsupported").return_value == 0
    monkeypatch.setenv("MODELWARDEN_SETTINGS_FILE", str(here / FILE))
    assert run(GOOD).return_value == 1


def test_naming_a_file_and_wanting_none_is_refused(here: Path) -> None:
    assert "contradict" in str(run(GOOD, "--no-config", "--settings-file", "x").exception)


def test_an_operator_can_be_denied(here: Path) -> None:
    (here / FILE).write_text(
        '[scanners."modelscan.scanners.SavedModelTensorflowOpScan".unsafe_tf_operators]\nWriteFile = "LOW"\nConst = "LOW"\n'
    )
    stdout = run(GRAPH).stdout
    assert "INFO  MW508" in stdout
    assert "runs tensorflow:Const" in stdout
    assert "INFO  MW204" in stdout


def test_config_show_tells_of_it(here: Path) -> None:
    (here / FILE).write_text(DENIES)
    text = run("config", "show").stdout
    assert f"ModelScan's: {FILE}" in text
    assert " ".join(text.split()).count(f"sklearn.linear_model.*=warning {FILE}:1") == 1


@pytest.mark.parametrize(
    ("level", "settings", "remark", "verdict", "files"),
    [
        ("critical", False, False, False, False),
        ("ERROR", False, False, False, False),
        ("WARNING", False, True, False, False),
        ("info", True, True, True, False),
        ("debug", True, True, True, True),
    ],
)
def test_levels(here: Path, level: str, settings: bool, remark: bool, verdict: bool, files: bool) -> None:
    (here / FILE).write_text('[scanners."acme.X"]\n')
    result = run(EVIL, "-f", "json", "-l", level)
    assert json.loads(result.stdout)["summary"]["exit_code"] == 1
    assert ("settings from" in result.stderr) is settings
    assert ("acme.X" in result.stderr) is remark
    assert ("Exit code 1" in result.stderr) is verdict
    assert ("os-system.pkl: pickle" in result.stderr) is files


def test_quiet_is_quieter_than_any_level(here: Path) -> None:
    (here / FILE).write_text('[scanners."acme.X"]\n')
    assert run(EVIL, "-q", "-l", "debug").stderr == ""
