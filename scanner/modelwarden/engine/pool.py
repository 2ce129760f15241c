"""Scanning in worker processes: a file that crashes one, hangs or takes all memory costs that file and no other.

The pools that exist do not fit. `concurrent.futures` gives up when one worker dies; `multiprocessing` and pebble send pickles,
which a worker that hostile bytes have taken over could turn against the parent. A worker here is this interpreter started anew
(`worker`), the same on every system, and talks in lines that are checked (`parcel`).
"""

import os
import signal
import subprocess  # whoever needs workers imports this module late
import sys
import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Semaphore, Thread
from typing import IO, Final, TypeAlias

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.observation import Shortfall
from modelwarden.domain.report import Coverage, ScannedFile
from modelwarden.domain.settings import Settings
from modelwarden.engine.collect import order
from modelwarden.engine.deadline import too_long
from modelwarden.engine.here import INTERRUPTED
from modelwarden.engine.interrupts import Interrupted
from modelwarden.engine.parcel import LONGEST, unpack, unpack_finding, unpack_note
from modelwarden.engine.result import FileResult
from modelwarden.engine.task import Task
from modelwarden.engine.worker import DONE, FINDING, NOTE, READY, settings_line, task_line
from modelwarden.policies import CATALOGUE

_BEGIN: Final = "import sys; sys.path[:] = sys.argv[1:]; from modelwarden.engine.worker import main; main()"
_GRACE: Final = 1.0
"""Seconds after which a worker that has not minded its own deadline is killed."""
_STARTING: Final = 60.0
"""Seconds that a worker may take to start: machines can be slow, and the disk cold."""
_TICK: Final = 0.2
_AHEAD: Final = 16
_AHEAD_BYTES: Final = 1 << 20
"""Small files are handed out before the worker asks, this many and this much of them: nobody waits for a pipe."""
_WAITING: Final = 64
"""Lines of one worker that may wait for the parent."""
_MORE: Final = 100_000
"""Lines about one file, over its findings: nothing honest comes near."""
_WINDOW: Final = 1 << 16

Outcome: TypeAlias = tuple[Task, FileResult]


class Pool:
    """At most `count` workers. `run` once; it may be closed early, and leaves no process behind in any case."""

    def __init__(self, count: int, settings: Settings) -> None:
        self._count = count
        self._settings = settings
        self._workers: list[_Worker] = []
        self._messages: _Messages = SimpleQueue()
        self._again: deque[Task] = deque()
        self._failed_starts = 0

    def run(self, tasks: Iterator[Task]) -> Generator[Outcome]:
        """Every task with its result, as they are done. What remains in `tasks` at the end could not be given to any worker."""
        try:
            while self._feed(tasks):
                yield from self._next()
        except Interrupted:
            self._close()
            for worker in self._workers:
                if worker.tasks:
                    yield worker.tasks[0], worker.broken_off(Shortfall.UNSUPPORTED, INTERRUPTED)
            raise
        finally:
            self._close()

    @property
    def unable(self) -> bool:
        """Whether workers cannot be started here."""
        return self._failed_starts > self._count

    @property
    def left(self) -> Iterator[Task]:
        """Tasks that came back from workers that could not be started."""
        return iter(self._again)

    def _feed(self, tasks: Iterator[Task]) -> bool:
        """Hand out work. Returns whether there is any left that somebody is at."""
        if self.unable:
            return any(worker.tasks for worker in self._workers)
        for worker in list(self._workers):
            while worker.has_room():
                task = self._take(tasks)
                if task is None:
                    break
                worker.give(task)
        while len(self._workers) < self._count and not self.unable:
            task = self._take(tasks)
            if task is None:
                break
            try:
                worker = _Worker(self._settings, self._messages)
            except OSError:
                self._failed_starts += 1
                self._again.appendleft(task)
                continue
            self._workers.append(worker)
            worker.give(task)
        return any(worker.tasks for worker in self._workers)

    def _take(self, tasks: Iterator[Task]) -> Task | None:
        return self._again.popleft() if self._again else next(tasks, None)

    def _next(self) -> Iterator[Outcome]:
        """Wait for a line of a worker, or for one that is overdue."""
        with suppress(Empty):
            worker, line = self._messages.get(timeout=_TICK)
            if worker in self._workers:
                try:
                    yield from self._heard(worker, line)
                except ValueError:
                    yield from self._gone(worker, "its process sent what cannot be understood")
                worker.room.release()
        now = time.monotonic()
        for worker in [each for each in self._workers if each.overdue(now)]:
            if worker.ready:
                yield from self._lost(worker, Shortfall.LIMIT, too_long(self._settings.timeout))
            else:
                yield from self._gone(worker, "")

    def _heard(self, worker: "_Worker", line: bytes | None) -> Iterator[Outcome]:
        if line is None:
            yield from self._gone(worker, _ending(worker.end()))
        elif line[:1] == DONE:
            result = unpack(line[1:])
            if not worker.tasks or result.file.path != worker.tasks[0].target.path:
                raise ValueError("not the file it was given")
            yield worker.done(), result
        else:
            worker.hear(line)

    def _gone(self, worker: "_Worker", reason: str) -> Iterator[Outcome]:
        """A worker is of no use any more: it has not even started, or it failed at the file that it was at."""
        if worker.ready:
            yield from self._lost(worker, Shortfall.FAILED, reason)
        else:
            self._failed_starts += 1
            self._dismiss(worker)

    def _lost(self, worker: "_Worker", shortfall: Shortfall, reason: str) -> Iterator[Outcome]:
        """A worker is gone, and the file it was at with it; what it had not come to yet is given to others."""
        worker.end()
        if worker.tasks:
            result = worker.broken_off(shortfall, reason)
            yield worker.tasks.popleft(), result
        self._dismiss(worker)

    def _dismiss(self, worker: "_Worker") -> None:
        worker.end()
        self._workers.remove(worker)
        self._again.extendleft(reversed(worker.tasks))

    def _close(self) -> None:
        for worker in self._workers:
            worker.end()


class _Worker:
    """One process, what it has been given and what it has told of the first of it."""

    def __init__(self, settings: Settings, messages: "_Messages") -> None:
        self._settings = settings
        self._most = settings.limits.findings + _MORE
        self._findings: list[Finding] = []
        self._notes: list[Note] = []
        self._since = time.monotonic()
        self.tasks: deque[Task] = deque()
        self.ready = False
        self.room = Semaphore(_WAITING)
        self._process = subprocess.Popen(  # noqa: S603  # this very interpreter, and no shell
            [sys.executable, *_flags(), "-P", "-c", _BEGIN, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._listener = Thread(
            target=_listen, args=(self, self._process.stdout, messages), name="worker", daemon=True
        )
        self._listener.start()
        self._send(settings_line(settings))

    def has_room(self) -> bool:
        """Whether one more small file may be given."""
        return not self.tasks or (
            len(self.tasks) < _AHEAD and sum(task.size for task in self.tasks) < _AHEAD_BYTES
        )

    def give(self, task: Task) -> None:
        """One more file."""
        if not self.tasks and self.ready:
            self._since = time.monotonic()
        self.tasks.append(task)
        self._send(task_line(task))

    def hear(self, line: bytes) -> None:
        """It is ready, or has found something in the first of its files. Raises ValueError."""
        kind, data = line[:1], line[1:]
        if kind == READY and not self.ready:
            self.ready = True
            self._since = time.monotonic()
            return
        if not self.ready or not self.tasks or len(self._findings) + len(self._notes) > self._most:
            raise ValueError("out of turn")
        path = self.tasks[0].target.path
        if kind == FINDING:
            self._findings.append(unpack_finding(data, path))
        elif kind == NOTE:
            self._notes.append(unpack_note(data, path))
        else:
            raise ValueError("no such message")

    def done(self) -> Task:
        """The first of its files is done."""
        self._findings.clear()
        self._notes.clear()
        self._since = time.monotonic()
        return self.tasks.popleft()

    def overdue(self, now: float) -> bool:
        """Whether it should have been done, or ready, before now."""
        allowed = self._settings.timeout + _GRACE if self.ready else _STARTING
        return bool(self.tasks) and now - self._since > allowed

    def broken_off(self, shortfall: Shortfall, reason: str) -> FileResult:
        """What it has told of the file it is at."""
        task = self.tasks[0]
        path = task.target.path
        note = Note(rule=CATALOGUE[shortfall], path=ArtifactPath(path), message=reason)
        file = ScannedFile(
            path=path,
            size=task.size,
            coverage=Coverage.PARTIAL if self._findings else Coverage.FAILED,
            reason=reason,
        )
        return FileResult(
            file=file,
            findings=tuple(sorted(self._findings, key=order)),
            notes=(*self._notes, note),
            beside=True,
        )

    def end(self) -> int:
        """Kill it with all that it has started, and see it buried. Returns how it ended."""
        if self._process.poll() is None:
            if sys.platform == "win32":
                self._process.kill()
            else:
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self.room.release(_WAITING)  # its listener must come to the end of the pipe
        self._listener.join(_GRACE)
        if self._process.stdin is not None:
            self._process.stdin.close()
        return code

    def _send(self, line: bytes) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it has died: its listener says so
            self._process.stdin.write(line)


_Messages: TypeAlias = "SimpleQueue[tuple[_Worker, bytes | None]]"


def _listen(worker: _Worker, pipe: IO[bytes], messages: _Messages) -> None:
    """The lines of a worker, then None. What is longer than any parcel ends it, too."""
    parts: list[bytes] = []
    length = 0
    with pipe:
        while (data := pipe.read(_WINDOW)) and length <= LONGEST:
            first, *lines = data.split(b"\n")
            parts.append(first)
            length += len(first)
            for line in lines:
                worker.room.acquire()
                messages.put((worker, b"".join(parts)))
                parts = [line]
                length = len(line)
    messages.put((worker, None))


def _flags() -> list[str]:
    """Options of this interpreter that a worker must have, too."""
    flags = [f"-Xutf8={sys.flags.utf8_mode}"]
    for name, flag in (("ignore_environment", "-E"), ("no_user_site", "-s"), ("dont_write_bytecode", "-B")):
        if getattr(sys.flags, name):
            flags.append(flag)
    return flags


def _ending(code: int) -> str:
    if code == -getattr(signal, "SIGKILL", 9):
        return "its process was killed: by the system, when memory is short, or by somebody"
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"its process did not survive it ({how}): it is damaged, or made to crash readers"
