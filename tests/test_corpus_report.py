"""The report on the sample models: counts by technique and by library, of each scanner's own command."""

import shutil
import sys
from pathlib import Path

import pytest
from scripts import corpus_report
from scripts.corpus_report import Scanner

CORPUS = Path(__file__).parent / "corpus"
SAMPLES = {
    "malicious": (
        "dangerous-call/os-system.pkl",
        "dangerous-call/streams/number-2.pkl",
        "malformed/empty.pkl",
    ),
    "benign": ("stdlib/two-streams.pkl", "archive/plain.zip"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few of the sample models."""
    for kind, names in SAMPLES.items():
        for name in names:
            target = tmp_path / "samples" / kind / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CORPUS / kind / name, target)
    return tmp_path / "samples"


@pytest.fixture(autouse=True)
def without_peers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PICKLESCAN", "MODELSCAN", "FICKLING", "MODELAUDIT"):
        monkeypatch.setenv(f"MODELWARDEN_PEER_{name}", str(tmp_path / "nowhere"))


def stand_in(name: str, exit_code: int) -> Scanner:
    """A scanner that says the same of every file."""
    return Scanner(
        name, (sys.executable, "-c", f"raise SystemExit({exit_code})"), lambda code, output: code == 1
    )


def lines(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """What was printed, as words."""
    return [line.split() for line in capsys.readouterr().out.splitlines() if line]


def test_counts_what_is_found_by_technique_and_alarms_by_library(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["corpus_report.py", str(folder)])
    corpus_report.main()
    assert lines(capsys) == [
        ["found,", "by", "technique", "files", "modelwarden"],
        ["dangerous-call", "1", "1", "(100%)"],
        ["dangerous-call/streams", "1", "1", "(100%)"],
        ["all", "2", "2", "(100%)"],
        ["false", "alarms,", "by", "library", "files", "modelwarden"],
        ["archive", "1", "0", "(", "0%)"],
        ["stdlib", "1", "0", "(", "0%)"],
        ["all", "2", "0", "(", "0%)"],
    ]


def test_each_scanner_has_a_column_and_only_what_it_says_it_found_counts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    peers = [stand_in("alarmist", 1), stand_in("crashing", 2)]
    corpus_report.report("malicious", "found", corpus_report.technique, folder, 1, peers)
    table = lines(capsys)
    assert table[0] == ["found", "files", "alarmist", "crashing"]
    assert table[-1] == ["all", "2", "2", "(100%)", "0", "(", "0%)"]


def test_every_takes_one_file_in_so_many(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus_report.report("benign", "alarms", corpus_report.library, folder, 2, [stand_in("alarmist", 1)])
    assert lines(capsys)[-1] == ["all", "1", "1", "(100%)"]


def test_a_peer_is_taken_from_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [scanner.name for scanner in corpus_report.scanners()] == ["modelwarden"]
    for place in ("bin/picklescan", "Scripts/picklescan.exe"):
        program = tmp_path / place
        program.parent.mkdir()
        program.touch(mode=0o755)
    monkeypatch.setenv("MODELWARDEN_PEER_PICKLESCAN", str(tmp_path))
    assert [scanner.name for scanner in corpus_report.scanners()] == ["modelwarden", "picklescan"]
