"""What is scanned of a pull request, in real clones of the depths that CI systems make."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelwarden.ci.changes import of_request
from tests.scanner.ci.test_git import git, output


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """A repository with a pull request that adds a file, and the merge that GitHub makes of it."""
    root = tmp_path.resolve() / "upstream"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "old.pkl").write_bytes(b"old")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    git(root, "checkout", "-qb", "topic")
    (root / "new.pkl").write_bytes(b"new")
    git(root, "add", ".")
    git(root, "commit", "-qm", "two")
    git(root, "checkout", "-q", "main")
    (root / "meanwhile.pkl").write_bytes(b"meanwhile")
    git(root, "add", ".")
    git(root, "commit", "-qm", "three")
    git(root, "checkout", "-q", "--detach")
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "topic")
    git(root, "update-ref", "refs/pull/7/merge", "HEAD")
    git(root, "checkout", "-q", "main")
    return root


def checkout(upstream: Path, ref: str, *depth: str) -> Path:
    """As actions/checkout does it: an empty repository, one fetch, a detached head."""
    place = upstream.parent / "checkout"
    place.mkdir()
    git(place, "init", "-q")
    git(place, "fetch", "-q", "--no-tags", *depth, upstream.as_uri(), ref)
    git(place, "checkout", "-q", "--detach", "FETCH_HEAD")
    return place


def runner(upstream: Path, event: str = "pull_request") -> dict[str, str]:
    payload = upstream.parent / "event.json"
    base = output(upstream, "rev-parse", "main")
    payload.write_text(json.dumps({"number": 7, "pull_request": {"base": {"sha": base}}}), encoding="utf-8")
    return {
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(payload),
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_SHA": output(upstream, "rev-parse", "refs/pull/7/merge"),
    }


def test_two_commits_of_history_are_enough_for_the_merge(upstream: Path) -> None:
    place = checkout(upstream, "refs/pull/7/merge", "--depth=2")
    assert of_request(runner(upstream), str(place)).files == frozenset({str(place / "new.pkl")})


def test_with_all_of_the_history_the_tip_will_do(upstream: Path) -> None:
    place = checkout(upstream, "topic")
    git(place, "fetch", "-q", upstream.as_uri(), "main")
    assert of_request(runner(upstream), str(place)).files == frozenset({str(place / "new.pkl")})


@pytest.mark.parametrize("ref", ["refs/pull/7/merge", "topic"])
def test_a_shallow_checkout_has_everything_scanned(upstream: Path, ref: str) -> None:
    changes = of_request(runner(upstream), str(checkout(upstream, ref, "--depth=1")))
    assert (changes.files, changes.failed) == (None, True)
    assert "everything is scanned: cannot tell what has changed since" in changes.remark
    assert "fetch-depth: 0" in changes.remark


def test_outside_of_a_pull_request_everything_is_scanned(upstream: Path) -> None:
    changes = of_request(runner(upstream, "push"), str(upstream))
    assert (changes.files, changes.failed) == (None, False)
    assert "no pull request" in changes.remark


def test_without_a_repository_everything_is_scanned(upstream: Path) -> None:
    changes = of_request(runner(upstream), str(upstream.parent))
    assert (changes.files, changes.failed) == (None, True)
    assert "needs a Git repository" in changes.remark


def test_the_helper_makes_shallow_clones(upstream: Path) -> None:
    """A negative control."""
    place = checkout(upstream, "refs/pull/7/merge", "--depth=1")
    with pytest.raises(subprocess.CalledProcessError):
        git(place, "rev-parse", "--verify", "HEAD^1")


def test_every_report_says_how_many_files_were_left_out(upstream: Path) -> None:
    command = [sys.executable, "-m", "modelwarden", "scan", ".", "--changed-since", "HEAD~1", "-f", "text"]
    files = ["json:../r.json", "sarif:../r.sarif", "markdown:../r.md", "html:../r.html"]
    for file in files:
        command += ["-f", file]
    done = subprocess.run(
        command, cwd=upstream, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert "1 unchanged file left out" in done.stdout, done.stderr
    read = {
        name: (upstream.parent / f"r.{name}").read_text(encoding="utf-8")
        for name in ("json", "sarif", "md", "html")
    }
    assert json.loads(read["json"])["summary"]["files_left_out"] == 1
    assert json.loads(read["sarif"])["runs"][0]["properties"]["filesLeftOut"] == 1
    assert "1 unchanged left out" in read["md"]
    assert "unchanged, left out" in read["html"]
    whole = subprocess.run(
        [*command[:4]], cwd=upstream, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert "left out" not in whole.stdout


def test_the_command_says_why_everything_is_scanned(upstream: Path) -> None:
    shallow = checkout(upstream, "refs/pull/7/merge", "--depth=1")
    command = [sys.executable, "-m", "modelwarden", "scan", ".", "--changed-only"]

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        given = {**os.environ, **runner(upstream)}
        return subprocess.run(
            [*command, *more],
            cwd=shallow,
            env=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    assert run().stderr.startswith("modelwarden: everything is scanned: cannot tell what has changed since")
    assert run("--annotations").stderr.startswith(
        "::warning title=modelwarden::everything is scanned: cannot"
    )
    assert "everything is scanned" not in run("-q").stderr
    assert run("--changed-since", "main").returncode == 4
