"""Where a setting comes from: flag before variable before file before default."""

import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from modelwarden.cli import cli
from modelwarden.commands.configured import Configured

EVIL = str(Path(__file__).parents[2] / "corpus" / "malicious" / "dangerous-call" / "os-system.pkl")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("MODELWARDEN_FAIL_ON", "MODELWARDEN_EXCLUDE", "MODELWARDEN_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, standalone_mode=False)


def shown(*arguments: str) -> dict[str, str]:
    rows = run("config", "show", *arguments).stdout.splitlines()
    return {name: " ".join(rest) for name, *rest in (row.split() for row in rows)}


def configure(project: Path, text: str) -> Path:
    file = project / "modelwarden.toml"
    file.write_text(text)
    return file


def test_each_source_wins_over_the_next(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown()["fail-on"] == "warning default"
    configure(project, '# ours\nfail-on = "info"\n')
    assert shown()["fail-on"] == "info modelwarden.toml:2"
    monkeypatch.setenv("MODELWARDEN_FAIL_ON", "critical")
    assert shown()["fail-on"] == "critical variable MODELWARDEN_FAIL_ON"
    assert shown("--fail-on", "never")["fail-on"] == "never flag"


def test_what_the_file_says_is_done(project: Path) -> None:
    assert run("scan", EVIL).return_value == 1
    configure(project, 'fail-on = "never"\n')
    assert run("scan", EVIL).return_value == 0
    assert run("scan", EVIL, "--no-config").return_value == 1


def test_a_variable_names_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = project / "other.toml"
    file.write_text('fail-on = "never"\n')
    monkeypatch.setenv("MODELWARDEN_CONFIG", str(file))
    assert run("scan", EVIL).return_value == 0


def test_a_list_in_a_variable_has_one_entry_a_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELWARDEN_EXCLUDE", "a b\nc\n\n")
    assert shown()["exclude"] == "a b, c variable MODELWARDEN_EXCLUDE"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('fail-on = "crit"', "modelwarden.toml:1: fail-on: 'crit' is not one of"),
        ('\nfail-onn = "x"', "modelwarden.toml:2: unknown key 'fail-onn'; did you mean 'fail-on'?"),
        ('exclude = "x"', "modelwarden.toml:1: exclude: a list is expected"),
        ('fail-on = ["x"]', "modelwarden.toml:1: fail-on: one value is expected"),
        ("verbose = 1", "modelwarden.toml:1: verbose: true or false is expected"),
        ("category = true", "modelwarden.toml:1: category: a value is expected, not true or false"),
        ('config = "x"', "modelwarden.toml:1: unknown key 'config'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(project: Path, text: str, reason: str) -> None:
    configure(project, text)
    assert reason in str(run("scan", EVIL).exception)


@pytest.mark.parametrize(
    "text",
    [
        'output = "x"',
        'plugin = ["os"]',
        'format = ["text:x"]',
        'write-baseline = "x"',
        'cache-dir = "x"',
        'reporter = ["x.Y"]',
    ],
)
def test_a_file_that_nobody_named_neither_writes_files_nor_loads_code(project: Path, text: str) -> None:
    file = configure(project, text)
    assert "only a file that --config names may set this" in str(run("scan", EVIL).exception)
    file.rename(project / "named.toml")
    assert "only a file" not in str(run("scan", EVIL, "--config", "named.toml").exception)


def test_a_model_directory_cannot_silence_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "downloaded"
    models.mkdir()
    shutil.copy(EVIL, models / "model.pkl")
    (models / "modelwarden.toml").write_text('fail-on = "never"\nexclude = ["*.pkl"]\n')
    monkeypatch.chdir(models)
    for path in (".", "model.pkl", str(tmp_path)):
        result = run("scan", path)
        read = path == "model.pkl"  # the file does not lie in what is scanned
        assert (result.return_value == 1) is not read
        assert ("lies in what is scanned and was not read" in result.stderr) is not read
        assert ("settings from" in result.stderr) is read
    assert run("scan", ".", "--config", "modelwarden.toml").return_value != 1


def test_a_default_that_stands_in_the_help_is_shown(project: Path) -> None:
    assert (shown()["min-severity"], shown()["max-memory"]) == ("info default", "4GiB default")


def test_what_was_read_is_told(project: Path) -> None:
    file = configure(project, 'fail-on = "critical"\n')
    assert f"settings from {file}" in run("scan", EVIL).stderr
    assert "settings from" not in run("scan", EVIL, "-q").stderr


def test_a_wrong_variable_is_a_usage_error(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELWARDEN_FAIL_ON", "crit")
    said = str(run("scan", EVIL).exception)
    assert "'crit' is not one of" in said
    assert "MODELWARDEN_FAIL_ON" in said


def test_a_variable_that_nobody_reads_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELWARDEN_FAILON", "x")
    assert "MODELWARDEN_FAILON is not known and does nothing" in run("scan", EVIL).stderr


def test_contradicting_flags_are_refused(project: Path) -> None:
    assert "contradict" in str(run("scan", EVIL, "--no-config", "--config", "x").exception)


def test_every_option_has_a_name_a_file_can_use() -> None:
    from modelwarden.commands.scan import command

    assert isinstance(command, Configured)
    settable = command.settable()
    assert {"fail-on", "exclude", "baseline"} <= set(settable)
    assert all(isinstance(option, click.Option) for option in settable.values())
    assert settable["fail-on"].envvar == "MODELWARDEN_FAIL_ON"
    assert settable["summary"].envvar is None
