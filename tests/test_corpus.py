"""The sample models, through the real engine: the harmless are silent, each hostile one fires the rule its folder names."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.report import Report
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.engine.scan import scan
from modelwarden.engine.verdict import verdict
from modelwarden.policies import CATALOGUE
from tests.corpus.make import ASSEMBLED, MAKERS

CORPUS = Path(__file__).parent / "corpus"
BENIGN = sorted(path for path in (CORPUS / "benign").rglob("*") if path.is_file())
MALICIOUS = sorted(path for path in (CORPUS / "malicious").rglob("*") if path.is_file())
SETTINGS = Settings(min_severity=Severity.DEBUG)


def name(path: Path) -> str:
    """A readable test id."""
    return path.relative_to(CORPUS).as_posix()


def outcome(report: Report) -> list[str]:
    """What the report says, one line each, so that a failing assertion shows it."""
    findings = [f"{finding.rule.id} {finding.rule.name}: {finding.subject}" for finding in report.findings]
    return findings + [f"{note.rule.id} {note.rule.name}: {note.message}" for note in report.notes]


@pytest.mark.parametrize("path", BENIGN, ids=name)
def test_harmless_samples_are_read_to_the_end_and_raise_no_warning(path: Path) -> None:
    report = scan([str(path)], SETTINGS)
    loud = [finding for finding in report.findings if finding.rule.severity >= Severity.WARNING]
    assert not loud, outcome(report)
    assert report.complete, outcome(report)
    assert len(report.files) == 1
    assert report.files[0].formats
    assert verdict(report, SETTINGS) == 0


@pytest.mark.parametrize("path", MALICIOUS, ids=name)
def test_hostile_samples_fire_the_rule_of_their_folder(path: Path) -> None:
    report = scan([str(path)], SETTINGS)
    wanted = path.relative_to(CORPUS / "malicious").parts[0]
    fired = {finding.rule.name for finding in report.findings} | {note.rule.name for note in report.notes}
    assert wanted in fired, outcome(report)


@pytest.mark.parametrize("path", MALICIOUS, ids=name)
def test_hostile_samples_never_end_with_exit_code_0(path: Path) -> None:
    rule = next(
        rule for rule in CATALOGUE.values() if rule.name == path.relative_to(CORPUS / "malicious").parts[0]
    )
    settings = Settings(fail_on=min(Severity.WARNING, rule.severity))
    assert verdict(scan([str(path)], settings), settings) in ({1, 2} if rule.is_coverage else {1})


def test_the_whole_corpus_in_one_run_finds_what_the_files_do_alone() -> None:
    together = scan([str(CORPUS / "benign"), str(CORPUS / "malicious")], SETTINGS)
    alone = [scan([str(path)], SETTINGS) for path in (*BENIGN, *MALICIOUS)]
    # Only a pointer that is named is followed; in a directory what it stands for is scanned as the file it is.
    findings = [one for report in alone for one in report.findings if not _is_followed(one.path)]
    notes = [one for report in alone for one in report.notes if not _is_followed(one.path)]
    assert len(together.findings) == len(findings)
    assert len(together.notes) == len(notes)


def _is_followed(path: ArtifactPath) -> bool:
    return path.file.endswith(".dvc") and bool(path.members)


def test_the_assembled_samples_are_what_their_script_makes(tmp_path: Path) -> None:
    maker = [sys.executable, "-m", "tests.corpus.make", "--assembled", str(tmp_path)]
    subprocess.run(maker, check=True, cwd=CORPUS.parent.parent)
    made = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert made
    for path in made:
        assert (CORPUS / path.relative_to(tmp_path)).read_bytes() == path.read_bytes(), path.name


def test_every_sample_is_small() -> None:
    assert [path for path in (*BENIGN, *MALICIOUS) if path.stat().st_size > 64 << 10] == []


def test_every_maker_belongs_to_one_environment_that_has_what_it_imports() -> None:
    registered = [maker for makers in MAKERS.values() for maker in makers]
    there = {path.stem for path in CORPUS.glob("*.py") if path.stem.startswith(("benign_", "malicious_"))}
    assert sorted(registered) == sorted(there)
    assert set(ASSEMBLED) <= set(registered)
    for requirements, makers in MAKERS.items():
        lines = (CORPUS / requirements).read_text(encoding="utf-8").splitlines()
        pinned = {line.partition("==")[0].lower() for line in lines if "==" in line}
        for maker in makers:
            wanted = {PACKAGES.get(module, module) for module in _imported(maker)}
            assert wanted - sys.stdlib_module_names - {"tests"} <= pinned, maker


PACKAGES = {
    "google": "protobuf",
    "hydra": "hydra-core",
    "orbax": "orbax-checkpoint",
    "sklearn": "scikit-learn",
    "xgboost": "xgboost-cpu",
    "yaml": "pyyaml",
}
"""Distributions that are not called what they are imported as."""


def _imported(maker: str) -> set[str]:
    """The packages that a maker names in its imports, at the top or inside a function."""
    tree = ast.parse((CORPUS / f"{maker}.py").read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def test_every_maker_is_described() -> None:
    described = set(
        re.findall(r"^\| `(\w+)\.py` \|", (CORPUS / "README.md").read_text(encoding="utf-8"), re.M)
    )
    assert {maker for makers in MAKERS.values() for maker in makers} <= described
