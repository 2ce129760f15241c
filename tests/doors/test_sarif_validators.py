"""What the real command writes, before its judges: the official validator with GitHub's rules, and GitHub's uploader.

`MODELWARDEN_COMMAND` names another command than `python -m modelwarden`, such as that of an installed wheel.
"""

import copy
import filecmp
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from modelwarden_sarif.lines import line_hashes
from tests.sarif.faults import Document, faults

Spoil: TypeAlias = Callable[[Document], object]

SCHEMA = Path(__file__).resolve().parents[1] / "sarif" / "schema" / "sarif-2.1.0.json"
PROJECT = Path(__file__).resolve().parent / "sarif"

ALLOWED = {
    ("SARIF2002", "note"),  # message text instead of id and arguments: GitHub and DefectDojo want text
    ("SARIF2003", "note"),  # no version control details: a local run has none to tell
    ("SARIF2010", "note"),  # no snippets: what was found is in the message, payloads must not travel
    ("SARIF2011", "note"),  # no context regions, for the same reason
    ("SARIF2006", "note"),  # a URL that cannot be reached from here
    ("SARIF2013", "note"),  # no embedded file content: models are large
    ("SARIF2017", "warning"),  # no region: the uploader would read the whole model as text
}

ONLY_AZURES = {
    ("GHAzDO1019", "error"),  # the properties of a pipeline
    ("GHAzDO1020", "error"),  # its name for the run
}
PROFILES = ("github", "gitlab", "azure", "generic")
PIPELINE = {
    "TF_BUILD": "True",
    "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/",
    "SYSTEM_TEAMPROJECTID": "11111111-1111-1111-1111-111111111111",
    "SYSTEM_DEFINITIONID": "1234",
    "BUILD_DEFINITIONNAME": "nightly models",
    "SYSTEM_PHASEID": "3a3a2a60-14c7-570b-14a4-fa42ad92f52a",
    "SYSTEM_PHASENAME": "Scan",
    "BUILD_SOURCEBRANCH": "refs/heads/main",
    "BUILD_BUILDID": "98765",
}


@dataclass(frozen=True)
class Log:
    """A log the command wrote about `tree`, the directory it ran in; `content`: what that holds."""

    tree: Path
    file: Path
    exit_code: int
    profile: str = "github"
    content: str = ""

    def read(self) -> Document:
        document: Document = json.loads(self.file.read_text("utf-8"))
        return document

    @property
    def results(self) -> list[Document]:
        (run,) = self.read()["runs"]
        results: list[Document] = run["results"]
        return results


@pytest.fixture(scope="session")
def validators() -> Path:
    """The directory with both validators, installed as its lock file says; fails where there is no npm."""
    lock, installed = PROJECT / "package-lock.json", PROJECT / "node_modules" / ".installed-lock.json"
    if not installed.exists() or not filecmp.cmp(lock, installed, shallow=False):
        npm = shutil.which("npm")
        assert npm, "npm is needed: Node.js 20 or newer"
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=PROJECT, check=True)
        shutil.copyfile(lock, installed)
    return PROJECT


@pytest.fixture(scope="session")
def multitool(validators: Path) -> Path:
    """The validator's own binary: its npm wrapper goes through a shell."""
    (binary,) = validators.glob("node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool")
    binary.chmod(binary.stat().st_mode | 0o100)
    return binary


def complaints(multitool: Path, sarif: Path, kinds: str = "Sarif;Ghas") -> set[tuple[str, str]]:
    """(rule, level) of everything the validator says that is not allowed. Its exit code is 0 whatever it finds."""
    verdict = sarif.with_suffix(".verdict.sarif")
    what = ["--rule-kind", kinds, "--level", "Error;Warning;Note"]
    done = subprocess.run(
        [multitool, "validate", sarif, *what, "--output", verdict, "--log", "ForceOverwrite"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (run,) = json.loads(verdict.read_text("utf-8-sig"))["runs"]
    assert run["results"], "the validator says something of every log: nothing means that it has not looked"
    said = {(each["ruleId"].split("/")[0], each.get("level", "warning")) for each in run["results"]}
    return said - ALLOWED


def refusals(validators: Path, sarif: Path) -> list[str]:
    """Why GitHub's uploader would refuse the file."""
    node = shutil.which("node")
    assert node, "node is needed"
    done = subprocess.run(
        [node, validators / "validate.mjs", SCHEMA, sarif], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == (1 if done.stdout else 0), done.stderr
    return done.stdout.splitlines()


def scan(
    tree: Path,
    output: Path,
    environment: Mapping[str, str],
    *paths: str,
    directory: str = ".",
    options: Sequence[str] = (),
) -> Log:
    command = shlex.split(os.environ.get("MODELWARDEN_COMMAND", "")) or [sys.executable, "-m", "modelwarden"]
    arguments = [
        "scan",
        *(paths or (".",)),
        "--quiet",
        "--deterministic",
        "--format",
        f"sarif:{output}",
        *options,
    ]
    done = subprocess.run(
        [*command, *arguments],
        cwd=tree / directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode in {0, 1, 2}, done.stderr
    assert not done.stdout
    return Log(tree, output, done.returncode)


def make_repository(tree: Path) -> Path:
    """A directory that git calls the top of a repository."""
    tree.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", tree], check=True)
    return tree


def make_odd_names(tree: Path, hostile: Path) -> None:
    """Spaces, accents, brackets, bytes that are no text; archives in archives with hostile member names."""
    odd = tree / "modèles d'été" / "[1] #50%"
    odd.mkdir(parents=True)
    shutil.copyfile(hostile, odd / "mon modèle (final).pkl")
    shutil.copyfile(hostile, tree / "modèles d'été" / os.fsdecode(b"\xff raw.pkl"))
    with zipfile.ZipFile(odd / "inner.zip", "w") as inner:
        inner.write(hostile, "a b/poids \u202e\x1b[31m{0}[x](1).pkl")
    with zipfile.ZipFile(tree / "modèles d'été" / "outer archive.zip", "w") as outer:
        outer.write(odd / "inner.zip", "dossier é/inner archive.zip")
    (odd / "inner.zip").unlink()


@pytest.fixture(scope="module", params=["findings", "clean", "odd names"])
def tree(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, repository: Path, hostile: Path
) -> tuple[str, Path]:
    """What is scanned, and where it is."""
    tree = make_repository(tmp_path_factory.mktemp("tree") / "repository")
    corpus = repository / "tests" / "corpus"
    match request.param:
        case "findings":
            shutil.copytree(corpus / "malicious", tree / "models")
        case "clean":
            shutil.copytree(corpus / "benign" / "sklearn", tree / "models")
        case _:
            make_odd_names(tree, hostile)
    return request.param, tree


@pytest.fixture(scope="module", params=PROFILES)
def log(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    clean_environment: Mapping[str, str],
    tree: tuple[str, Path],
) -> Log:
    content, place = tree
    environment = {**clean_environment, **(PIPELINE if request.param == "azure" else {})}
    output = tmp_path_factory.mktemp("sarif") / "log.sarif"
    made = replace(
        scan(place, output, environment, options=("--sarif-profile", request.param)),
        profile=request.param,
        content=content,
    )
    if content == "clean":
        assert (made.exit_code, made.results) == (0, [])
    else:
        assert made.exit_code == 1
        assert "MW101" in {each["ruleId"] for each in made.results}
    return made


def test_the_official_validator_has_nothing_to_say_that_we_did_not_choose(log: Log, multitool: Path) -> None:
    """With GitHub's rules and Azure's, two of which only a run in a pipeline can satisfy."""
    said = complaints(multitool, log.file, kinds="Sarif;Ghas;GHAzDO")
    assert said == (set() if log.profile == "azure" else ONLY_AZURES)


def test_githubs_uploader_accepts_it(log: Log, validators: Path) -> None:
    assert refusals(validators, log.file) == []


def test_no_fault_that_the_validators_do_not_see(log: Log) -> None:
    found = faults(log.read(), log.tree)
    if log.profile == "generic":  # nobody takes it for alerts
        found = [each for each in found if "is not one alert" not in each]
    assert found == []


def test_the_shipped_schema_is_the_validators_own(multitool: Path) -> None:
    assert SCHEMA.read_bytes() == (multitool.parent / "sarif-2.1.0.json").read_bytes()


# The gates can fail


@pytest.fixture(scope="module")
def sample(
    tmp_path_factory: pytest.TempPathFactory, clean_environment: Mapping[str, str], hostile: Path
) -> Log:
    place = tmp_path_factory.mktemp("sample")
    tree = make_repository(place / "repository")
    shutil.copyfile(hostile, tree / "a.pkl")
    made = scan(tree, place / "log.sarif", clean_environment)
    assert made.results
    return made


def spoiled(sample: Log, spoil: Spoil, place: Path) -> Path:
    document = copy.deepcopy(sample.read())
    spoil(document)
    file = place / "spoiled.sarif"
    file.write_text(json.dumps(document), "utf-8")
    return file


def driver_of(document: Document) -> Document:
    driver: Document = document["runs"][0]["tool"]["driver"]
    return driver


def result_of(document: Document) -> Document:
    result: Document = document["runs"][0]["results"][0]
    return result


def artifact_location_of(document: Document) -> Document:
    location: Document = result_of(document)["locations"][0]["physicalLocation"]["artifactLocation"]
    return location


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda document: result_of(document).pop("locations"), "GH1015"),
        (lambda document: driver_of(document).pop("rules"), "GH1018"),
        (lambda document: driver_of(document).update(rules=[]), "SARIF1009"),
        (lambda document: result_of(document).update(ruleIndex=9_999), "SARIF1009"),
        (lambda document: artifact_location_of(document).update(uri="/etc/a.pkl"), "SARIF1004"),
        (lambda document: artifact_location_of(document).update(uri="a b.pkl"), "SARIF1002"),
        (lambda document: result_of(document).update(rank=None), "JSON1001"),
    ],
    ids=[
        "no location",
        "no rules",
        "empty rules",
        "wrong rule index",
        "absolute path",
        "space in a URI",
        "null",
    ],
)
def test_the_official_validator_can_object(
    sample: Log, multitool: Path, tmp_path: Path, spoil: Spoil, rule: str
) -> None:
    assert (rule, "error") in complaints(multitool, spoiled(sample, spoil, tmp_path))


def test_githubs_rules_are_among_those_that_run(sample: Log, multitool: Path, tmp_path: Path) -> None:
    file = spoiled(sample, lambda document: result_of(document).pop("locations"), tmp_path)
    assert not any(rule.startswith("GH") for rule, _ in complaints(multitool, file, kinds="Sarif"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: result_of(document).update(rank=None),
        lambda document: result_of(document).update(colour="red"),
        lambda document: result_of(document).pop("message"),
        lambda document: result_of(document)["partialFingerprints"].update(x=None),
    ],
    ids=["null", "extra key", "no message", "null fingerprint"],
)
def test_githubs_uploader_can_refuse(sample: Log, validators: Path, tmp_path: Path, spoil: Spoil) -> None:
    assert refusals(validators, spoiled(sample, spoil, tmp_path))


def test_githubs_uploader_forgives_a_uri_that_is_none(sample: Log, validators: Path, tmp_path: Path) -> None:
    file = spoiled(sample, lambda document: artifact_location_of(document).update(uri="a b é.pkl"), tmp_path)
    assert refusals(validators, file) == []


# What the uploader reads, and what it warns of


def uploaded(log: Path, tree: Path) -> Document:
    """What GitHub's uploader reads to name the lines of results, and what it warns of."""
    said: Document = node_says(log, tree)
    return said


def node_says(*arguments: str | Path) -> Any:
    node = shutil.which("node")
    assert node, "node is needed"
    command: list[str | Path] = [node, PROJECT / "uploader.mjs", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return json.loads(done.stdout)


def test_the_uploader_reads_small_texts_only_and_agrees_on_their_names(log: Log) -> None:
    if log.profile == "gitlab":  # which reads nothing: its lines only tell results apart
        assert all(map(region_of, log.results))
        return
    said = uploaded(log.file, log.tree)
    with_lines = [each for each in log.results if region_of(each)]
    assert said["named"] + len(said["warnings"]) == len(with_lines)
    if (
        log.profile == "github"
    ):  # the other readers get a line for the second result of a rule in one line, too
        assert said["warnings"] == []
    if log.content == "findings":
        assert said["named"] > 50
    for file, size in said["read"].items():
        data = (log.tree / file).read_bytes()
        assert len(data) == size <= 2 << 20
        assert b"\0" not in data
        data.decode("utf-8")


def region_of(result: Document) -> Document | None:
    region: Document | None = result["locations"][0]["physicalLocation"].get("region")
    return region


def test_with_a_line_for_everything_the_uploader_would_read_models_and_warn(
    tmp_path: Path, clean_environment: Mapping[str, str], hostile: Path
) -> None:
    tree = make_repository(tmp_path / "tree")
    shutil.copyfile(hostile, tree / "a.pkl")
    made = scan(tree, tmp_path / "log.sarif", clean_environment, options=("--sarif-region", "always"))
    said = uploaded(made.file, tree)
    assert set(said["read"]) == {"a.pkl"}
    assert said["warnings"]


@pytest.mark.parametrize("seed", range(12))
def test_our_names_of_lines_are_those_of_node(seed: int, tmp_path: Path) -> None:
    """Every kind of line end, of blank, of character, and cuts of the stream within characters (64 KiB)."""
    choose = random.Random(seed)
    pieces = [
        "a",
        "bc",
        " ",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "é",
        "\u2028",
        "\ufeff",
        "\uffff",
        "😀",
        "x" * 99,
        "y" * 100,
        "same\n",
    ]
    text = "".join(choose.choices(pieces, k=40_000 if seed == 0 else 40 * seed))
    file = tmp_path / "text"
    file.write_bytes(text.encode())
    names = node_says("--lines", file)
    assert list(line_hashes(text.encode(), range(1, len(names) + 2)).values()) == names


# The same alerts, wherever the checkout is


def test_the_log_is_the_same_wherever_the_checkout_is_and_however_the_path_is_given(
    tmp_path: Path, clean_environment: Mapping[str, str], hostile: Path
) -> None:
    here = make_repository(tmp_path / "here")
    make_odd_names(here, hostile)
    (here / "sub").mkdir()
    there = tmp_path / "far" / "away" / "there"
    shutil.copytree(here, there)
    logs = [
        scan(here, tmp_path / "1.sarif", clean_environment),
        scan(here, tmp_path / "2.sarif", clean_environment, str(here)),
        scan(here, tmp_path / "3.sarif", clean_environment, "..", directory="sub"),
        scan(there, tmp_path / "4.sarif", clean_environment),
    ]
    assert len(logs[0].results) == 3
    assert {log.file.read_bytes() for log in logs} == {logs[0].file.read_bytes()}
