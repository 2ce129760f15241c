"""docs/migrating.md: each of our commands in its tables is run."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from modelwarden.cli import COMMANDS, cli, run

PAGE = Path(__file__).parents[1] / "docs" / "migrating.md"
CORPUS = Path(__file__).parent / "corpus"
BENIGN = CORPUS / "benign"


def commands() -> list[str]:
    rows = [row for row in PAGE.read_text(encoding="utf-8").splitlines() if row.startswith("|")]
    found = [
        command for row in rows for command in re.findall(r"`(modelwarden [^`]*)`", row) if "/" not in command
    ]
    return list(dict.fromkeys(found))


def options() -> list[str]:
    """Flags the page names outside whole commands, in what is ours."""
    text = PAGE.read_text(encoding="utf-8")
    return sorted(
        set(re.findall(r"`(--[a-z-]+)", text))
        - {"--jfrog-api-token", "--jfrog-access-token", "--registry-uri"}
    )


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "cache").mkdir()
    shutil.copy(BENIGN / "sklearn" / "k-means.pkl", tmp_path / "model.pkl")
    shutil.copy(BENIGN / "safetensors" / "numpy.safetensors", tmp_path / "models")
    shutil.copy(BENIGN / "torch" / "state-dict.pt", tmp_path / "other.pt")
    (tmp_path / "settings.toml").write_text('[reporting]\nmodule = "modelscan.reports.JSONReport"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", commands())
def test_the_command_works(sample: Path, command: str) -> None:
    if "--sbom" in command:
        pytest.importorskip("cyclonedx")
    arguments = shlex.split(command)[1:]
    if arguments[0] == "create-settings-file":
        (sample / "settings.toml").unlink()
    if arguments[:2] == ["cache", "stats"]:
        assert run(["models", "--cache-dir", "cache"]) == 0
    assert run(arguments) == 0


def test_the_page_has_commands() -> None:
    assert len(commands()) > 30
    assert {"create-settings-file", "doctor", "formats", "rules", "metadata", "cache", "disasm"} <= set(
        " ".join(commands()).split()
    ) & set(COMMANDS)


@pytest.mark.parametrize("flag", options())
def test_the_flag_exists(flag: str) -> None:
    scan = cli.get_command(None, "scan")  # type: ignore[arg-type]  # it asks no context
    assert scan is not None
    spelled = {spelling for parameter in scan.params for spelling in parameter.opts}
    assert flag in spelled
