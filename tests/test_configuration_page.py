"""The example of docs/configuration.md is a configuration that works, and shows every table there is."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from modelwarden.cli import cli
from modelwarden.config.configuration import load

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    found = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    file = tmp_path / "modelwarden.toml"
    file.write_text(found[1], encoding="utf-8")
    return file


def test_it_is_understood_whole(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(example.parent)
    result = CliRunner().invoke(cli, ["config", "show"], standalone_mode=False)
    assert result.exception is None
    origins = [row.rpartition("modelwarden.toml:")[2] for row in result.stdout.splitlines() if "toml:" in row]
    assert len(origins) == len(load(str(example), "").options)


def test_it_shows_every_table(example: Path) -> None:
    configuration = load(str(example), "")
    tables = {"severity", "allow", "deny", "without-format", "suffix", "limit"}
    assert tables <= {name for name, _ in configuration.options}
    assert configuration.ignores
