"""How far a scan is: for people at a terminal, for logs, for nobody."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelwarden.domain.report import Coverage, ScannedFile
from modelwarden.reports import progress as product
from modelwarden.reports.progress import LogProgress, Progress, TerminalProgress, progress


def scanned(path: str = "a.pkl", size: int = 1 << 20) -> ScannedFile:
    return ScannedFile(path=path, size=size, coverage=Coverage.COMPLETE)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_to_those_who_do_not_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert type(progress(asked=False, quiet=False)) is Progress
    assert type(progress(asked=True, quiet=False)) is LogProgress
    assert type(progress(asked=True, quiet=True)) is Progress
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    assert type(progress(asked=False, quiet=False)) is TerminalProgress
    assert type(progress(asked=False, quiet=True)) is Progress
    monkeypatch.setenv("TERM", "dumb")
    assert type(progress(asked=False, quiet=False)) is Progress
    monkeypatch.setattr(sys, "stderr", None)
    assert type(progress(asked=True, quiet=False)) is Progress


def test_the_line_says_files_bytes_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("modelwarden.reports.progress.time.monotonic", lambda: now)
    shown = Progress()
    shown.begin(1_200, 300 << 20)
    assert shown.line() == "0 of 1,200 files, 0 B of 300.0 MiB, 0 B/s"
    now = 102.0
    shown.done(scanned())
    assert shown.line() == "1 of 1,200 files, 1.0 MiB of 300.0 MiB, 512.0 KiB/s, 9 min 58 s left"
    shown.done(scanned(size=299 << 20))
    assert shown.line() == "2 of 1,200 files, 300.0 MiB of 300.0 MiB, 150.0 MiB/s"


def test_a_log_gets_a_line_now_and_then(capfd: pytest.CaptureFixture[str]) -> None:
    with LogProgress(every=0.01) as shown:
        shown.begin(3, 10)
        told = ""
        while told.count("\n") < 2:
            told += capfd.readouterr().err
    assert told.startswith("modelwarden: 0 of 3 files, 0 B of 10 B, 0 B/s\n")


def test_a_terminal_gets_a_bar_without_anything_a_name_could_do(
    monkeypatch: pytest.MonkeyPatch, hostile: str
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(product, "_PATIENCE", -1.0)
    with TerminalProgress() as shown:
        shown.begin(2, 2 << 20)
        shown.done(scanned(path=f"x/{hostile}[red]"))
    told = terminal.getvalue()
    assert "1/2 files" in told
    assert "\x1b]0;" not in told
    assert "\x07" not in told
    assert not any(character in told for character in "\u202e\u2066\u2028\x85\x9b\udce9")


def test_a_short_scan_shows_nothing_and_does_not_load_rich(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(b"\x80\x02}.")
    code = (
        "import sys; from modelwarden.reports.progress import TerminalProgress; import modelwarden.job as job;"
        "job.progress = lambda **_: TerminalProgress(); from modelwarden.cli import run;"
        "code = run(sys.argv[1:]); assert 'rich' not in sys.modules; sys.exit(code)"
    )
    places = os.pathsep.join(place for place in sys.path if place)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": places},
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
