"""`modelwarden doctor`: what it says of a reader is what a scan without the module shows."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from modelwarden.cli import cli
from modelwarden.commands.doctor import NEEDS, Need
from modelwarden.formats import FORMATS

BENIGN = Path(__file__).parents[2] / "corpus" / "benign"
BLOCKED = (
    "import sys; sys.modules.update(dict.fromkeys({modules!r})); "
    "from modelwarden.cli import run; sys.exit(run({arguments!r}))"
)
EXAMPLES = {
    "h5py": "keras", "jinja2": "jinja", "yaml": "yaml", "compression.zstd": "archive-wrapped", "bz2": "pandas", "lzma": "pandas",
}  # fmt: skip


def without(modules: tuple[str, ...], *arguments: str) -> subprocess.CompletedProcess[str]:
    code = BLOCKED.format(modules=[*modules], arguments=[*arguments])
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")


def test_here_every_reader_is_whole() -> None:
    result = CliRunner().invoke(cli, ["doctor"], standalone_mode=False)
    assert result.return_value == 0
    assert f"all {len(FORMATS)} readers are whole" in result.stdout
    assert CliRunner().invoke(cli, ["doctor", "--show-failed"]).stdout.count("\n") == 1


def test_it_names_formats_that_exist() -> None:
    names = {form.name for form in FORMATS}
    assert {name for need in NEEDS for name in need.formats} <= names


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.modules[0])
def test_a_missing_module_is_told_with_what_to_do(need: Need) -> None:
    result = without(need.modules, "doctor", "--show-failed")
    assert result.returncode == 2
    for name in need.formats:
        assert any(row.startswith(name) and "degraded" in row for row in result.stdout.splitlines())
    assert need.remedy.split()[0] in result.stdout


@pytest.mark.parametrize("module", EXAMPLES)
def test_a_scan_without_it_does_not_say_clean(module: str) -> None:
    need = next(need for need in NEEDS if module in need.modules)
    result = without(need.modules, "scan", str(BENIGN / EXAMPLES[module]), "--no-config")
    assert result.returncode == 2
    assert "Clean" not in result.stdout
