import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelwarden.ci.git import changed_since, repository_root, root_of
from modelwarden.errors import UserError


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A directory below which nothing else is a repository."""
    assert repository_root(str(tmp_path)) is None
    return tmp_path.resolve()


def test_walks_up_to_the_repository(outside: Path) -> None:
    (outside / "repo" / ".git").mkdir(parents=True)
    (outside / "repo" / "a" / "b").mkdir(parents=True)
    assert repository_root(str(outside / "repo" / "a" / "b")) == str(outside / "repo")
    assert repository_root(str(outside / "repo")) == str(outside / "repo")
    assert repository_root(str(outside)) is None


def test_knows_worktrees_and_submodules_by_their_git_file(outside: Path) -> None:
    (outside / "repo" / ".git").mkdir(parents=True)
    (outside / "repo" / "sub").mkdir()
    (outside / "repo" / "sub" / ".git").write_text("gitdir: ../.git/modules/sub\n")
    assert repository_root(str(outside / "repo" / "sub")) == str(outside / "repo" / "sub")


def test_reports_start_at_the_repository_we_are_in(outside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (outside / "repo" / ".git").mkdir(parents=True)
    (outside / "repo" / "models").mkdir()
    monkeypatch.chdir(outside / "repo" / "models")
    assert root_of(["evil.pkl"]) == root_of([".", str(outside)]) == str(outside / "repo")
    monkeypatch.chdir(outside)
    assert root_of(["repo/models"]) == str(outside)


def test_reports_start_elsewhere_when_nothing_that_is_scanned_lies_here(
    outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (outside / "repo" / ".git").mkdir(parents=True)
    (outside / "repo" / "models").mkdir()
    (outside / "plain").mkdir()
    (outside / "plain" / "evil.pkl").touch()
    (outside / "here").mkdir()
    monkeypatch.chdir(outside / "here")
    assert root_of(["../repo/models"]) == str(outside / "repo")
    assert root_of([str(outside / "plain" / "evil.pkl")]) == str(outside / "plain")
    assert root_of(["../plain", "../repo/models"]) == str(outside)


# What has changed


def git(folder: Path, *arguments: str) -> None:
    output(folder, *arguments)


def output(folder: Path, *arguments: str) -> str:
    identity = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    command = ["git", "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, env=clean | identity, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """A repository on the branch `work`, one commit away from `main`, which has gone on as well."""
    root = tmp_path.resolve() / "repo"
    (root / "models").mkdir(parents=True)
    for name in ("same.pkl", "old.pkl", "gone.pkl", "edited.pkl", "on-main.pkl", "models/plain.pkl"):
        (root / name).write_bytes(name.encode() * 20)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    git(root, "checkout", "-qb", "work")
    git(root, "mv", "old.pkl", "models/renamed ü.pkl")
    git(root, "rm", "-q", "gone.pkl")
    (root / "edited.pkl").write_bytes(b"edited")
    (root / "added\nline.pkl").write_bytes(b"added")
    git(root, "add", ".")
    git(root, "commit", "-qm", "two")
    git(root, "checkout", "-q", "main")
    (root / "on-main.pkl").write_bytes(b"changed there")
    git(root, "commit", "-qam", "three")
    git(root, "checkout", "-q", "work")
    return root


CHANGED = {"models/renamed ü.pkl", "edited.pkl", "added\nline.pkl"}


def names(root: Path, reference: str, start: Path | None = None) -> set[str]:
    found = changed_since(reference, str(start or root))
    return {Path(path).relative_to(root).as_posix() for path in found}


def test_tells_what_a_branch_has_added_modified_and_renamed(branch: Path) -> None:
    assert names(branch, "main") == CHANGED
    assert names(branch, "HEAD~1") == CHANGED
    assert names(branch, "HEAD") == set()


def test_what_is_not_committed_counts_and_what_is_ignored_does_not(branch: Path) -> None:
    (branch / "same.pkl").write_bytes(b"not committed")
    (branch / "new.pkl").write_bytes(b"not known")
    (branch / "built.bin").write_bytes(b"ignored")
    (branch / ".git" / "info" / "exclude").write_text("built.bin\n", encoding="utf-8")
    assert names(branch, "main") == CHANGED | {"same.pkl", "new.pkl"}


def test_a_file_or_a_directory_of_the_repository_will_do_to_find_it(branch: Path) -> None:
    assert names(branch, "main", branch / "models") == CHANGED
    assert names(branch, "main", branch / "edited.pkl") == CHANGED


@pytest.mark.parametrize("reference", ["nowhere", "--output=x", "", "main..work", "a\nb"])
def test_an_unknown_reference_is_a_user_error(branch: Path, reference: str) -> None:
    with pytest.raises(UserError, match="fetch-depth: 0"):
        changed_since(reference, str(branch))
    assert not (branch / "x").exists()


def test_without_common_history_it_cannot_be_told(branch: Path) -> None:
    git(branch, "checkout", "-q", "--orphan", "other")
    git(branch, "commit", "-qm", "root")
    with pytest.raises(UserError, match="no common history"):
        changed_since("main", str(branch))


def test_outside_a_repository_is_a_user_error(outside: Path) -> None:
    with pytest.raises(UserError, match="needs a Git repository"):
        changed_since("main", str(outside))


def test_without_git_is_a_user_error(branch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(branch))
    with pytest.raises(UserError, match="needs git"):
        changed_since("main", str(branch))


def test_runs_nothing_that_the_repository_configures(branch: Path) -> None:
    marker = branch.parent / "ran"
    hook = branch.parent / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n", encoding="utf-8")
    hook.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "diff.model.textconv", "core.pager"):
        git(branch, "config", key, str(hook))
    (branch / ".gitattributes").write_text("*.pkl diff=model\n", encoding="utf-8")
    assert names(branch, "main") == CHANGED | {".gitattributes"}
    assert not marker.exists()


# Repositories inside the repository, and names that are no text


def add_submodule(branch: Path) -> Path:
    """A submodule with one file, committed on `main` and on the branch."""
    other = branch.parent / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "main")
    (other / "weights.pkl").write_bytes(b"weights")
    (other / "deep").mkdir()
    (other / "deep" / "more.pkl").write_bytes(b"more")
    git(other, "add", ".")
    git(other, "commit", "-qm", "one")
    git(branch, "submodule", "--quiet", "add", other.as_uri(), "sub")
    git(branch, "commit", "-qm", "submodule")
    return other


def test_a_submodule_is_left_out_until_it_changes(branch: Path) -> None:
    other = add_submodule(branch)
    assert names(branch, "HEAD") == set()
    (other / "bad.pkl").write_bytes(b"bad")
    git(other, "add", ".")
    git(other, "commit", "-qm", "two")
    git(branch / "sub", "pull", "-q", "origin", "main")
    git(branch, "commit", "-qam", "newer submodule")
    assert names(branch, "HEAD") == set()
    assert names(branch, "HEAD~1") == {"sub/weights.pkl", "sub/deep/more.pkl", "sub/bad.pkl", "sub/.git"}


def test_a_new_submodule_is_scanned_whole(branch: Path) -> None:
    add_submodule(branch)
    assert names(branch, "HEAD~1") == {"sub/weights.pkl", "sub/deep/more.pkl", "sub/.git", ".gitmodules"}


def test_an_uncommitted_change_in_a_submodule_counts(branch: Path) -> None:
    add_submodule(branch)
    (branch / "sub" / "untracked.pkl").write_bytes(b"bad")
    assert "sub/untracked.pkl" in names(branch, "HEAD")


def test_a_submodule_that_is_not_there_is_nothing_to_scan(branch: Path) -> None:
    add_submodule(branch)
    git(branch, "submodule", "--quiet", "deinit", "--force", "sub")
    assert names(branch, "HEAD~1") == {".gitmodules"}


def test_a_repository_that_git_does_not_look_into_is_scanned_whole(branch: Path) -> None:
    inner = branch / "vendored"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / "committed.pkl").write_bytes(b"x")
    git(inner, "add", ".")
    git(inner, "commit", "-qm", "one")
    (inner / "not.pkl").write_bytes(b"x")
    assert {"vendored/committed.pkl", "vendored/not.pkl"} <= names(branch, "HEAD")


def test_runs_nothing_that_a_submodule_configures(branch: Path) -> None:
    add_submodule(branch)
    marker = branch.parent / "ran"
    hook = branch.parent / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n", encoding="utf-8")
    hook.chmod(0o755)
    git(branch / "sub", "config", "core.fsmonitor", str(hook))
    git(branch, "config", "core.fsmonitor", str(hook))
    (branch / "sub" / "untracked.pkl").write_bytes(b"bad")
    assert "sub/untracked.pkl" in names(branch, "HEAD")
    assert not marker.exists()


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are text there")
def test_a_name_that_is_no_text_is_known_by_its_bytes(branch: Path) -> None:
    for name in (b"caf\xe9.pkl", b"new\nline\xff.pkl", b" space .pkl", b'"quoted".pkl'):
        Path(os.fsdecode(bytes(branch) + b"/" + name)).write_bytes(b"x")
    git(branch, "add", ".")
    git(branch, "commit", "-qm", "names")
    found = {os.fsencode(path) for path in changed_since("HEAD~1", str(branch))}
    assert found == {
        bytes(branch) + b"/" + name
        for name in (b"caf\xe9.pkl", b"new\nline\xff.pkl", b" space .pkl", b'"quoted".pkl')
    }


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_changed_link_counts_as_what_it_leads_to(branch: Path) -> None:
    (branch / "link.pkl").symlink_to("same.pkl")
    (branch / "folder").symlink_to("models")
    git(branch, "add", ".")
    git(branch, "commit", "-qm", "links")
    assert names(branch, "HEAD~1") == {"same.pkl", "models"}


def test_paths_of_another_repository_are_refused(branch: Path) -> None:
    other = branch.parent / "elsewhere"
    other.mkdir()
    with pytest.raises(UserError, match="knows one repository"):
        changed_since("main", str(branch), str(other))
    with pytest.raises(UserError, match="knows one repository"):
        changed_since("main", str(branch), f"{branch}2")
    assert changed_since("main", str(branch), str(branch / "models"))
