"""What files say of themselves, in three layouts that say the same, whatever text an attacker has put there."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from modelwarden.cli import run
from modelwarden.domain.report import Coverage, Report, ScannedFile
from modelwarden.reports.lines import plain
from modelwarden.reports.metadata import metadata_json, metadata_table, metadata_yaml

CORPUS = Path(__file__).parents[2] / "corpus"
GGUF = str(CORPUS / "benign/gguf/alignment-256.gguf")


def report(*properties: tuple[str, str, str], **fields: Any) -> Report:
    """A report of one file."""
    file = ScannedFile(
        **{"path": "m.gguf", "size": 9, "coverage": Coverage.COMPLETE, "formats": ("gguf",), **fields},
        properties=properties,
    )
    return Report(files=(file,))


def shown(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, str]:
    code = run(["metadata", *arguments])
    return code, capsysbinary.readouterr().out.decode("utf-8")


def test_the_table(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    code, text = shown(capsysbinary, GGUF)
    assert code == 0
    assert "architecture          llama\n" in text
    assert "tensors               5\n" in text


def test_json_has_stable_keys(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    code, text = shown(capsysbinary, GGUF, "--format", "json")
    document = json.loads(text)
    assert (code, document["schema_version"]) == (0, 1)
    (file,) = document["files"]
    assert list(file) == [
        "path",
        "size",
        "formats",
        "coverage",
        "reason",
        "properties",
        "members",
        "findings",
    ]
    assert file["properties"]["parameters"] == [935]
    assert file["properties"]["tensor"][1] == {"name": "half", "dtype": "F16", "shape": [32, 3]}


def test_yaml_says_the_same(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    paths = [GGUF, str(CORPUS / "benign/keras/keras2/compiled.keras"), str(CORPUS / "benign/npy")]
    _, text = shown(capsysbinary, *paths, "--format", "json")
    _, other = shown(capsysbinary, *paths, "--format", "yaml")
    assert yaml.safe_load(other) == json.loads(text)  # what a user would read it with


@pytest.mark.parametrize(
    "text",
    ["a: b", "- x", "yes", "'", '"', "\\", "\U0001f600\n", "\x7f\x85\u2028\ufeff", "#", "", "!!x", "&a *a"],
)
def test_yaml_takes_any_text(text: str) -> None:
    found = report(("", "name", text), ("m", text, "1"))
    assert yaml.safe_load(metadata_yaml(found)) == json.loads(metadata_json(found))  # as above


def test_hostile_text(hostile: str) -> None:
    found = report(
        ("", "name", hostile),
        (hostile, "tensor", f"F32 2 {hostile}"),
        ("", "metadata", hostile),
        path=hostile,
    )
    for text in (plain(metadata_table(found)), metadata_yaml(found), metadata_json(found)):
        assert all(row.isprintable() for row in text.split("\n"))
        assert "\n::error" not in text
    assert yaml.safe_load(metadata_yaml(found)) == json.loads(metadata_json(found))  # as above


def test_only_what_matters_for_security(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = str(CORPUS / "malicious/template-injection/llamafile/model.llamafile")
    code, text = shown(capsysbinary, path, "--security-only", "--format", "json")
    (file,) = json.loads(text)["files"]
    assert code == 0
    assert set(file["members"][0]["properties"]) == {"chat-template", "template"}
    assert "MW208" in {one["rule"] for one in file["findings"]}
    assert "nothing of this kind" in shown(capsysbinary, GGUF, "--security-only")[1]


def test_external_data_is_told(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = str(CORPUS / "malicious/path-escape")
    _, text = shown(capsysbinary, path, "--security-only")
    assert "reference-tensors" in text


def test_what_is_missing_is_said(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(b"GGUF\x03\0\0\0")
    code, text = shown(capsysbinary, str(tmp_path))
    assert code == 2
    assert "not read whole" in text
    (tmp_path / "a.gguf").unlink()
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    code, text = shown(capsysbinary, str(tmp_path))
    assert (code, text) == (3, "No file of a format that is known here.\n")


def test_a_card_is_shown(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    _, text = shown(capsysbinary, str(tmp_path))
    assert "no model format" in text
    assert "licence               mit" in text


def test_long_lists_are_cut_in_the_table_alone() -> None:
    found = report(*(("", "tensor", f"F32 2x2 t{index}") for index in range(40)))
    assert "and 20 more: --format json shows them" in plain(metadata_table(found))
    assert len(json.loads(metadata_json(found))["files"][0]["properties"]["tensor"]) == 40


def test_no_path_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["metadata"]) == 4
    assert "PATH" in capsys.readouterr().err
