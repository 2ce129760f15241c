"""What docs/api.md and docs/extending.md show works as it stands there."""

import doctest
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
EVIL = b"\x80\x04cos\nsystem\n(\x8c\x07echo hi\x94tR."
SHOWN = re.compile(r'```(python|toml) title="([^"]+)"\n(.*?)```', re.DOTALL)
COMMAND = re.compile(r"^\$ modelwarden (.+)$", re.MULTILINE)
ENTRY = re.compile(r'entry-points\."([^"]+)"\]\n((?:[^\[\n]+\n)+)')


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the files that the pages show, and the models that they scan."""
    monkeypatch.chdir(tmp_path)
    models = tmp_path / "models"
    models.mkdir()
    (models / "evil.pkl").write_bytes(EVIL)
    (models / "good.pkl").write_bytes(b"\x80\x04K\x01.")
    (tmp_path / "model.pkl").write_bytes(EVIL)
    (tmp_path / "model.acme").write_bytes(b"ACME name=x hook=os.system\n")
    (tmp_path / "model.mymodel").write_bytes(b"malicious_pattern")
    for _, name, text in SHOWN.findall((DOCS / "extending.md").read_text(encoding="utf-8")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "modelwarden.toml").rename(tmp_path / "shown.toml")
    return tmp_path


def modelwarden(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "modelwarden", *arguments], cwd=place, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(place)},
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="paths are shown as they are elsewhere")
def test_the_examples_of_the_api_are_true(place: Path) -> None:
    failed, tried = doctest.testfile(str(DOCS / "api.md"), module_relative=False, encoding="utf-8")
    assert (failed, tried > 10) == (0, True)


def _expected() -> Iterator[tuple[str, int, str]]:
    for command in COMMAND.findall((DOCS / "extending.md").read_text(encoding="utf-8")):
        if command.startswith("rules"):
            yield command, 0, "ACME001 acme-hook"
        elif "acme_models" in command:
            yield command, 1, "Loading runs the hook os.system."
        elif "my_custom_scanner" in command:
            yield command, 1, "Suspicious pattern found"
        else:
            yield command, 1, "" if "lines.txt" in command else "CRITICAL MW101 model.pkl"


@pytest.mark.parametrize(("command", "code", "told"), list(_expected()))
def test_every_command_does_what_is_said(place: Path, command: str, code: int, told: str) -> None:
    ran = modelwarden(place, *command.split())
    assert (ran.returncode, told in ran.stdout) == (code, True), ran.stderr
    if "lines.txt" in command:
        assert (place / "lines.txt").read_text() == "CRITICAL MW101 model.pkl\n"
        assert json.loads((place / "model.sarif").read_text())["runs"]


def test_the_distribution_can_be_named_in_a_file(place: Path) -> None:
    home = place / "acme_modelwarden-1.0.dist-info"
    home.mkdir()
    (home / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-modelwarden\nVersion: 1.0\n")
    shown = (place / "pyproject.toml").read_text()
    groups = (f"[{group}]\n{rows.replace(chr(34), '')}" for group, rows in ENTRY.findall(shown))
    (home / "entry_points.txt").write_text("\n".join(groups))
    models = place / "acme_models.py"
    models.write_text(models.read_text().replace("register(FORMAT)\nregister(POLICY)\n", ""))
    ran = modelwarden(place, "scan", "model.acme", "--config", "shown.toml", "--reporter", "acme-lines")
    assert ran.stdout == "CRITICAL ACME001 model.acme\n", ran.stderr
