"""The bill of materials is valid CycloneDX 1.6, for harmless, hostile and oddly named files, and says what was found."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from modelwarden.cli import run
from modelwarden.domain.finding import Grounds, Suppression
from modelwarden.domain.record import replace
from modelwarden.domain.report import Coverage, ScannedFile
from modelwarden.domain.severity import Severity
from modelwarden.reports.sbom import classification, sbom, score
from tests.scanner.conftest import Make

CORPUS = Path(__file__).parents[2] / "corpus"


def valid(text: str) -> dict[str, Any]:
    """The document, when the validator of CycloneDX finds nothing wrong with it."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    document: dict[str, Any] = json.loads(text)
    return document


def written(target: Path, *arguments: str) -> dict[str, Any]:
    """What the command writes."""
    file = target / "bill.json"
    assert run(["scan", "--no-config", "-q", *arguments, "--sbom", str(file)]) in (0, 1, 2)
    return valid(file.read_text(encoding="utf-8"))


def properties(component: dict[str, Any]) -> dict[str, str]:
    return {one["name"].removeprefix("modelwarden:"): one["value"] for one in component["properties"]}


@pytest.mark.parametrize(
    "kind", ["benign/safetensors", "benign/keras/keras2", "benign/gguf", "malicious/licence-obligation"]
)
def test_the_bill_of_real_models_is_valid(tmp_path: Path, kind: str) -> None:
    document = written(tmp_path, str(CORPUS / kind))
    assert document["specVersion"] == "1.6"
    assert document["components"]
    assert all(one["hashes"][0]["alg"] == "SHA-256" for one in document["components"])
    assert document["metadata"]["timestamp"]


def test_the_bill_of_hostile_models_is_valid(tmp_path: Path) -> None:
    document = written(
        tmp_path, str(CORPUS / "malicious/dangerous-call"), str(CORPUS / "malicious/template-injection")
    )
    scores = [int(properties(one)["risk:score"]) for one in document["components"]]
    assert max(scores) == 10
    assert {one["name"]: one["value"] for one in document["metadata"]["properties"]}[
        "modelwarden:risk:score"
    ] == "10"


def test_a_component_says_what_is_known(tmp_path: Path) -> None:
    model = CORPUS / "malicious/licence-obligation/gguf-agpl/model.gguf"
    (component,) = written(tmp_path, str(model))["components"]
    assert component["type"] == "machine-learning-model"
    assert component["licenses"] == [{"license": {"id": "AGPL-3.0"}}]
    stated = properties(component)
    assert stated["classification"] == "model"
    assert stated["size"] == str(model.stat().st_size)
    assert stated["architecture"] == "llama"
    assert stated["finding:MW504"] == "1"
    assert stated["risk:score"] == "1"


def test_cards_and_licences_tell_of_what_lies_by_them(tmp_path: Path) -> None:
    model = tmp_path / "model"
    (model / "weights").mkdir(parents=True)
    (model / "README.md").write_text("---\nlicense: apache-2.0\ndatasets: [a/b]\n---\n", encoding="utf-8")
    (model / "LICENSE").write_text("MIT License\n\nCopyright (c) 2024 Someone\n", encoding="utf-8")
    data = (CORPUS / "benign/safetensors/numpy.safetensors").read_bytes()
    (model / "weights" / "model.safetensors").write_bytes(data)
    (component,) = written(tmp_path, str(model))["components"]
    assert component["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert component["copyright"] == "Copyright (c) 2024 Someone"
    assert properties(component)["dataset"] == "a/b"


def test_the_same_scan_gives_the_same_bytes(tmp_path: Path) -> None:
    path = str(CORPUS / "benign/safetensors")
    first = written(tmp_path, path, "--deterministic")
    assert first == written(tmp_path, path, "--deterministic")
    assert "timestamp" not in first["metadata"]
    assert (
        first["serialNumber"]
        != written(tmp_path, str(CORPUS / "benign/gguf"), "--deterministic")["serialNumber"]
    )
    assert written(tmp_path, path)["serialNumber"] != written(tmp_path, path)["serialNumber"]


def test_hostile_names_and_texts(make: Make, hostile: str) -> None:
    stated = tuple(("", key, hostile) for key in ("licence", "framework", "name", "dataset"))
    file = ScannedFile(
        path=f"m/{hostile}", size=1, coverage=Coverage.COMPLETE, formats=("gguf",), properties=stated
    )
    card = ScannedFile(
        path="m/LICENSE", size=1, coverage=Coverage.UNSUPPORTED, properties=(("", "copyright", hostile),)
    )
    text = sbom(make.outcome([make.finding(file=file.path, message=hostile)], files=[file, card]))
    assert valid(text)["components"][0]["licenses"]
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("licences", "shown"),
    [
        (["mit"], [{"license": {"id": "MIT"}}]),
        (["MIT OR Apache-2.0"], [{"expression": "MIT OR Apache-2.0"}]),
        (
            ["MIT OR Apache-2.0", "mit"],
            [{"license": {"id": "MIT"}}, {"license": {"name": "MIT OR Apache-2.0"}}],
        ),
        (["llama3"], [{"license": {"name": "llama3"}}]),
        (["a AND ("], [{"license": {"name": "a AND ("}}]),
        (["mit", "MIT"], [{"license": {"id": "MIT"}}]),
    ],
)
def test_licences(make: Make, licences: list[str], shown: list[Any]) -> None:
    stated = tuple(("", "licence", licence) for licence in licences)
    file = replace(make.file(), properties=stated)
    found = valid(sbom(make.outcome(files=[file])))["components"][0]["licenses"]
    assert sorted(found, key=str) == sorted(shown, key=str)


def test_the_score(make: Make) -> None:
    assert score([], Coverage.COMPLETE) == 0
    assert score([], Coverage.PARTIAL) == score([], Coverage.ABSENT) == 5
    assert [score([make.finding(each)], Coverage.COMPLETE) for each in sorted(Severity)] == [0, 1, 5, 10]
    assert score([make.finding(Severity.INFO), make.finding()], Coverage.PARTIAL) == 10


def test_what_is_suppressed_does_not_score(make: Make) -> None:
    ignored = Suppression(grounds=Grounds.IGNORED, justification="known")
    finding = replace(make.finding(file="good.pkl"), suppression=ignored)
    (component,) = valid(sbom(make.outcome([finding], files=[make.file()])))["components"]
    assert properties(component)["risk:score"] == "0"


@pytest.mark.parametrize(
    ("formats", "stated", "kind"),
    [
        (("safetensors",), (), "model"),
        (("npy",), ("numpy",), "dataset"),
        (("zip",), ("numpy",), "dataset"),
        (("pickle",), ("scikit-learn", "numpy"), "model"),
        (("pickle",), ("pandas",), "dataset"),
        (("pickle",), (), "other"),
        (("json",), (), "configuration"),
        (("zip",), (), "archive"),
        (("executable",), (), "program"),
        (("hdf5",), ("keras",), "model"),
    ],
)
def test_classification(formats: tuple[str, ...], stated: tuple[str, ...], kind: str) -> None:
    named = tuple(("", "framework", name) for name in stated)
    file = ScannedFile(path="x", size=1, coverage=Coverage.COMPLETE, formats=formats, properties=named)
    assert classification(file) == kind


def test_both_names_of_the_format(tmp_path: Path) -> None:
    path = str(CORPUS / "benign/safetensors/numpy.safetensors")
    for name in ("sbom", "cyclonedx"):
        file = tmp_path / f"{name}.json"
        assert run(["scan", "--no-config", "-q", path, "-f", f"{name}:{file}"]) == 0
        valid(file.read_text(encoding="utf-8"))


def test_without_the_library_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "cyclonedx", None)
    assert run(["scan", "--no-config", str(CORPUS), "--sbom", str(tmp_path / "x")]) == 4
    assert "pip install 'modelwarden[sbom]'" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_files_elsewhere_have_references_of_their_own(make: Make) -> None:
    files = [make.file(os.path.join(os.sep, place, "model.pkl")) for place in ("a", "b")]
    components = valid(sbom(make.outcome(files=files)))["components"]
    assert len({one["bom-ref"] for one in components}) == 2
