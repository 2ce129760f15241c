"""`modelwarden.scan` does what the command does, for programs."""

import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

import modelwarden
from modelwarden import Report, Settings, Severity, UserError

EVIL = b"cos\nsystem\n(S'echo hi'\ntR."
UNKNOWN = b"cmypkg.layers\nbuild\n(tR."
SCRIPT = """
import modelwarden
report = modelwarden.scan("models", modelwarden.Settings(jobs=2))
print(len(report.files), len(report.findings), report.complete)
"""


@pytest.fixture
def models(tmp_path: Path) -> Path:
    place = tmp_path / "models"
    place.mkdir()
    for number in range(4):
        (place / f"{number}.pkl").write_bytes(EVIL)
    return place


def test_one_path_or_several_of_either_kind(models: Path) -> None:
    whole = modelwarden.scan(str(models))
    assert len(whole.findings) == 4
    assert modelwarden.scan(models) == whole
    assert modelwarden.scan([models]) == whole
    parts = modelwarden.scan((models / "0.pkl", str(models / "1.pkl")))
    assert [file.path for file in parts.files] == [str(models / "0.pkl"), str(models / "1.pkl")]
    with pytest.raises(UserError, match="nowhere"):
        modelwarden.scan(models / "nowhere")


def test_findings_can_be_told_apart(models: Path) -> None:
    (finding,) = modelwarden.scan(models / "0.pkl").findings
    assert len(finding.fingerprint) == 64


def test_ratings_and_allowed_names_count(tmp_path: Path) -> None:
    (tmp_path / "m.pkl").write_bytes(UNKNOWN)
    (before,) = modelwarden.scan(tmp_path).findings
    assert before.rule.severity is Severity.WARNING
    (rated,) = modelwarden.scan(tmp_path, Settings(ratings=((before.rule.id, Severity.CRITICAL),))).findings
    assert rated.rule.severity is Severity.CRITICAL
    (allowed,) = modelwarden.scan(tmp_path, Settings(allowed=("mypkg.*",))).findings
    assert allowed.suppression is not None


def test_a_script_needs_no_main_guard(models: Path) -> None:
    script = models.parent / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    for arguments in ([str(script)], ["-c", SCRIPT]):
        ran = subprocess.run(
            [sys.executable, *arguments], cwd=models.parent, capture_output=True, text=True, check=True
        )
        assert (ran.stdout, ran.stderr) == ("4 4 True\n", "")


@pytest.mark.parametrize("jobs", [None, 1, 2])
def test_it_works_in_a_thread(models: Path, jobs: int | None) -> None:
    reports: list[Report] = []
    thread = Thread(target=lambda: reports.append(modelwarden.scan(models, Settings(jobs=jobs))))
    thread.start()
    thread.join()
    assert reports == [modelwarden.scan(models)]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (Settings(exclude="*.pt"), "exclude: a sequence of texts"),  # type: ignore[arg-type]  # what a program may get wrong
        (Settings(timeout=-1), "timeout"),
        (Settings(jobs=0), "jobs"),
        (Settings(without=("zz",)), "there is no format zz"),
        (Settings(ratings=(("MW999", Severity.INFO),)), "there is no rule MW999"),
    ],
)
def test_settings_that_mean_nothing_are_refused(models: Path, settings: Settings, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        modelwarden.scan(models, settings)


def test_no_path_is_no_clean_report() -> None:
    with pytest.raises(UserError, match="no path was given"):
        modelwarden.scan([])
