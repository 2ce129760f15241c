"""Repositories whose own configuration names programs: asking what has changed runs none of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelwarden.ci import plumbing
from modelwarden.ci.changes import of_request
from modelwarden.ci.git import changed_since
from modelwarden.errors import UserError
from tests.scanner.ci.test_git import add_submodule, branch, git, names, output

__all__ = ["branch"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")


class Trap:
    """A program that leaves a mark when it runs."""

    def __init__(self, folder: Path) -> None:
        self.mark = folder / "ran"
        self.program = folder / "trap.sh"
        self.program.write_text(f"#!/bin/sh\necho ran >>'{self.mark}'\nexit 1\n", encoding="utf-8")
        self.program.chmod(0o755)

    def sprung(self) -> bool:
        ran = self.mark.exists()
        self.mark.unlink(missing_ok=True)
        return ran


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path.resolve())


def touch(path: Path) -> None:
    """Same contents and size, other times: Git has to read the file to tell."""
    os.utime(path, (1, 1))


def plain_git(folder: Path, *arguments: str) -> None:
    """Git as anybody calls it, whatever comes of it."""
    subprocess.run(["git", *arguments], cwd=folder, check=False, capture_output=True, timeout=60)


def scan(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "modelwarden", "scan", ".", *arguments]
    given = {**os.environ, **environment}
    return subprocess.run(
        command, cwd=root, env=given, capture_output=True, text=True, encoding="utf-8", check=False
    )


def pull_request(root: Path, base: str) -> dict[str, str]:
    event = root.parent / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}}}), encoding="utf-8")
    return {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event)}


def set_filter(root: Path, trap: Trap, kind: str) -> None:
    git(root, "config", f"filter.x.{kind}", str(trap.program))
    (root / ".git" / "info" / "attributes").write_text("*.pkl filter=x\n", encoding="utf-8")


@pytest.mark.parametrize("kind", ["clean", "process"])
def test_a_filter_is_not_run_on_a_touched_file(branch: Path, trap: Trap, kind: str) -> None:
    set_filter(branch, trap, kind)
    for name in ("same.pkl", "edited.pkl"):
        touch(branch / name)
    expected = {"models/renamed ü.pkl", "edited.pkl", "added\nline.pkl"}
    assert names(branch, "main") == expected
    request = pull_request(branch, output(branch, "rev-parse", "main"))
    found = of_request(request, str(branch))
    assert found.files == frozenset(str(branch / name) for name in expected)
    assert "left out" in scan(branch, "--changed-since", "main").stdout
    assert "left out" in scan(branch, "--changed-only", **request).stdout
    assert not trap.sprung()
    plain_git(branch, "diff", "--name-only", "main")
    assert trap.sprung(), "a negative control"


@pytest.mark.parametrize("kind", ["clean", "process"])
def test_a_filter_of_a_submodule_is_not_run(branch: Path, trap: Trap, kind: str) -> None:
    add_submodule(branch)
    sub = branch / "sub"
    git(sub, "config", f"filter.x.{kind}", str(trap.program))
    attributes = branch / ".git" / "modules" / "sub" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("*.pkl filter=x\n", encoding="utf-8")
    touch(sub / "weights.pkl")
    assert names(branch, "HEAD") == set()
    scan(branch, "--changed-since", "HEAD")
    scan(branch, "--changed-only", **pull_request(branch, output(branch, "rev-parse", "HEAD")))
    assert not trap.sprung()
    plain_git(branch, "diff", "--name-only", "--ignore-submodules=none", "HEAD")
    assert trap.sprung(), "a negative control"


def lose(root: Path, revision: str) -> None:
    """Makes the clone a partial one, in which an object is missing."""
    identity = output(root, "rev-parse", revision)
    (root / ".git" / "objects" / identity[:2] / identity[2:]).unlink()
    git(root, "config", "core.repositoryFormatVersion", "1")
    git(root, "config", "extensions.partialClone", "origin")
    git(root, "config", "remote.origin.promisor", "true")
    git(root, "config", "remote.origin.url", str(root))


LAZY = [
    {"remote.origin.uploadpack": "{trap}"},
    {"remote.origin.url": "ext::{trap}", "protocol.ext.allow": "always"},
    {"remote.origin.url": "ssh://host/x", "core.sshCommand": "{trap}"},
    {"remote.origin.url": "none::x", "alias.remote-none": "!{trap}", "protocol.allow": "always"},
    {"remote.origin.vcs": "none", "alias.remote-none": "!{trap}", "protocol.allow": "always"},
]


@pytest.mark.parametrize("settings", LAZY)
@pytest.mark.parametrize("missing", ["main^{tree}", "main"])
@pytest.mark.parametrize("old_git", [False, True])
def test_nothing_is_fetched_into_a_partial_clone(
    branch: Path,
    trap: Trap,
    settings: dict[str, str],
    missing: str,
    old_git: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git(branch, "checkout", "-q", "-B", "work", "main")
    (branch / "new.pkl").write_bytes(b"new")
    git(branch, "add", ".")
    git(branch, "commit", "-qm", "new")
    request = pull_request(branch, output(branch, "rev-parse", "main"))
    lose(branch, missing)
    for key, value in settings.items():
        git(branch, "config", key, value.format(trap=trap.program))
    if old_git:
        without_lazy_switch(monkeypatch)
    with pytest.raises(UserError, match="cannot tell what has changed since main: "):
        changed_since("main", str(branch))
    changes = of_request(request, str(branch))
    assert (changes.files, changes.failed) == (None, True)
    if not old_git:
        assert scan(branch, "--changed-since", "main").returncode == 4
        assert "everything is scanned" in scan(branch, "--changed-only", **request).stderr
    assert not trap.sprung()
    plain_git(branch, "diff", "--name-only", "main")
    assert trap.sprung(), "a negative control"


def without_lazy_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a Git that does not know GIT_NO_LAZY_FETCH: what is left is that no protocol is allowed."""
    real = plumbing.environment

    def old(root: str) -> dict[str, str]:
        return real(root) | {"GIT_NO_LAZY_FETCH": "0"}

    monkeypatch.setattr(plumbing, "environment", old)


def test_the_contents_of_a_commit_need_not_be_there(branch: Path, trap: Trap) -> None:
    """`--filter=blob:none`: trees are enough."""
    git(branch, "config", "remote.origin.uploadpack", str(trap.program))
    lose(branch, "main:on-main.pkl")
    lose(branch, "HEAD~1:edited.pkl")
    assert names(branch, "main") == {"models/renamed ü.pkl", "edited.pkl", "added\nline.pkl"}
    assert not trap.sprung()


def test_the_working_tree_is_the_one_around_the_repository(branch: Path) -> None:
    elsewhere = branch.parent / "elsewhere"
    elsewhere.mkdir()
    git(branch, "config", "core.worktree", str(elsewhere))
    (branch / "new.pkl").write_bytes(b"new")
    assert "new.pkl" in names(branch, "main")


def test_a_hook_that_runs_us_does_not_name_the_repository(
    branch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.setenv(key, str(branch.parent / "nowhere"))
    assert names(branch, "HEAD") == set()


# What is compared here instead of by Git


def test_same_bytes_with_other_times_are_no_change(branch: Path) -> None:
    touch(branch / "same.pkl")
    assert names(branch, "HEAD") == set()


def test_other_bytes_with_the_same_size_and_time_are_a_change(branch: Path) -> None:
    path = branch / "same.pkl"
    before = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert names(branch, "HEAD") == {"same.pkl"}


def test_line_endings_that_git_wrote_are_no_change(branch: Path) -> None:
    git(branch, "config", "core.autocrlf", "true")
    (branch / "text.txt").write_bytes(b"a\r\nb\r\n")
    os.utime(branch / "text.txt", (1, 1))  # older than the index, or it would have to be read
    git(branch, "add", ".")
    git(branch, "commit", "-qm", "text")
    assert names(branch, "HEAD") == set()


def test_a_file_for_a_link_is_a_change(branch: Path) -> None:
    (branch / "link").symlink_to("same.pkl")
    git(branch, "add", ".")
    git(branch, "commit", "-qm", "link")
    assert names(branch, "HEAD") == set()
    (branch / "link").unlink()
    (branch / "link").write_bytes(b"same.pkl")
    assert names(branch, "HEAD") == {"link"}


def test_a_conflict_and_a_file_that_is_to_be_added_count(branch: Path) -> None:
    (branch / "on-main.pkl").write_bytes(b"otherwise")
    git(branch, "commit", "-qam", "conflicting")
    plain_git(branch, "-c", "user.name=a", "-c", "user.email=a@b", "merge", "main")
    (branch / "later.pkl").write_bytes(b"later")
    git(branch, "add", "--intent-to-add", "later.pkl")
    assert names(branch, "HEAD") == {"on-main.pkl", "later.pkl"}


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_flags_in_the_index_hide_nothing(branch: Path, flag: str) -> None:
    git(branch, "update-index", flag, "same.pkl")
    (branch / "same.pkl").write_bytes(b"changed")
    assert names(branch, "HEAD") == {"same.pkl"}


@pytest.mark.parametrize("version", ["2", "4"])
def test_sha256_and_other_versions_of_the_index(tmp_path: Path, version: str) -> None:
    root = tmp_path.resolve()
    git(root, "init", "-q", "-b", "main", "--object-format=sha256")
    (root / "a\n100644 b.pkl").write_bytes(b"a")
    (root / "same.pkl").write_bytes(b"same")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    git(root, "update-index", "--index-version", version)
    touch(root / "same.pkl")
    assert names(root, "HEAD") == set()
    (root / "a\n100644 b.pkl").write_bytes(b"b")
    assert names(root, "HEAD") == {"a\n100644 b.pkl"}


def test_an_unreadable_submodule_is_scanned_whole(branch: Path) -> None:
    add_submodule(branch)
    (branch / "sub" / ".git").write_text("gitdir: nowhere\n", encoding="utf-8")
    assert names(branch, "HEAD") == {"sub/.git", "sub/weights.pkl", "sub/deep/more.pkl"}
