"""action.yml, executed by a harness over GitHub's own parser and expression evaluator (`action/run.mjs`).

`actions/setup-python` and `upload-sarif` are not run: the first is this interpreter, what the second was given is recorded.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml

KEPT = {"action.yml", "entrypoint.sh", "requirements", "scanner", "sarif"}
UPLOAD = "github/codeql-action/upload-sarif"
FORK = {"pull_request": {"head": {"repo": {"full_name": "stranger/project"}}}}


@dataclass
class Run:
    """What the runner saw of one use of the Action."""

    conclusion: str
    outputs: dict[str, str]
    steps: dict[str, dict[str, Any]]
    commands: list[dict[str, str]]
    log: str
    summary: str

    @property
    def annotations(self) -> list[dict[str, str]]:
        return [command for command in self.commands if command["name"] in {"error", "warning", "notice"}]


@dataclass
class Workflow:
    """A checkout, and a runner that uses the Action on it."""

    harness: Path
    action: Path
    place: Path
    environment: Mapping[str, str]
    workspace: Path = field(init=False)
    uses: int = 0

    def __post_init__(self) -> None:
        self.workspace = self.place / "work" / "project"
        self.workspace.mkdir(parents=True)

    def put(self, name: str, model: Path) -> None:
        target = self.workspace / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(model.read_bytes())

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *identity, "-c", "protocol.file.allow=always", *arguments],
            cwd=self.workspace, env=self.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    @property
    def head(self) -> str:
        """The commit that is checked out; GitHub's zeroes outside a repository."""
        return self.git("rev-parse", "HEAD") if (self.workspace / ".git").exists() else "0" * 40

    def use(
        self,
        inputs: Mapping[str, str] | None = None,
        *,
        event: str = "push",
        ref: str = "refs/heads/main",
        payload: Mapping[str, Any] | None = None,
        uploads: bool = True,
        actor: str = "somebody",
        environment: Mapping[str, str] | None = None,
    ) -> Run:
        self.uses += 1
        temp = self.place / f"temp-{self.uses}"
        temp.mkdir()
        scenario = {
            "action": str(self.action),
            "workspace": str(self.workspace),
            "temp": str(temp),
            "inputs": dict(inputs or {}),
            "github": {
                "event_name": event,
                "ref": ref,
                "sha": self.head,
                "actor": actor,
                "repository": "owner/project",
                "token": "the-token",
                "event": dict(payload or {}),
            },
            "uses": {
                "actions/setup-python": {"outputs": {"python-path": sys.executable}},
                UPLOAD: {"outcome": "success" if uploads else "failure", "outputs": {"sarif-id": "id-1"}},
            },
        }
        (self.place / "scenario.json").write_text(json.dumps(scenario))
        result = self.place / f"result-{self.uses}.json"
        subprocess.run(
            ["node", self.harness, self.place / "scenario.json", result],
            env={**self.environment, **(environment or {})},
            check=True,
        )
        told = json.loads(result.read_text())
        told["steps"] = {step["id"]: step for step in told["steps"]}
        return Run(**told)


@pytest.fixture
def workflow(repository: Path, tmp_path: Path, clean_environment: Mapping[str, str]) -> Workflow:
    return Workflow(repository / ".cache" / "doors" / "action.mjs", repository, tmp_path, clean_environment)


def results(run: Run) -> list[dict[str, Any]]:
    (sarif,) = json.loads(Path(run.outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"]
    found: list[dict[str, Any]] = sarif["results"]
    return found


def test_a_good_repository_passes_and_its_empty_report_is_uploaded(
    workflow: Workflow, harmless: Path
) -> None:
    workflow.put("models/good.pkl", harmless)
    run = workflow.use()
    assert run.conclusion == "success", run.log
    assert {
        name: run.outputs[name] for name in ("exit-code", "findings", "critical", "warning", "files-scanned")
    } == {
        "exit-code": "0",
        "findings": "0",
        "critical": "0",
        "warning": "0",
        "files-scanned": "1",
    }
    assert run.outputs["files-failed"] == "0"
    assert results(run) == []
    assert run.outputs["uploaded"] == "true"
    assert run.outputs["sarif-id"] == "id-1"
    assert run.steps["upload"]["with"] == {
        "sarif_file": run.outputs["sarif-file"],
        "wait-for-processing": "true",
        "token": "the-token",
    }
    assert run.annotations == []
    assert run.steps["explain"]["outcome"] == "skipped"
    assert "modelwarden" in run.summary


def test_a_bad_repository_fails_after_the_upload(workflow: Workflow, harmless: Path, hostile: Path) -> None:
    workflow.put("good.pkl", harmless)
    workflow.put("weights/bad model.pkl", hostile)
    run = workflow.use()
    assert run.conclusion == "failure"
    assert [step["id"] for step in run.steps.values() if step["conclusion"] == "failure"] == [
        list(run.steps)[-1]
    ]
    assert list(run.steps.values())[-1]["exit"] == 1
    assert (run.outputs["exit-code"], run.outputs["files-scanned"], run.outputs["uploaded"]) == (
        "1",
        "2",
        "true",
    )
    assert int(run.outputs["critical"]) >= 1
    assert "MW101" in {result["ruleId"] for result in results(run)}
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results(run)}
    assert uris == {"weights/bad%20model.pkl"}
    (annotation,) = [item for item in run.annotations if item["name"] == "error"]
    assert "file=weights/bad model.pkl" in annotation["properties"]
    assert "MW101" in run.summary
    assert "MW101" in run.log


def test_inputs_reach_the_scan(workflow: Workflow, harmless: Path, hostile: Path) -> None:
    workflow.put("a b/bad.pkl", hostile)
    workflow.put("c/good.pkl", harmless)
    run = workflow.use(
        {
            "paths": "a b\nc\n",
            "exclude": "none.pkl",
            "fail-on": "never",
            "min-severity": "critical",
            "format": "markdown:report.md\njson:report.json",
            "sarif-file": "own.sarif",
            "category": "weights",
            "upload": "never",
            "summary": "false",
            "annotations": "false",
            "args": "--verbose",
        }
    )
    assert run.conclusion == "success", run.log
    assert (run.outputs["exit-code"], run.outputs["files-scanned"]) == ("0", "2")
    assert (run.outputs["sarif-file"], run.outputs["json-file"]) == ("own.sarif", "report.json")
    assert "MW101" in (workflow.workspace / "report.md").read_text()
    assert (
        json.loads((workflow.workspace / "report.json").read_text())["summary"]["findings"]["critical"] >= 1
    )
    sarif = json.loads((workflow.workspace / "own.sarif").read_text())
    assert sarif["runs"][0]["automationDetails"]["id"] == "modelwarden/weights/"
    assert (run.summary, run.annotations, run.outputs["uploaded"]) == ("", [], "false")


def test_excluded_files_are_left_out(workflow: Workflow, harmless: Path, hostile: Path) -> None:
    workflow.put("good.pkl", harmless)
    workflow.put("old/bad.pkl", hostile)
    run = workflow.use({"exclude": "old/"})
    assert (run.conclusion, run.outputs["files-scanned"]) == ("success", "1")


HOSTILE_NAMES = [
    "::set-output name=exit-code::0.pkl",
    "::add-mask::x.pkl",
    "line\n::set-env name=PATH::x\nbreak.pkl",
    "line\r##[add-path]x\r.pkl",
    "##[group]x.pkl",
    "--help.pkl",
    "-rf",
    "$(touch pwned).pkl",
    "`touch pwned`.pkl",
    "a;touch pwned.pkl",
    "été ❄ \u202e.pkl",
    "%0A::warning::x,y:z.pkl",
    "exit-code=0\n.pkl",
    "exit-code<<EOF.pkl",
]


def test_a_hostile_file_name_is_only_a_name(workflow: Workflow, hostile: Path) -> None:
    for name in HOSTILE_NAMES:
        (workflow.workspace / name).write_bytes(hostile.read_bytes())
    run = workflow.use()
    assert (run.conclusion, run.outputs["exit-code"]) == ("failure", "1"), run.log
    assert run.outputs["files-scanned"] == str(len(HOSTILE_NAMES))
    assert {command["name"] for command in run.commands} == {"stop-commands", "error"}
    assert all("set-env" not in command["name"] and "\n" not in command["value"] for command in run.commands)
    assert not list(workflow.place.rglob("pwned"))
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results(run)}
    assert {unquote(uri) for uri in uris} == set(HOSTILE_NAMES)


def test_the_harness_would_obey_such_a_name(workflow: Workflow, repository: Path, hostile: Path) -> None:
    """A negative control: without the guard of entrypoint.sh the commands in the log would have been heard."""
    workflow.action = workflow.place / "unguarded"
    shutil.copytree(
        repository,
        workflow.action,
        ignore=lambda folder, names: set(names) - KEPT if Path(folder) == repository else set(),
    )
    door = workflow.action / "entrypoint.sh"
    door.write_text(
        door.read_text().replace(
            "printf '::stop-commands", "echo '::group::a model says'; : '::stop-commands"
        )
    )
    workflow.put("bad.pkl", hostile)
    assert "group" in {command["name"] for command in workflow.use().commands}


def test_a_file_whose_name_is_not_text_is_reported(workflow: Workflow, hostile: Path) -> None:
    (workflow.workspace / b"caf\xe9.pkl".decode("utf-8", "surrogateescape")).write_bytes(hostile.read_bytes())
    run = workflow.use()
    assert (run.conclusion, run.outputs["exit-code"]) == ("failure", "1"), run.log
    (uri,) = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results(run)
    }
    assert uri == "caf%E9.pkl"


HIJACK = "open({marker!r}, 'w').close(); raise SystemExit(0)\n"


def test_nothing_in_the_checkout_is_run(workflow: Workflow, hostile: Path) -> None:
    workflow.put("bad.pkl", hostile)
    marker = workflow.place / "hijacked"
    code = HIJACK.format(marker=str(marker))
    modules = (
        "attr attrs click h5py jinja2 json numpy os pip py7zr re rich sarif_om site sitecustomize sys sysconfig tempfile "
        "usercustomize venv ensurepip yaml zstandard "
        "modelwarden_sarif"
    ).split()
    for module in modules:
        (workflow.workspace / f"{module}.py").write_text(code)
    for package in ("modelwarden", "scanner", "sarif"):
        (workflow.workspace / package).mkdir()
        for module in ("__init__", "__main__", "cli"):
            (workflow.workspace / package / f"{module}.py").write_text(code)
    for config in ("pip.conf", "pip.ini", ".pip/pip.conf", ".config/pip/pip.conf"):
        (workflow.workspace / config).parent.mkdir(parents=True, exist_ok=True)
        (workflow.workspace / config).write_text(
            "[global]\nno-index = true\nindex-url = http://127.0.0.1:9/\n"
        )
    for tool in ("python", "python3", "git", "bash", "grep", "mktemp"):
        (workflow.workspace / tool).write_text(f"#!/bin/sh\ntouch '{marker}'\n")
        (workflow.workspace / tool).chmod(0o755)
    unguarded = subprocess.run(
        [sys.executable, "-m", "modelwarden"], cwd=workflow.workspace, env=workflow.environment
    )
    assert unguarded.returncode == 0
    assert marker.exists(), "the trap itself does not work"
    marker.unlink()
    (workflow.workspace / "pyvenv.cfg").write_text("home = .\n")
    run = workflow.use(
        environment={
            "HOME": str(workflow.workspace),
            "PYTHONPATH": str(workflow.workspace),
            "PYTHONSTARTUP": str(workflow.workspace / "click.py"),
            "PYTHONUSERBASE": str(workflow.workspace),
            "PIP_TARGET": str(workflow.place / "elsewhere"),
            "PIP_USER": "1",
            "PIP_NO_BINARY": ":all:",
            "PIP_CONFIG_FILE": str(workflow.workspace / "pip.conf"),
        },
    )
    assert not marker.exists()
    assert not (workflow.place / "elsewhere").exists()
    assert run.outputs["exit-code"] == "1", run.log
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results(run)}
    assert uris == {"bad.pkl"}


def test_two_uses_in_one_job_keep_their_reports_apart(
    workflow: Workflow, harmless: Path, hostile: Path
) -> None:
    workflow.put("a/good.pkl", harmless)
    workflow.put("b/bad.pkl", hostile)
    first, second = workflow.use({"paths": "a"}), workflow.use({"paths": "b"})
    assert first.outputs["sarif-file"] != second.outputs["sarif-file"]
    assert results(first) == []
    assert len(results(second)) >= 1


@pytest.mark.parametrize(("uploads", "outcome"), [(True, "success"), (False, "failure")])
def test_a_refused_upload_only_warns_under_auto(
    workflow: Workflow, harmless: Path, uploads: bool, outcome: str
) -> None:
    workflow.put("good.pkl", harmless)
    run = workflow.use(uploads=uploads)
    assert (run.steps["upload"]["outcome"], run.conclusion) == (outcome, "success")
    assert run.outputs["uploaded"] == str(uploads).lower()


def test_a_refused_upload_fails_the_job_under_always(workflow: Workflow, harmless: Path) -> None:
    workflow.put("good.pkl", harmless)
    run = workflow.use({"upload": "always"}, uploads=False)
    assert (run.conclusion, run.outputs["exit-code"], run.outputs["uploaded"]) == ("failure", "0", "false")
    assert "security-events: write" in run.annotations[0]["value"]


def test_a_fork_uploads_without_waiting(workflow: Workflow, harmless: Path) -> None:
    workflow.put("good.pkl", harmless)
    run = workflow.use(event="pull_request", ref="refs/pull/1/merge", payload=FORK, uploads=False)
    assert run.steps["upload"]["with"]["wait-for-processing"] == "false"
    assert run.conclusion == "success"


PRIVATE = {"repository": {"private": True}}


@pytest.mark.parametrize(
    ("payload", "actor", "told", "not_told"),
    [
        ({"repository": {"private": False}}, "somebody", ["security-events: write"], ["Code Security", "actions: read"]),
        (PRIVATE, "somebody", ["security-events: write", "actions: read", "GitHub Code Security"], ["fork"]),
        (PRIVATE, "dependabot[bot]", ["Dependabot", "on: pull_request"], ["security-events"]),
        (FORK, "somebody", ["fork", "upload: never"], ["security-events"]),
    ],
    ids=["public", "private", "dependabot", "fork"],
)  # fmt: skip
def test_a_refused_upload_is_explained_with_the_line_to_add(
    workflow: Workflow,
    harmless: Path,
    payload: Mapping[str, Any],
    actor: str,
    told: list[str],
    not_told: list[str],
) -> None:
    workflow.put("good.pkl", harmless)
    run = workflow.use(payload=payload, actor=actor, uploads=False)
    (warning,) = run.annotations
    assert warning["name"] == "warning"
    for word in told:
        assert word in warning["value"]
        assert word in run.summary
    for word in not_told:
        assert word not in warning["value"] + run.summary
    assert run.conclusion == "success"
    if "security-events: write" in told:
        lines = run.summary.partition("~~~yaml\n")[2].partition("~~~")[0]
        assert yaml.safe_load(lines) == {
            "permissions": {"contents": "read", "security-events": "write"}
            | ({"actions": "read"} if payload is PRIVATE else {})
        }


def test_an_explanation_stays_out_of_a_summary_that_is_not_wanted(workflow: Workflow, harmless: Path) -> None:
    workflow.put("good.pkl", harmless)
    run = workflow.use({"summary": "false"}, uploads=False)
    assert run.summary == ""
    assert "security-events: write" in run.annotations[0]["value"]


@pytest.mark.parametrize(
    ("profile", "upload", "uploaded"),
    [("github", "auto", True), ("generic", "auto", False), ("generic", "always", True)],
)  # fmt: skip
def test_only_the_profile_for_github_is_uploaded(
    workflow: Workflow, harmless: Path, profile: str, upload: str, uploaded: bool
) -> None:
    workflow.put("good.pkl", harmless)
    run = workflow.use({"sarif-profile": profile, "upload": upload})
    assert (run.conclusion, run.outputs["uploaded"]) == ("success", str(uploaded).lower()), run.log
    assert uploaded or f"meant for {profile}" in run.log


def test_what_is_accepted_does_not_count(workflow: Workflow, hostile: Path) -> None:
    workflow.put("bad.pkl", hostile)
    first = workflow.use({"format": "json:known.json", "fail-on": "never"})
    assert int(first.outputs["findings"]) >= 1
    run = workflow.use({"baseline": "known.json", "exclude": "known.json"})
    assert (run.conclusion, run.outputs["exit-code"], run.outputs["findings"]) == ("success", "0", "0"), (
        run.log
    )
    assert results(run) == []
    (workflow.workspace / "accepted.toml").write_text('[[ignore]]\npath = "bad.pkl"\nreason = "a test"\n')
    run = workflow.use({"config": "accepted.toml", "exclude": "known.json"})
    assert (run.conclusion, run.outputs["findings"]) == ("success", "0"), run.log
    run = workflow.use({"exclude": "known.json"})
    assert (run.conclusion, run.outputs["exit-code"]) == ("failure", "1"), (
        "the control: without both it counts"
    )


def test_a_configuration_or_baseline_that_is_not_there_is_a_usage_error(
    workflow: Workflow, harmless: Path
) -> None:
    workflow.put("good.pkl", harmless)
    for name in ("config", "baseline"):
        run = workflow.use({name: "missing"})
        assert (run.conclusion, run.outputs["exit-code"]) == ("failure", "4"), run.log


def test_larger_files_are_not_read_and_reported(workflow: Workflow, harmless: Path) -> None:
    workflow.put("good.pkl", harmless)
    run = workflow.use({"max-file-size": "100"})
    assert (run.conclusion, run.outputs["exit-code"], run.outputs["files-failed"]) == ("failure", "2", "1"), (
        run.log
    )


@pytest.fixture
def pull_request(workflow: Workflow, harmless: Path, hostile: Path) -> Mapping[str, Any]:
    """The merge of a pull request that adds a good model to a repository with a bad one; its event."""
    workflow.git("init", "-q", "-b", "main")
    workflow.put("known/bad.pkl", hostile)
    workflow.git("add", ".")
    workflow.git("commit", "-qm", "one")
    base = workflow.head
    workflow.git("checkout", "-qb", "topic")
    workflow.put("new/good.pkl", harmless)
    workflow.git("add", ".")
    workflow.git("commit", "-qm", "two")
    workflow.git("checkout", "-q", "--detach", base)
    workflow.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
    return {
        "number": 7,
        "pull_request": {"base": {"sha": base}, "head": {"repo": {"full_name": "owner/project"}}},
    }


def shallow(workflow: Workflow, depth: int) -> None:
    """Cut the history as actions/checkout does."""
    whole = workflow.place / "whole"
    workflow.workspace.rename(whole)
    workflow.workspace.mkdir()
    workflow.git("init", "-q")
    workflow.git("fetch", "-q", "--no-tags", f"--depth={depth}", whole.as_uri(), "HEAD")
    workflow.git("checkout", "-q", "--detach", "FETCH_HEAD")


@pytest.mark.parametrize("depth", [0, 2])
def test_on_a_pull_request_only_what_it_changes_is_scanned(
    workflow: Workflow, pull_request: Mapping[str, Any], depth: int
) -> None:
    if depth:
        shallow(workflow, depth)
    run = workflow.use(
        {"changed-only": "true"}, event="pull_request", ref="refs/pull/7/merge", payload=pull_request
    )
    assert (run.conclusion, run.outputs["exit-code"], run.outputs["files-scanned"]) == (
        "success",
        "0",
        "1",
    ), run.log
    assert "1 unchanged file left out" in run.log
    assert run.annotations == []


def test_a_pull_request_that_adds_a_bad_model_fails(
    workflow: Workflow, pull_request: Mapping[str, Any], hostile: Path
) -> None:
    workflow.put("new/evil\n.pkl", hostile)
    workflow.git("add", ".")
    workflow.git("commit", "-q", "--amend", "--no-edit")
    run = workflow.use(
        {"changed-only": "true"}, event="pull_request", ref="refs/pull/7/merge", payload=pull_request
    )
    assert (run.conclusion, run.outputs["exit-code"], run.outputs["files-scanned"]) == (
        "failure",
        "1",
        "2",
    ), run.log


def test_where_the_changes_cannot_be_told_everything_is_scanned_with_a_warning(
    workflow: Workflow, pull_request: Mapping[str, Any]
) -> None:
    shallow(workflow, 1)
    arguments: dict[str, Any] = {"event": "pull_request", "ref": "refs/pull/7/merge", "payload": pull_request}
    run = workflow.use({"changed-only": "true"}, **arguments)
    assert (run.conclusion, run.outputs["exit-code"], run.outputs["files-scanned"]) == (
        "failure",
        "1",
        "2",
    ), run.log
    (warning,) = [item for item in run.annotations if item["name"] == "warning"]
    assert "everything is scanned" in warning["value"]
    assert "fetch-depth" in warning["value"]
    quiet = workflow.use({"changed-only": "true", "annotations": "false"}, **arguments)
    assert quiet.annotations == []
    assert "everything is scanned" in quiet.log


@pytest.mark.parametrize(("changed_only", "event"), [("false", "pull_request"), ("true", "merge_group")])
def test_everything_else_is_scanned_whole(
    workflow: Workflow, pull_request: Mapping[str, Any], changed_only: str, event: str
) -> None:
    run = workflow.use(
        {"changed-only": changed_only}, event=event, ref="refs/pull/7/merge", payload=pull_request
    )
    assert (run.outputs["exit-code"], run.outputs["files-scanned"]) == ("1", "2"), run.log
    assert [item["name"] for item in run.annotations] == ["error"]


@pytest.mark.parametrize(
    ("event", "ref", "upload"),
    [
        ("merge_group", "refs/heads/gh-readonly-queue/main/pr-1-abc", "auto"),
        ("merge_group", "refs/heads/gh-readonly-queue/main/pr-1-abc", "always"),
        ("push", "refs/heads/gh-readonly-queue/main/pr-1-abc", "auto"),
        ("pull_request_target", "refs/heads/main", "auto"),
        ("workflow_run", "refs/heads/main", "auto"),
        ("push", "refs/heads/main", "never"),
    ],
)
def test_skips_the_upload_and_still_gates(
    workflow: Workflow, hostile: Path, event: str, ref: str, upload: str
) -> None:
    workflow.put("bad.pkl", hostile)
    run = workflow.use({"upload": upload}, event=event, ref=ref)
    assert (run.steps["upload"]["outcome"], run.outputs["uploaded"]) == ("skipped", "false")
    assert (run.conclusion, run.outputs["exit-code"]) == ("failure", "1")
    assert "Not uploaded" in run.log


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"paths": "missing.pkl"}, "4"),
        ({"fail-on": "sometimes"}, "4"),
        ({"args": "--no-such-option"}, "4"),
        ({"paths": "empty"}, "3"),
    ],
)
def test_a_scan_that_read_nothing_uploads_nothing(
    workflow: Workflow, harmless: Path, inputs: dict[str, str], code: str
) -> None:
    workflow.put("good.pkl", harmless)
    (workflow.workspace / "empty").mkdir()
    run = workflow.use(inputs)
    assert (run.conclusion, run.outputs["exit-code"], run.steps["upload"]["outcome"]) == (
        "failure",
        code,
        "skipped",
    )
    assert list(run.steps.values())[-1]["exit"] == int(code)


def test_an_incomplete_scan_uploads_what_it_saw(workflow: Workflow, harmless: Path) -> None:
    workflow.put("good.pkl", harmless)
    (workflow.workspace / "cut.pkl").write_bytes(harmless.read_bytes()[:-20])
    run = workflow.use()
    assert (run.conclusion, run.outputs["exit-code"], run.outputs["uploaded"]) == ("failure", "2", "true"), (
        run.log
    )


def test_an_unknown_upload_setting_is_refused(workflow: Workflow, harmless: Path) -> None:
    workflow.put("good.pkl", harmless)
    run = workflow.use({"upload": "alwyas"})
    assert (run.conclusion, run.steps["upload"]["outcome"]) == ("failure", "skipped")
    assert [item["name"] for item in run.annotations] == ["error"]


def test_a_tampered_wheel_is_not_installed(workflow: Workflow, repository: Path, harmless: Path) -> None:
    workflow.put("good.pkl", harmless)
    workflow.action = workflow.place / "tampered"
    workflow.action.mkdir()
    for name in ("action.yml", "entrypoint.sh"):
        (workflow.action / name).write_bytes((repository / name).read_bytes())
    lock = (repository / "requirements" / "action.txt").read_text()
    (workflow.action / "requirements").mkdir()
    (workflow.action / "requirements" / "action.txt").write_text(
        re.sub(r"sha256:\w{8}", "sha256:" + "0" * 8, lock)
    )
    run = workflow.use()
    assert (run.conclusion, run.steps["install"]["outcome"], run.steps["scan"]["outcome"]) == (
        "failure",
        "failure",
        "skipped",
    )
    assert "HASH" in run.log.upper()


@pytest.fixture(scope="module")
def lint(repository: Path) -> Callable[[str], str]:
    shellcheck = Path(sys.executable).with_name("shellcheck")

    def check(script: str) -> str:
        done = subprocess.run([shellcheck, "--shell=bash", "-"], input=script, capture_output=True, text=True)
        return done.stdout + done.stderr

    return check


def test_the_scripts_inside_pass_shellcheck(repository: Path, lint: Callable[[str], str]) -> None:
    text = (repository / "action.yml").read_text()
    scripts = re.findall(r"^      run: \|\n((?:(?:        .*)?\n)+)", text, re.MULTILINE)
    assert len(scripts) == 4
    assert [lint("set -eo pipefail\n" + script) for script in scripts] == [""] * 4
    assert "SC2086" in lint("echo $1"), "shellcheck itself does not work"


def test_no_expression_is_pasted_into_a_script(repository: Path) -> None:
    text = (repository / "action.yml").read_text()
    assert not re.search(r"run: \|\n(?:        .*\n)*        .*\$\{\{", text)
    assert 'run: exit "${EXIT_CODE:-2}"' in text
