"""What the real command writes, before its judges: the official validator with GitHub's rules, and GitHub's uploader.

`MODELWARDEN_COMMAND` names another command than `python -m modelwarden`, such as that of an installed wheel.
"""

import copy
import filecmp
import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import pytest

Document: TypeAlias = dict[str, Any]
Spoil: TypeAlias = Callable[[Document], object]

SCHEMA = Path(__file__).resolve().parents[1] / "sarif" / "schema" / "sarif-2.1.0.json"
PROJECT = Path(__file__).resolve().parent / "sarif"

ALLOWED = {
    ("SARIF2002", "note"),  # message text instead of id and arguments: GitHub and DefectDojo want text
    ("SARIF2003", "note"),  # no version control details: a local run has none to tell
    ("SARIF2006", "note"),  # a URL that cannot be reached from here
    ("SARIF2013", "note"),  # no embedded file content: models are large
    ("SARIF2017", "warning"),  # no region: the uploader would read the whole model as text
}


@dataclass(frozen=True)
class Log:
    """A log the command wrote about `tree`, the directory it ran in."""

    tree: Path
    file: Path
    exit_code: int

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


def scan(tree: Path, output: Path, environment: Mapping[str, str], *paths: str, directory: str = ".") -> Log:
    command = shlex.split(os.environ.get("MODELWARDEN_COMMAND", "")) or [sys.executable, "-m", "modelwarden"]
    arguments = ["scan", *(paths or (".",)), "--quiet", "--deterministic", "--format", f"sarif:{output}"]
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
def log(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    clean_environment: Mapping[str, str],
    repository: Path,
    hostile: Path,
) -> Log:
    place = tmp_path_factory.mktemp("sarif")
    tree = make_repository(place / "repository")
    corpus = repository / "tests" / "corpus"
    match request.param:
        case "findings":
            shutil.copytree(corpus / "malicious", tree / "models")
        case "clean":
            shutil.copytree(corpus / "benign" / "sklearn", tree / "models")
        case _:
            make_odd_names(tree, hostile)
    made = scan(tree, place / "log.sarif", clean_environment)
    if request.param == "clean":
        assert (made.exit_code, made.results) == (0, [])
    else:
        assert made.exit_code == 1
        assert "MW101" in {each["ruleId"] for each in made.results}
    return made


def test_the_official_validator_has_nothing_to_say_that_we_did_not_choose(log: Log, multitool: Path) -> None:
    assert complaints(multitool, log.file) == set()


def test_githubs_uploader_accepts_it(log: Log, validators: Path) -> None:
    assert refusals(validators, log.file) == []


def test_no_fault_that_the_validators_do_not_see(log: Log) -> None:
    assert faults(log.read(), log.tree) == []


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


# What no validator sees


def faults(document: Document, tree: Path) -> list[str]:
    """What GitHub refuses or merges although it is valid SARIF."""
    return list(_faults(document, tree))


def _faults(document: Document, tree: Path) -> Iterator[str]:
    runs = document["runs"]
    if len(runs) != 1:
        yield "not exactly one run"
    for run in runs:
        for rule in (*run["tool"]["driver"]["rules"], *run["tool"]["driver"]["notifications"]):
            yield from _rule_faults(rule)
        for rule in run["tool"]["driver"]["rules"]:
            if "security-severity" not in rule["properties"]:
                yield f"{rule['id']} has no security severity"
        identities = set()
        for result in run["results"]:
            (location,) = result["locations"]
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            if not (tree / os.fsdecode(unquote(uri, errors="surrogateescape"))).is_file() or uri.startswith(
                "/"
            ):
                yield f"{uri} is no file of the repository"
            identity = (result["ruleId"], uri, result["partialFingerprints"].get("primaryLocationLineHash"))
            if identity in identities or not identity[-1]:
                yield f"{identity} is not one alert"
            identities.add(identity)
            if result["level"] not in {"error", "warning", "note"}:
                yield f"level {result['level']}"


def _rule_faults(rule: Document) -> Iterator[str]:
    properties = rule.get("properties", {})
    try:
        severity = float(properties.get("security-severity", "5.0"))
    except ValueError:
        severity = 0.0
    if not isinstance(properties.get("security-severity", ""), str) or not 0.0 < severity <= 10.0:
        yield f"{rule['id']}: security severity"
    if len(properties.get("tags", [])) > 10:
        yield f"{rule['id']}: too many tags"
    for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"], rule["help"]["text"]):
        if not text or (text is not rule["help"]["text"] and len(text) > 1_024):
            yield f"{rule['id']}: a text that is empty or too long"


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (
            lambda d: driver_of(d)["rules"][0]["properties"].update({"security-severity": "high"}),
            "security severity",
        ),
        (
            lambda d: driver_of(d)["rules"][0]["properties"].update({"security-severity": 9.8}),
            "security severity",
        ),
        (lambda d: driver_of(d)["rules"][0]["properties"].pop("security-severity"), "no security severity"),
        (
            lambda d: driver_of(d)["rules"][0]["properties"].update(tags=[str(n) for n in range(25)]),
            "too many tags",
        ),
        (lambda d: driver_of(d)["rules"][0]["fullDescription"].update(text=""), "empty or too long"),
        (lambda d: d["runs"].append(copy.deepcopy(d["runs"][0])), "one run"),
        (lambda d: artifact_location_of(d).update(uri="file:///a.pkl"), "no file of the repository"),
        (lambda d: result_of(d)["partialFingerprints"].clear(), "not one alert"),
        (lambda d: d["runs"][0]["results"].append(copy.deepcopy(result_of(d))), "not one alert"),
        (lambda d: result_of(d).update(level="none"), "level none"),
    ],
)
def test_our_own_check_can_object(sample: Log, tmp_path: Path, spoil: Spoil, fault: str) -> None:
    document = json.loads(spoiled(sample, spoil, tmp_path).read_text("utf-8"))
    assert faults(sample.read(), sample.tree) == []
    assert any(fault in each for each in faults(document, sample.tree))


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
