from pathlib import Path

import pytest

from modelwarden.ci.git import repository_root, root_of


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
