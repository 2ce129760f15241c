"""No log has a fault that no validator sees; and the check for them can object to each."""

import copy
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan
from modelwarden.policies import CATALOGUE
from modelwarden.reports import sarif
from modelwarden.reports.profile import Profile, Style
from tests.sarif.faults import Document, faults

Spoil = Callable[[Document], object]

CALL = b"cos\nsystem\nX\x02\x00\x00\x00id\x85R."
SERVICES = [Profile.GITHUB, Profile.GITLAB, Profile.AZURE]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several findings in one file, one line and one archive, and names that are hard to quote."""
    tree = tmp_path_factory.mktemp("tree")
    (tree / "a.pkl").write_bytes(CALL + CALL.replace(b"system", b"popen"))
    (tree / "C: [1] #50% é😀?.pkl").write_bytes(CALL)
    (tree / "config.json").write_text(
        '{"a": {"_target_": "os.system"}, "b": {"_target_": "os.popen"}}', "utf-8"
    )
    with zipfile.ZipFile(tree / "a.zip", "w") as archive:
        for name in ("a.pkl", "b.pkl", "../c.pkl", "\u202e\x1b{0}[x](1)"):
            archive.writestr(name, CALL if name == "a.pkl" else CALL.replace(b"id", name.encode()[:2]))
            archive.writestr(f"{name}.popen", CALL.replace(b"system", b"popen"))
    return tree


def document(tree: Path, profile: Profile) -> Document:
    report = scan([str(tree)], Settings(root=str(tree), jobs=1))
    made: Document = json.loads(sarif.render(report, CATALOGUE, Style(profile=profile), exit_code=1))
    return made


@pytest.mark.parametrize("profile", SERVICES)
def test_a_log_has_no_fault(profile: Profile, tree: Path) -> None:
    made = document(tree, profile)
    assert len(made["runs"][0]["results"]) >= 4
    assert faults(made, tree) == []


def test_no_log_of_the_corpus_has_one() -> None:
    corpus = Path(__file__).parents[2] / "corpus" / "malicious"
    assert faults(document(corpus, Profile.GITHUB), corpus) == []


def driver(document: Document) -> Any:
    return document["runs"][0]["tool"]["driver"]


def rule(document: Document) -> Any:
    return driver(document)["rules"][0]


def result(document: Document) -> Any:
    return document["runs"][0]["results"][0]


def place(document: Document) -> Any:
    return result(document)["locations"][0]["physicalLocation"]


def again(document: Document, **changes: Any) -> None:
    document["runs"][0]["results"].append(copy.deepcopy(result(document)) | changes)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda d: rule(d)["properties"].update({"security-severity": "high"}), "security severity"),
        (lambda d: rule(d)["properties"].update({"security-severity": 9.8}), "security severity"),
        (lambda d: rule(d)["properties"].update({"security-severity": "10.1"}), "security severity"),
        (lambda d: rule(d)["properties"].pop("security-severity"), "no security severity"),
        (lambda d: rule(d)["properties"].update(tags=[str(n) for n in range(11)]), "too many tags"),
        (lambda d: rule(d).update(name="x" * 256), "name or a link"),
        (lambda d: rule(d).update(helpUri="https://example.org/" + "x" * 2_048), "name or a link"),
        (lambda d: rule(d)["fullDescription"].update(text=""), "empty or too long"),
        (lambda d: rule(d)["shortDescription"].update(text="x" * 1_025), "empty or too long"),
        (lambda d: driver(d).pop("fullName"), "fullName"),
        (lambda d: d["runs"].append(copy.deepcopy(d["runs"][0])), "two runs of one category"),
        (lambda d: d["runs"].append(copy.deepcopy(d["runs"][0])), "one run"),
        (lambda d: place(d)["artifactLocation"].update(uri="file:///a.pkl"), "no file of the repository"),
        (lambda d: place(d)["artifactLocation"].update(uri="https://x/a.pkl"), "no file of the repository"),
        (lambda d: place(d)["artifactLocation"].update(uri="absent.pkl"), "no file of the repository"),
        (lambda d: place(d).update(region={"byteOffset": 1}), "half a region"),
        (lambda d: result(d)["partialFingerprints"].clear(), "not one alert"),
        (again, "not one alert"),
        (again, "not one finding"),
        (lambda d: result(d).update(level="none"), "level none"),
        (lambda d: result(d).update(rank=90.0), "a rank"),
        (lambda d: result(d).update(suppressions=[]), "suppressed"),
        (lambda d: result(d)["message"].update(text="x" * 1_001), "too long"),
        (lambda d: d["runs"][0].update(results=d["runs"][0]["results"] * 2_000), "more than 5,000"),
    ],
)
def test_the_check_can_object(spoil: Spoil, fault: str, tree: Path) -> None:
    spoiled = document(tree, Profile.GITHUB)
    spoil(spoiled)
    assert any(fault in each for each in faults(spoiled, tree))


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda d: place(d).pop("region"), "no line for GitLab"),
        (lambda d: again(d, partialFingerprints={"modelwarden/v1": "x"}), "not one alert"),
    ],
)
def test_the_check_for_gitlab_can_object(spoil: Spoil, fault: str, tree: Path) -> None:
    spoiled = document(tree, Profile.GITLAB)
    spoil(spoiled)
    assert any(fault in each for each in faults(spoiled, tree))
