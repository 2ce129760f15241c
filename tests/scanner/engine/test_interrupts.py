"""Ctrl-C and SIGTERM, sent to the real command while it is at a file that takes for ever."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="other systems have other signals")

GUARD = 120
TOLD = """
import subprocess, sys
import modelwarden.job as job
from modelwarden.cli import run
from modelwarden.reports.progress import Progress

class Told(Progress):
    def done(self, file):
        super().done(file)
        print("done", self.files_done, file=sys.stderr, flush=True)

job.progress = lambda **_: Told()
begin = subprocess.Popen.__init__

def heard(self, command, **options):
    begin(self, command, **options)
    print("process", self.pid, file=sys.stderr, flush=True)

subprocess.Popen.__init__ = heard
sys.exit(run(sys.argv[1:]))
"""
"""The command, with news on stderr: each file that is done, each process that is started."""


class Command:
    """A running command, and what it has told so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.workers: list[int] = []
        self.done = 0
        self.rest = ""

    def wait_for(self, files: int, workers: int) -> None:
        """Read on until so much is done."""
        assert self.process.stderr is not None
        while self.done < files or len(self.workers) < workers:
            line = self.process.stderr.readline()
            assert line, "it ended too early"
            word, _, number = line.partition(" ")
            if word == "done":
                self.done += 1
            elif word == "process":
                self.workers.append(int(number))

    def end(self) -> tuple[int, str, str]:
        """Exit code, stdout and the rest of stderr."""
        out, error = self.process.communicate(timeout=GUARD)
        return self.process.returncode, out, error


@contextmanager
def running(*arguments: str | Path) -> Iterator[Command]:
    command = [sys.executable, "-c", TOLD, *map(str, arguments)]
    places = os.pathsep.join(place for place in sys.path if place)
    process = subprocess.Popen(
        command,
        env=os.environ | {"PYTHONPATH": places},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        with process:
            yield Command(process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()


def gone(pid: int) -> bool:
    """Whether a process is no more, or waits for nothing but its burial."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="utf-8") as status:
            return status.read().rpartition(")")[2].split()[0] in "ZX"
    except (ProcessLookupError, FileNotFoundError):
        return True


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(("jobs", "first"), [(1, 1), (2, 2)])
def test_what_was_done_is_reported(
    tree: Path, tmp_path: Path, number: signal.Signals, code: int, jobs: int, first: int
) -> None:
    out = tmp_path / "report.json"
    with running(tree, f"-j{jobs}", "-f", f"json:{out}", "-f", "sarif", "-t", "600") as command:
        command.wait_for(files=first, workers=0 if jobs == 1 else 2)
        time.sleep(0.3)  # it is well into the hard one; nothing depends on how far
        command.process.send_signal(number)
        ended, sarif, told = command.end()
    assert ended == code
    assert "Traceback" not in told
    assert "Interrupted" in told
    assert ("1 file was not looked at" in " ".join(told.split())) is (jobs == 1)
    report = json.loads(out.read_text())
    assert report["summary"]["interrupted"] is True
    assert report["summary"]["exit_code"] == code
    assert report["summary"]["complete"] is False
    assert {os.path.basename(one["file"]) for one in report["findings"]} >= {"a-evil.pkl"}
    notes = [(os.path.basename(note["file"]), note["rule"]) for note in report["notes"]]
    assert notes == [("b-hard.zip", "MW901")]
    assert json.loads(sarif)["runs"][0]["invocations"][0]["exitCode"] == code
    assert sorted(os.listdir(tmp_path)) == ["report.json", "tree"]
    assert all(gone(pid) for pid in command.workers)


def test_workers_do_not_outlive_a_parent_that_is_killed(tree: Path) -> None:
    with running(tree, "-j2", "-t", "600") as command:
        command.wait_for(files=2, workers=2)
        command.process.kill()
        command.end()
    end = time.monotonic() + GUARD
    while not all(gone(pid) for pid in command.workers):
        assert time.monotonic() < end
        time.sleep(0.05)


SLOW_REPORT = """
import sys, time
import modelwarden.reports.json as reports
from modelwarden.cli import run

def slow(*arguments, **options):
    print("ready", file=sys.stderr, flush=True)
    time.sleep(600)

reports.json_text = slow
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_after_the_scan_it_ends_at_once_and_leaves_the_old_report(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    (tmp_path / "a.pkl").write_bytes(b"\x80\x02}.")
    (tmp_path / "r.json").write_text("old")
    command = [
        sys.executable,
        "-c",
        SLOW_REPORT,
        str(tmp_path / "a.pkl"),
        "-f",
        f"json:{tmp_path / 'r.json'}",
    ]
    places = os.pathsep.join(place for place in sys.path if place)
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": places}, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "ready\n"
        process.send_signal(number)
        _, told = process.communicate(timeout=GUARD)
    assert (process.returncode, told.strip()) == (code, "modelwarden: interrupted")
    assert (tmp_path / "r.json").read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["a.pkl", "r.json"]


def test_a_full_disk_is_one_line_and_the_old_report_stays(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(b"cos\nsystem\n(S'echo hi'\ntR.")
    (tmp_path / "r.json").write_text("old")
    code = (
        "import resource, signal, sys; from modelwarden.cli import run;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)); sys.exit(run(sys.argv[1:]))"
    )
    command = [sys.executable, "-B", "-c", code, str(tmp_path / "a.pkl"), "-f", f"json:{tmp_path / 'r.json'}"]
    places = os.pathsep.join(place for place in sys.path if place)
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": places}, capture_output=True, encoding="utf-8", timeout=GUARD
    )
    assert done.returncode == 4
    assert done.stderr.startswith("modelwarden: cannot write ")
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "r.json").read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["a.pkl", "r.json"]


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(b"cos\nsystem\n(S'echo hi'\ntR.")
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "modelwarden", str(tmp_path / "a.pkl")]
    places = os.pathsep.join(place for place in sys.path if place)
    for out, err in ((writer, subprocess.PIPE), (subprocess.PIPE, writer)):
        more = ["-f", "json", "--annotations"] if err == writer else []
        done = subprocess.run(
            command + more,
            env=os.environ | {"PYTHONPATH": places},
            stdout=out,
            stderr=err,
            encoding="utf-8",
            timeout=GUARD,
        )
        assert done.returncode == 1
        assert "Traceback" not in (done.stdout or "") + (done.stderr or "")
    os.close(writer)


TWICE = TOLD.replace(
    "job.progress =", "import time\njob.text = lambda *_, **__: time.sleep(600)\njob.progress ="
)


def test_the_second_ctrl_c_ends_what_the_first_began(tree: Path, tmp_path: Path) -> None:
    """Which is the writing of the report; here that takes for ever."""
    ready = "print('ready', file=sys.stderr, flush=True) or time.sleep(600)"
    code = TWICE.replace("time.sleep(600)", ready)
    command = [sys.executable, "-c", code, str(tree), "-j1", "-t", "600"]
    places = os.pathsep.join(place for place in sys.path if place)
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": places}, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "done 1\n"
        process.send_signal(signal.SIGINT)
        while (line := process.stderr.readline()) != "ready\n":
            assert line == "done 2\n"  # the file that was in hand, if there was one
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=GUARD)
    assert (process.returncode, told.strip()) == (130, "modelwarden: interrupted")
