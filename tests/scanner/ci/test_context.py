"""Where results belong, from the variables and event files that GitHub's runner leaves."""

import json
from pathlib import Path

import pytest

from modelwarden.ci.context import Context, bases, context
from modelwarden.errors import UserError

EVENTS = Path(__file__).parent / "events"

MERGE, TIP, OTHER = "a" * 40, "b" * 40, "c" * 40
REPOSITORY = "octo/models"


def environment(folder: Path, name: str, ref: str, event: object, sha: str = MERGE) -> dict[str, str]:
    path = folder / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    return {
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_API_URL": "https://api.github.com",
        "GITHUB_EVENT_NAME": name,
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_REF": ref,
        "GITHUB_SHA": sha,
    }


def pull_request(head: str | None = REPOSITORY) -> object:
    """The parts of a `pull_request` event that count, as GitHub sends them."""
    repository = None if head is None else {"full_name": head, "fork": head != REPOSITORY}
    return {
        "action": "synchronize",
        "number": 7,
        "pull_request": {
            "number": 7,
            "head": {"ref": "topic", "sha": TIP, "repo": repository},
            "base": {"ref": "main", "sha": OTHER, "repo": {"full_name": REPOSITORY}},
        },
        "repository": {"full_name": REPOSITORY},
    }


def test_a_push_is_what_it_says(tmp_path: Path) -> None:
    given = environment(tmp_path, "push", "refs/heads/main", {"ref": "refs/heads/main", "after": MERGE})
    assert context(given, head=MERGE) == Context(
        repository=REPOSITORY, ref="refs/heads/main", sha=MERGE, event="push"
    )


def test_a_pull_request_is_its_merge(tmp_path: Path) -> None:
    found = context(environment(tmp_path, "pull_request", "refs/pull/7/merge", pull_request()), head=MERGE)
    assert (found.ref, found.sha, found.fork, found.obstacle) == ("refs/pull/7/merge", MERGE, False, "")


def test_a_pull_request_of_which_the_tip_is_checked_out_is_its_head(tmp_path: Path) -> None:
    found = context(environment(tmp_path, "pull_request", "refs/pull/7/merge", pull_request()), head=TIP)
    assert (found.ref, found.sha) == ("refs/pull/7/head", TIP)


@pytest.mark.parametrize("head", ["", OTHER])
def test_another_or_no_checkout_changes_nothing(tmp_path: Path, head: str) -> None:
    found = context(environment(tmp_path, "pull_request", "refs/pull/7/merge", pull_request()), head=head)
    assert (found.ref, found.sha) == ("refs/pull/7/merge", MERGE)


@pytest.mark.parametrize(
    ("head", "fork"), [(REPOSITORY, False), ("Octo/Models", False), ("eve/models", True), (None, True)]
)
def test_a_fork_is_known_by_where_it_comes_from(tmp_path: Path, head: str | None, fork: bool) -> None:
    given = environment(tmp_path, "pull_request", "refs/pull/7/merge", pull_request(head))
    assert context(given).fork is fork


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("merge_group", "refs/heads/gh-readonly-queue/main/pr-7-abc"),
        ("push", "refs/heads/gh-readonly-queue/main/pr-7-abc"),
        ("merge_group", ""),
    ],
)
def test_the_merge_queue_takes_no_results(tmp_path: Path, name: str, ref: str) -> None:
    assert "merge queue" in context(environment(tmp_path, name, ref, {})).obstacle


@pytest.mark.parametrize("name", ["pull_request_target", "workflow_run", "issue_comment"])
def test_events_of_the_default_branch_need_to_be_told(tmp_path: Path, name: str) -> None:
    given = environment(tmp_path, name, "refs/heads/main", pull_request())
    assert name in context(given).obstacle
    told = context(given, ref="refs/pull/7/head", sha=TIP)
    assert (told.obstacle, told.ref, told.sha) == ("", "refs/pull/7/head", TIP)


def test_what_is_given_comes_first(tmp_path: Path) -> None:
    given = environment(tmp_path, "push", "refs/heads/main", {})
    found = context(
        given, repository="a/b", ref="refs/tags/v1", sha=OTHER, api="https://ghes.example/api/v3/"
    )
    assert found == Context(
        repository="a/b", ref="refs/tags/v1", sha=OTHER, api="https://ghes.example/api/v3", event="push"
    )


def test_outside_of_actions_everything_is_given() -> None:
    found = context({}, repository="a/b", ref="refs/heads/x", sha=OTHER)
    assert found == Context(repository="a/b", ref="refs/heads/x", sha=OTHER)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"ref": "refs/heads/x", "sha": OTHER}, "--repository"),
        ({"repository": "a/b"}, "--sha"),
        ({"repository": "a/b", "ref": "main", "sha": OTHER}, "--ref"),
        ({"repository": "a/b", "ref": "refs/heads/x", "sha": "main"}, "--sha"),
        ({"repository": "a/b", "ref": "refs/heads/x"}, "belong together"),
        ({"repository": "a/b/../c", "ref": "refs/heads/x", "sha": OTHER}, "--repository"),
        ({"repository": "a/b", "ref": "refs/heads/x y", "sha": OTHER}, "--ref"),
    ],
)
def test_what_is_missing_is_asked_for(given: dict[str, str], word: str) -> None:
    with pytest.raises(UserError, match=word):
        context({}, **given)


@pytest.mark.parametrize("content", [b"", b"[", b"[" * 100_000, b"\xff", b"null", b'{"pull_request": 1}'])
def test_a_broken_event_file_says_nothing(tmp_path: Path, content: bytes) -> None:
    given = environment(tmp_path, "pull_request", "refs/pull/7/merge", {})
    Path(given["GITHUB_EVENT_PATH"]).write_bytes(content)
    assert context(given, head=TIP).sha == MERGE


# Every kind of event, from the payload that GitHub sends (events/, made by trim.mjs)

RECORDED = [
    # event file, its name, GITHUB_REF → fork, a word of the obstacle
    ("push", "push", "refs/heads/master", False, ""),
    ("push-tag", "push", "refs/tags/simple-tag", False, ""),
    ("pull_request", "pull_request", "refs/pull/2/merge", False, ""),
    ("pull_request-fork", "pull_request", "refs/pull/2/merge", True, ""),
    ("pull_request-deleted-fork", "pull_request", "refs/pull/2/merge", True, ""),
    ("pull_request", "pull_request_target", "refs/heads/master", False, "pull_request_target"),
    ("pull_request-fork", "pull_request_target", "refs/heads/master", True, "pull_request_target"),
    ("merge_group", "merge_group", "refs/heads/gh-readonly-queue/main/pr-104-929f", False, "merge queue"),
    ("workflow_run", "workflow_run", "refs/heads/master", False, "workflow_run"),
    ("workflow_dispatch", "workflow_dispatch", "refs/heads/main", False, ""),
    ("schedule", "schedule", "refs/heads/master", False, ""),
    ("release", "release", "refs/tags/0.0.1", False, ""),
    ("issue_comment", "issue_comment", "refs/heads/master", False, "issue_comment"),
]


def recorded(file: str, name: str, ref: str) -> dict[str, str]:
    path = EVENTS / f"{file}.json"
    return {
        "GITHUB_REPOSITORY": json.loads(path.read_text(encoding="utf-8"))["repository"]["full_name"],
        "GITHUB_EVENT_NAME": name,
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_REF": ref,
        "GITHUB_SHA": MERGE,
    }


@pytest.mark.parametrize(("file", "name", "ref", "fork", "obstacle"), RECORDED)
def test_every_kind_of_event_is_understood(file: str, name: str, ref: str, fork: bool, obstacle: str) -> None:
    given = recorded(file, name, ref)
    found = context(given, head=MERGE)
    assert (found.ref, found.sha, found.event, found.fork) == (ref, MERGE, name, fork)
    assert found.repository == given["GITHUB_REPOSITORY"]
    assert obstacle in found.obstacle
    assert bool(found.obstacle) is bool(obstacle)


def test_no_recorded_event_is_left_out() -> None:
    assert {file for file, *_ in RECORDED} == {path.stem for path in EVENTS.glob("*.json")}


def test_a_recorded_pull_request_of_which_the_tip_is_checked_out_is_its_head() -> None:
    tip = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
    for file in ("pull_request", "pull_request-fork"):
        found = context(recorded(file, "pull_request", "refs/pull/2/merge"), head=tip)
        assert (found.ref, found.sha) == ("refs/pull/2/head", tip)


# What a pull request is compared with

BASE = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"


def test_the_merge_of_a_pull_request_is_compared_with_its_first_parent() -> None:
    given = recorded("pull_request-fork", "pull_request", "refs/pull/2/merge")
    assert bases(given, MERGE) == ("HEAD^1", BASE)


def test_parents_that_somebody_else_chose_are_not_trusted() -> None:
    """The tip of a pull request may claim any commit as its parent, one that holds its own bad files included."""
    given = recorded("pull_request-fork", "pull_request", "refs/pull/2/merge")
    assert bases(given, TIP) == bases(given, "") == (BASE,)
    target = recorded("pull_request-fork", "pull_request_target", "refs/heads/master")
    assert bases(target, MERGE) == (BASE,)
    assert bases(given | {"GITHUB_REF": "refs/heads/x"}, MERGE) == (BASE,)


@pytest.mark.parametrize(
    "row", [row for row in RECORDED if not row[1].startswith("pull_request")], ids=lambda row: row[0]
)
def test_what_is_no_pull_request_is_compared_with_nothing(row: tuple[str, str, str, bool, str]) -> None:
    assert bases(recorded(*row[:3]), MERGE) == ()


def test_gitlab_tells_the_base_of_a_merge_request() -> None:
    assert bases({"CI_MERGE_REQUEST_DIFF_BASE_SHA": BASE}, MERGE) == (BASE,)


@pytest.mark.parametrize("base", [None, 1, "", "--output=x", "main"])
def test_a_base_that_is_no_commit_is_none(tmp_path: Path, base: object) -> None:
    event = {"pull_request": {"base": {"sha": base}}}
    given = environment(tmp_path, "pull_request", "refs/pull/7/merge", event)
    assert bases(given, TIP) == ()
