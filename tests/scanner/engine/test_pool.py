"""A file that hangs, takes all memory or kills who reads it costs that file; everything else is in the report."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from modelwarden.domain.budget import Limits
from modelwarden.domain.report import Coverage, Report
from modelwarden.domain.settings import Settings
from modelwarden.engine import pool as product
from modelwarden.engine.scan import scan
from modelwarden.engine.verdict import verdict
from modelwarden.engine.worker import read_settings, settings_line
from tests.scanner.engine.conftest import EVIL

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "corpus"
GUARD = 120
"""Seconds after which a test that hangs is given up."""
PATIENCE = 4.0
"""Seconds for a file: enough, on a busy machine too, for all but the one that takes for ever."""
NO_SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")


def read(report: Report) -> dict[str, tuple[Coverage, list[str], list[str]]]:
    """For every file how far it was read, the rules of its findings and of its notes."""
    return {
        os.path.basename(file.path): (
            file.coverage,
            [one.rule.id for one in report.findings if one.path.file == file.path],
            [one.rule.id for one in report.notes if one.path.file == file.path],
        )
        for file in report.files
    }


A_AND_C: dict[str, tuple[Coverage, list[str], list[str]]] = {
    "a-evil.pkl": (Coverage.COMPLETE, ["MW101"], []),
    "c-good.pkl.gz": (Coverage.COMPLETE, [], []),
}


def test_the_report_is_the_same_whoever_scans() -> None:
    paths = [str(CORPUS / "malicious" / name) for name in ("dangerous-call", "polyglot", "malformed")]
    reports = [scan(paths, Settings(jobs=jobs, hashing=True)) for jobs in (1, 2, 5)]
    assert len(reports[0].files) > 10
    assert reports[0] == reports[1] == reports[2]


@pytest.mark.parametrize("jobs", [1, 2])
@NO_SIGNALS
def test_time_runs_out_for_one_file_alone(tree: Path, jobs: int) -> None:
    report = scan([str(tree)], Settings(jobs=jobs, timeout=PATIENCE))
    assert read(report) == A_AND_C | {"b-hard.zip": (Coverage.PARTIAL, ["MW101"], ["MW902"])}
    assert [note.message for note in report.notes] == [
        f"it took longer than {PATIENCE:g} s: the rest was not read"
    ]
    assert verdict(report, Settings()) == 1
    assert verdict(report, Settings(fail_on=None)) == 2


def test_in_another_thread_a_worker_keeps_the_time(tree: Path) -> None:
    reports: list[Report] = []
    thread = threading.Thread(target=lambda: reports.append(scan([str(tree)], Settings(timeout=PATIENCE))))
    thread.start()
    thread.join(GUARD)
    assert read(reports[0]) == A_AND_C | {"b-hard.zip": (Coverage.PARTIAL, ["MW101"], ["MW902"])}


def when_it_has_found_something(pool: product.Pool, act: Callable[[int], None]) -> threading.Thread:
    """Do something to the process that is at `b-hard.zip`, once it has told of the first member."""

    def watch() -> None:
        end = time.monotonic() + GUARD
        while time.monotonic() < end:
            for worker in list(pool._workers):
                if worker.tasks and worker.tasks[0].target.path.endswith("b-hard.zip") and worker._findings:
                    act(worker._process.pid)
                    return
            time.sleep(0.02)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


@pytest.fixture
def meddle(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], None]], None]:
    """Give the next scan's worker a hard time."""

    def prepare(act: Callable[[int], None]) -> None:
        class Meddled(product.Pool):
            def __init__(self, count: int, settings: Settings) -> None:
                super().__init__(count, settings)
                when_it_has_found_something(self, act)

        monkeypatch.setattr(product, "Pool", Meddled)

    return prepare


@NO_SIGNALS
def test_a_worker_that_is_killed_costs_one_file(
    tree: Path, meddle: Callable[[Callable[[int], None]], None]
) -> None:
    meddle(lambda pid: os.kill(pid, signal.SIGKILL))
    report = scan([str(tree)], Settings(jobs=2, timeout=GUARD))
    assert read(report) == A_AND_C | {"b-hard.zip": (Coverage.PARTIAL, ["MW101"], ["MW905"])}
    assert "killed" in report.notes[0].message
    assert verdict(report, Settings(fail_on=None)) == 2


@NO_SIGNALS
def test_a_worker_that_crashes_costs_one_file(
    tree: Path, meddle: Callable[[Callable[[int], None]], None]
) -> None:
    meddle(lambda pid: os.kill(pid, signal.SIGSEGV))
    report = scan([str(tree)], Settings(jobs=2, timeout=GUARD))
    assert read(report) == A_AND_C | {"b-hard.zip": (Coverage.PARTIAL, ["MW101"], ["MW905"])}
    assert f"signal {signal.SIGSEGV.value}" in report.notes[0].message


@NO_SIGNALS
def test_a_worker_that_does_not_mind_its_deadline_is_ended(
    tree: Path, meddle: Callable[[Callable[[int], None]], None]
) -> None:
    meddle(lambda pid: os.kill(pid, signal.SIGSTOP))
    report = scan([str(tree)], Settings(jobs=2, timeout=PATIENCE))
    assert read(report) == A_AND_C | {"b-hard.zip": (Coverage.PARTIAL, ["MW101"], ["MW902"])}


@NO_SIGNALS
def test_what_waits_behind_a_file_that_kills_is_scanned_by_others(
    tree: Path, meddle: Callable[[Callable[[int], None]], None]
) -> None:
    for number in range(40):
        (tree / f"d-{number}.pkl").write_bytes(b"\x80\x02}.")
    meddle(lambda pid: os.kill(pid, signal.SIGKILL))
    report = scan([str(tree)], Settings(jobs=2, timeout=GUARD))
    assert [one for one in read(report).values() if one[0] is not Coverage.COMPLETE] == [
        (Coverage.PARTIAL, ["MW101"], ["MW905"])
    ]
    assert len(report.files) == 43


def test_a_worker_has_the_same_settings() -> None:
    """But for what concerns only the parent. A new setting that JSON cannot say shows here."""
    settings = Settings(
        blacklist=("a\udcff",), allowed=("b",), denied=("c.*",), without=("xml",), suffixes=((".x", "pickle"),),
        hashing=True, skip_unsupported=True, timeout=1.5, memory=7, limits=Limits(members=3),
    )  # fmt: skip
    assert read_settings(settings_line(settings)) == settings


# -- workers that lie ------------------------------------------------------------------------------------------------

REPORTED = """
import sys, time
sys.stdin.buffer.readline()
print("r", flush=True)
sys.stdin.buffer.readline()
print({line!r}, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize(
    "line",
    [
        "no such message",
        "f[]",
        'd[["/etc/passwd",1,"complete",[],"",""],[],[],false]',
        "d" + "[" * 50_000,
        "r",
    ],
    ids=["nonsense", "empty", "another file", "nested", "twice"],
)
def test_a_worker_that_hostile_bytes_have_taken_over_lies_about_one_file_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    (tmp_path / "one.pkl").write_bytes(b"\x80\x02}.")
    monkeypatch.setattr(product, "_BEGIN", REPORTED.format(line=line))
    report = scan([str(tmp_path)], Settings(jobs=2))
    assert read(report) == {"one.pkl": (Coverage.FAILED, [], ["MW905"])}


@pytest.mark.parametrize("program", ["import sys; sys.exit(3)", "print('hello')"])
def test_where_no_worker_can_be_started_everything_is_scanned_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    for name in "abc":
        (tmp_path / f"{name}.pkl").write_bytes(EVIL)
    monkeypatch.setattr(product, "_BEGIN", program)
    report = scan([str(tmp_path)], Settings(jobs=2))
    assert list(read(report).values()) == [(Coverage.COMPLETE, ["MW101"], [])] * 3


def test_a_module_in_the_scanned_directory_is_not_imported(tmp_path: Path) -> None:
    """The worker is a Python that is started anew, and what lies in the current directory may be a model somebody sent."""
    (tmp_path / "json.py").write_text("open('run', 'w')")
    (tmp_path / "a.pkl").write_bytes(b"\x80\x02}.")
    code = "import sys; from modelwarden.cli import run; sys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-P", "-c", code, "-j2", "a.pkl", "json.py"]
    places = os.pathsep.join(place for place in sys.path if place)
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": places}, capture_output=True, timeout=GUARD
    )
    assert done.returncode in (0, 2), done.stderr
    assert sorted(os.listdir(tmp_path)) == ["a.pkl", "json.py"]


# -- memory, and the real thing ---------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such limit")
@pytest.mark.parametrize("jobs", [1, 2])
def test_memory_runs_out_for_one_file_alone(tmp_path: Path, jobs: int) -> None:
    (tmp_path / "a.pkl").write_bytes(EVIL)
    texts = b"".join(b"\x8c\x20%032d\x94" % number for number in range(500_000))
    (tmp_path / "b.pkl").write_bytes(b"\x80\x04cos\nsystem\n(S'echo hi'\ntR(" + texts + b"l.")
    command = [sys.executable, "-m", "modelwarden", str(tmp_path), f"-j{jobs}", "-f", "json"]
    command += ["--max-memory", "32MiB", "--limit", "pickle_memory=8GiB"]
    done = subprocess.run(command, capture_output=True, timeout=GUARD)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert [file["coverage"] for file in report["files"]] == ["complete", "partial"]
    assert [os.path.basename(one["file"]) for one in report["findings"]] == ["a.pkl", "b.pkl"]
    assert [(note["rule"], "memory" in note["message"]) for note in report["notes"]] == [("MW902", True)]


def test_a_memo_bomb_ends_at_the_pickle_machines_own_limit(tmp_path: Path) -> None:
    doubled = b"\x80\x04\x8c\x01x\x94" + b"h\x00" * 3_000_000 + b"cos\nsystem\n(S'echo hi'\ntR."
    (tmp_path / "a.pkl").write_bytes(doubled)
    report = scan([str(tmp_path)], Settings(jobs=2, limits=Limits(pickle_memory=1 << 20)))
    assert read(report)["a.pkl"][2] == ["MW902"]


def test_a_decompression_bomb_ends_at_a_limit(tmp_path: Path, hard: Path) -> None:
    (tmp_path / "bomb.zip").write_bytes(hard.read_bytes())
    (tmp_path / "good.pkl").write_bytes(b"\x80\x02}.")
    report = scan([str(tmp_path)], Settings(jobs=2, limits=Limits(expanded_bytes=3 << 20)))
    found = read(report)
    assert found["good.pkl"] == (Coverage.COMPLETE, [], [])
    assert "MW902" in found["bomb.zip"][2]


@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="the HDF5 library is read in another process where there is fork"
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_crashes_the_hdf5_library(tmp_path: Path, jobs: int) -> None:
    (tmp_path / "crash.h5").write_bytes((HERE / "hostile" / "crash.h5").read_bytes())
    (tmp_path / "good.pkl").write_bytes(b"\x80\x02}.")
    found = read(scan([str(tmp_path)], Settings(jobs=jobs)))
    assert found["good.pkl"] == (Coverage.COMPLETE, [], [])
    assert found["crash.h5"][2] == ["MW904"]


@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="the HDF5 library is read in another process where there is fork"
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_the_hdf5_library_never_ends_with(tmp_path: Path, jobs: int) -> None:
    (tmp_path / "hang.h5").write_bytes((HERE / "hostile" / "hang.h5").read_bytes())
    (tmp_path / "pickle.pkl").write_bytes(b"\x80\x02}.")
    found = read(scan([str(tmp_path)], Settings(jobs=jobs, timeout=PATIENCE)))
    assert found["pickle.pkl"] == (Coverage.COMPLETE, [], [])
    assert found["hang.h5"][2] == ["MW902"]
