"""The pre-commit hooks, by the real pre-commit, on a snapshot of this repository."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.doors.conftest import GIT


@dataclass(frozen=True)
class Project:
    """A Git repository somewhere else that uses the hook."""

    place: Path
    environment: Mapping[str, str]

    def git(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*GIT, *arguments], cwd=self.place, env=self.environment, capture_output=True, text=True
        )

    def pre_commit(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", *arguments]
        return subprocess.run(command, cwd=self.place, env=self.environment, capture_output=True, text=True)

    def put(self, name: str, content: bytes) -> None:
        (self.place / name).write_bytes(content)
        assert self.git("add", "--", name).returncode == 0

    @property
    def commits(self) -> int:
        return len(self.git("log", "--oneline", "--all").stdout.splitlines())


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit-home")


@pytest.fixture
def project(tmp_path: Path, cache: Path, clean_environment: Mapping[str, str]) -> Project:
    made = Project(
        tmp_path, {**clean_environment, "PRE_COMMIT_HOME": str(cache), "PRE_COMMIT_COLOR": "never"}
    )
    assert made.git("init", "-q").returncode == 0
    return made


def use(project: Project, hooks: Path, hook: str, *extra: str) -> None:
    """Configure `hook` the way a README tells, and install it."""
    lines = ["repos:", f"  - repo: {hooks}", "    rev: v0", "    hooks:", f"      - id: {hook}", *extra]
    (project.place / ".pre-commit-config.yaml").write_text("\n".join(lines) + "\n")
    installed = project.pre_commit("install")
    assert installed.returncode == 0, installed.stderr


def test_the_manifest_is_valid(project: Project, hooks: Path) -> None:
    done = project.pre_commit("validate-manifest", hooks / ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_try_repo_finds_what_a_hostile_model_would_run(
    project: Project, hooks: Path, hostile: Path, harmless: Path
) -> None:
    project.put("bad.pkl", hostile.read_bytes())
    project.put("good.pkl", harmless.read_bytes())
    arguments = ("try-repo", hooks, "modelwarden", "--ref", "v0", "--verbose", "--files")
    good = project.pre_commit(*arguments, "good.pkl")
    both = project.pre_commit(*arguments, "bad.pkl", "good.pkl")
    assert good.returncode == 0, good.stdout + good.stderr
    assert both.returncode == 1
    assert "MW101" in both.stdout
    assert "exit code: 1" in both.stdout


def test_refuses_a_commit_with_a_hostile_model_and_accepts_a_harmless_one(
    project: Project, hooks: Path, hostile: Path, harmless: Path
) -> None:
    use(project, hooks, "modelwarden")
    project.put("good.pkl", harmless.read_bytes())
    accepted = project.git("commit", "-m", "good")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    project.put("bad model.pkl", hostile.read_bytes())
    refused = project.git("commit", "-m", "bad")
    assert refused.returncode != 0
    assert "MW101" in refused.stdout + refused.stderr
    assert project.commits == 1


def test_leaves_commits_without_models_alone(project: Project, hooks: Path) -> None:
    use(project, hooks, "modelwarden")
    project.put("notes.txt", b"hello")
    accepted = project.git("commit", "-m", "notes")
    assert accepted.returncode == 0, accepted.stderr
    assert "Skipped" in accepted.stdout + accepted.stderr


def test_a_file_that_only_has_the_suffix_does_not_refuse_a_commit(project: Project, hooks: Path) -> None:
    use(project, hooks, "modelwarden")
    project.put("firmware.bin", bytes(range(256)) * 8)
    accepted = project.git("commit", "-m", "firmware")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


def test_a_file_named_like_an_option_is_a_file(project: Project, hooks: Path, hostile: Path) -> None:
    use(project, hooks, "modelwarden")
    project.put("--fail-on=never.pkl", hostile.read_bytes())
    refused = project.git("commit", "-m", "bad")
    assert "MW101" in refused.stdout + refused.stderr
    assert project.commits == 0


def test_takes_arguments_from_the_project(project: Project, hooks: Path, hostile: Path) -> None:
    use(project, hooks, "modelwarden", "        args: [--fail-on, never, --]")
    project.put("bad.pkl", hostile.read_bytes())
    assert project.git("commit", "-m", "known").returncode == 0


def test_the_other_hook_looks_at_everything(project: Project, hooks: Path, hostile: Path) -> None:
    project.put("bad.pkl", hostile.read_bytes())
    assert project.git("commit", "-m", "before the hook").returncode == 0
    use(project, hooks, "modelwarden-all")
    project.put("notes.txt", b"hello")
    refused = project.git("commit", "-m", "notes")
    assert "MW101" in refused.stdout + refused.stderr
    assert project.commits == 1


def test_the_other_hook_accepts_a_repository_without_models(project: Project, hooks: Path) -> None:
    use(project, hooks, "modelwarden-all")
    project.put("notes.txt", b"hello")
    accepted = project.git("commit", "-m", "notes")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


def test_a_model_in_the_workspace_of_an_attacker_is_not_imported(
    project: Project, hooks: Path, harmless: Path
) -> None:
    use(project, hooks, "modelwarden")
    marker = project.place / "hijacked"
    for name in ("click.py", "sitecustomize.py", "modelwarden.py"):
        project.put(name, f"open({os.fspath(marker)!r}, 'w')\n".encode())
    project.put("good.pkl", harmless.read_bytes())
    accepted = project.git("commit", "-m", "good")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert not marker.exists()
