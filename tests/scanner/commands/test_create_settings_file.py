"""The settings file that is written: complete, read back, and without effect until somebody changes it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from modelwarden.cli import cli
from modelwarden.commands import template
from modelwarden.domain.limits import LIMITS
from modelwarden.policies import CATALOGUE

OURS, THEIRS = "modelwarden.toml", "modelscan-settings.toml"
KEY = re.compile(r'# (?=[\w"\'.-]+ = |\[)')


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, standalone_mode=False)


def shown() -> dict[str, str]:
    """Name → value as `config show` has it, without where it comes from."""
    rows = re.sub(r"\n {10,}", " ", run("config", "show").stdout).splitlines()
    return {
        row[:18].strip(): row[20:44].strip() for row in rows if not row.startswith(("file:", "ModelScan's:"))
    }


def test_it_is_read_back_without_a_change(here: Path) -> None:
    before = shown()
    result = run("create-settings-file")
    assert result.return_value == 0
    assert (result.stdout, result.stderr) == ("", f"modelwarden: wrote {OURS}\n")
    assert shown() == before


def test_every_default_in_it_is_the_default(here: Path) -> None:
    before = shown()
    run("create-settings-file")
    known = template.settings().keys() - template.EXAMPLES.keys()
    rows = [
        row[2:]
        for row in (here / OURS).read_text().splitlines()
        if KEY.match(row) and row[2:].split(" = ")[0] in known
    ]
    assert len(rows) == len(known) > 10
    (here / OURS).write_text("\n".join(rows))
    assert shown() == before
    assert run("config", "show").stdout.count(f"{OURS}:") >= len(known)


def test_every_line_of_it_is_understood(here: Path) -> None:
    run("create-settings-file")
    text = "\n".join(KEY.sub("", row, count=1) for row in (here / OURS).read_text().splitlines())
    (here / OURS).write_text(text)
    result = run("config", "show")
    assert result.exception is None
    assert "[[ignore]]" in result.stdout
    assert "1 entry" in result.stdout


def test_it_names_every_setting() -> None:
    text = template.template()
    for name in template.settings():
        assert f"\n# {name} = " in text
    for rule in CATALOGUE.values():
        assert (f'# {rule.id} = "{rule.severity.name.lower()}"' in text) is not rule.id.startswith("MW9")
    for limit in LIMITS:
        assert (f"\n# {limit.name} = " in text) is (limit.show(limit.default) != "unlimited")


def test_every_option_without_a_default_has_an_example() -> None:
    for name, option in template.settings().items():
        if option.default in (None, "") and not option.multiple:
            assert name in template.EXAMPLES


@pytest.mark.parametrize(
    ("arguments", "file"), [((), OURS), (("--modelscan",), THEIRS), (("-l", "x.toml"), "x.toml")]
)
def test_nothing_is_overwritten_unasked(here: Path, arguments: tuple[str, ...], file: str) -> None:
    (here / file).write_text("mine")
    result = run("create-settings-file", *arguments)
    assert getattr(result.exception, "exit_code", None) == 4
    assert str(result.exception) == f"{file} is there already: -f overwrites it"
    assert (here / file).read_text() == "mine"
    assert run("create-settings-file", *arguments, "-f").return_value == 0
    assert (here / file).read_text() != "mine"


@pytest.mark.parametrize("arguments", [("--modelscan",), ("-l", THEIRS)])
def test_modelscans_form_is_read_back_without_a_change(here: Path, arguments: tuple[str, ...]) -> None:
    before = shown()
    assert run("create-settings-file", *arguments).return_value == 0
    assert shown() == before
    result = run("config", "show")
    assert f"ModelScan's: {THEIRS}" in result.stdout


def test_a_place_that_cannot_be_written_is_told() -> None:
    assert getattr(run("create-settings-file", "-l", "nowhere/x.toml").exception, "exit_code", 0) >= 2
