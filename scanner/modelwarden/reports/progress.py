"""How far a long scan is, on stderr: a bar on a terminal, plain lines in a log. Of a short scan nothing is shown.

rich is imported when there is something to show, in the main thread and between two files: the HDF5 reader forks, and nothing
may be half imported then.
"""

import os
import sys
import time
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from modelwarden.domain.report import ScannedFile
from modelwarden.engine.watch import Watch
from modelwarden.reports.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE: Final = 1.0
_LARGE: Final = 256 << 20
"""Bytes ahead from which on a scan will certainly not be over in a moment."""
_EVERY: Final = 5.0
_NAME: Final = 40
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB")


class Progress(Watch):
    """What both displays know. A context, which ends the display."""

    def __init__(self) -> None:
        self.files = 0
        self.size = 0
        self.files_done = 0
        self.size_done = 0
        self.started = time.monotonic()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def begin(self, files: int, size: int) -> None:
        self.files = files
        self.size = size
        self.started = time.monotonic()

    def done(self, file: ScannedFile) -> None:
        self.files_done += 1
        self.size_done += file.size

    def end(self) -> None:
        """Nothing more is shown."""

    def line(self) -> str:
        """Where things stand, in words."""
        passed = max(time.monotonic() - self.started, 0.001)
        parts = [
            f"{self.files_done:,} of {self.files:,} files",
            f"{_amount(self.size_done)} of {_amount(self.size)}",
            f"{_amount(self.size_done / passed)}/s",
        ]
        if 0 < self.size_done < self.size:
            parts.append(f"{_duration(passed * (self.size - self.size_done) / self.size_done)} left")
        return ", ".join(parts)


class TerminalProgress(Progress):
    """A bar that goes away when the scan is over."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Bar | None = None

    def begin(self, files: int, size: int) -> None:
        super().begin(files, size)
        if size >= _LARGE:
            self._show("")

    def done(self, file: ScannedFile) -> None:
        super().done(file)
        if self._bar is not None or time.monotonic() - self.started > _PATIENCE:
            self._show(file.path)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show(self, path: str) -> None:
        if self._bar is None:
            self._bar = _bar(self.size)
        name = visible(path.replace("\\", "/").rpartition("/")[2], _NAME)
        self._bar.update(
            self._bar.task_ids[0],
            completed=self.size_done,
            files=f"{self.files_done:,}/{self.files:,} files",
            name=name,
        )


class LogProgress(Progress):
    """A line every few seconds, from a thread of its own: one file may take minutes."""

    def __init__(self, every: float = _EVERY) -> None:
        super().__init__()
        self._every = every
        self._over = Event()
        self._thread: Thread | None = None

    def begin(self, files: int, size: int) -> None:
        super().begin(files, size)
        self._thread = Thread(target=self._tell, name="progress", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _tell(self) -> None:
        while not self._over.wait(self._every):
            try:
                # Not through sys.stderr: its lock must not be held when the HDF5 reader forks.
                os.write(2, f"modelwarden: {self.line()}\n".encode())
            except OSError:
                return  # nobody reads it any more


def progress(*, asked: bool, quiet: bool) -> Progress:
    """The display that fits: `asked` for with `--progress`, or merely welcome."""
    if quiet or sys.stderr is None:
        return Progress()
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return TerminalProgress()
    return LogProgress() if asked else Progress()


def _bar(size: int) -> "Bar":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.fields[files]}", markup=False),
        BarColumn(),
        DownloadColumn(binary_units=True),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task("", total=size, files="", name="")
    bar.start()
    return bar


def _amount(size: float) -> str:
    for unit in _UNITS:
        if size < 1024 or unit == _UNITS[-1]:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return ""


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
