"""Model cards and licences are no models: they are read for what they say, and count as skipped."""

from pathlib import Path

import pytest

from modelwarden.domain.report import Coverage, Report
from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan
from modelwarden.engine.verdict import verdict

CORPUS = Path(__file__).parents[2] / "corpus"
CARD = "---\nlicense: agpl-3.0\n---\n# A model\n"
GPL = "GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A directory with a model."""
    (tmp_path / "model.safetensors").write_bytes(
        (CORPUS / "benign/safetensors/numpy.safetensors").read_bytes()
    )
    return tmp_path


def rules(report: Report) -> list[tuple[str, str]]:
    return [(one.rule.id, Path(one.path.file).name) for one in report.findings]


def test_a_card_is_read_and_counts_as_skipped(model: Path) -> None:
    (model / "README.md").write_text(CARD, encoding="utf-8")
    report = scan([str(model)], Settings())
    assert rules(report) == [("MW504", "README.md")]
    assert {Path(file.path).name: file.coverage for file in report.files} == {
        "README.md": Coverage.UNSUPPORTED, "model.safetensors": Coverage.COMPLETE,
    }  # fmt: skip
    assert verdict(report, Settings()) == 0


def test_a_card_alone_is_no_supported_file(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    report = scan([str(tmp_path)], Settings())
    assert report.files[0].properties == (("", "card", "model"), ("", "licence", "mit"))
    assert verdict(report, Settings()) == 3


@pytest.mark.parametrize("name", ["LICENSE", "LICENCE.txt", "license.md", "COPYING", "LICENSE-GPL"])
def test_a_licence_beside_a_model_is_judged(model: Path, name: str) -> None:
    (model / name).write_text(GPL, encoding="utf-8")
    assert rules(scan([str(model)], Settings())) == [("MW504", name)]


@pytest.mark.parametrize("name", ["LICENSE", "COPYING"])
def test_a_licence_of_something_else_is_kept_and_not_judged(tmp_path: Path, name: str) -> None:
    (tmp_path / "setup.py").write_text("pass", encoding="utf-8")
    (tmp_path / name).write_text(GPL, encoding="utf-8")
    report = scan([str(tmp_path)], Settings())
    assert report.findings == ()
    assert ("", "licence", "GPL-3.0") in next(
        file for file in report.files if file.path.endswith(name)
    ).properties


@pytest.mark.parametrize(
    "name", ["license.py", "licenses.json", "LICENSING", "READMEFIRST", "readme.txt", "copyright"]
)
def test_other_names_are_not_looked_at(model: Path, name: str) -> None:
    (model / name).write_text(f"{CARD}\n{GPL}", encoding="utf-8")
    assert rules(scan([str(model)], Settings())) == []


def test_ordinary_read_mes_are_silent(model: Path) -> None:
    (model / "README.md").write_text("# Project\n\nLicensed under AGPL-3.0.\n", encoding="utf-8")
    report = scan([str(model)], Settings())
    assert report.findings == ()
    assert report.files[0].properties == ()


def test_the_cache_gives_the_same(model: Path) -> None:
    (model / "README.md").write_text(CARD, encoding="utf-8")
    (model / "LICENSE").write_text(GPL, encoding="utf-8")
    for describe in (False, True):
        settings = Settings(cache_dir=str(model.parent / f"{model.name}-cache"), describe=describe)
        first, second = scan([str(model)], settings), scan([str(model)], settings)
        assert first == second
        assert (
            bool([one for file in first.files for one in file.properties if one[1] == "tensors"]) is describe
        )


def test_workers_give_the_same(model: Path) -> None:
    (model / "README.md").write_text(CARD, encoding="utf-8")
    assert (
        scan([str(model)], Settings(describe=True, jobs=2)).files
        == scan([str(model)], Settings(describe=True)).files
    )


def test_no_more_is_kept_than_is_allowed(tmp_path: Path) -> None:
    import json
    import struct

    tensors = {f"t{index}": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]} for index in range(3000)}
    header = json.dumps(
        {"__metadata__": {f"k{index}": "v" * 5000 for index in range(500)}, **tensors}
    ).encode()
    path = tmp_path / "many.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    properties = scan([str(path)], Settings(describe=True)).files[0].properties
    assert len(properties) < 1000
    assert ("", "tensors", "3000") in properties
    assert all(len(value) <= 2000 for _, _, value in properties)
