"""From paths to a report."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, Final

from modelwarden import __version__
from modelwarden.domain.report import Report
from modelwarden.domain.settings import Settings
from modelwarden.engine.allowance import Allowance
from modelwarden.engine.deadline import Clock
from modelwarden.engine.discover import Target, discover
from modelwarden.engine.here import run_here
from modelwarden.engine.interrupts import Interrupted
from modelwarden.engine.result import FileResult
from modelwarden.engine.task import Task
from modelwarden.engine.watch import Watch
from modelwarden.formats import ADDED as FORMATS_ADDED
from modelwarden.policies import ADDED as POLICIES_ADDED

if TYPE_CHECKING:
    from modelwarden.engine.cache import ResultCache

_WORTH_WORKERS: Final = 2.0
"""Seconds of work from which on the start of workers pays off."""
_TRIAL: Final = 1.0
"""Seconds after which it shows how fast the work goes."""
_BYTES_PER_SECOND: Final = 100e6
"""The slowest that is to be expected, until it shows."""
_FAR: Final = 64 << 20
"""Of larger files the most is skipped."""


def scan(paths: Sequence[str], settings: Settings, watch: Watch | None = None) -> Report:
    """Scan files and directories. Raises UserError for a path that does not exist; everything else is in the report.

    Within `Interrupts` the report may be one of an interrupted scan.
    """
    if settings.plugins:
        from modelwarden.plugins.loading import load  # loads what nobody else needs

        load(settings.plugins)
    run = _Run(settings, watch or Watch())
    interrupted = False
    try:
        run.select(paths)
        run.work()
    except Interrupted:
        interrupted = True
    finally:
        run.close()
    return run.report(interrupted=interrupted)


class _Run:
    """One scan: what is to be done, and what has been."""

    def __init__(self, settings: Settings, watch: Watch) -> None:
        self._settings = settings
        self._watch = watch
        self._cache = _cache(settings)
        self._targets: list[Target] = []
        self._sizes: list[int] = []
        self._results: list[FileResult] = []
        self._left_out = 0

    def select(self, paths: Sequence[str]) -> None:
        """Find what is to be scanned."""
        only = self._settings.only
        allowance = Allowance(self._settings.limits)
        for target in discover(paths, self._settings.exclude):
            if only is not None and os.path.realpath(target.path) not in only:
                self._left_out += 1
            else:
                self._targets.append(allowance.admit(target))
        self._sizes = [_size(target) for target in self._targets]
        self._watch.begin(len(self._targets), sum(self._sizes))

    def work(self) -> None:
        """Scan it, here or in workers."""
        tasks = self._tasks()
        count = self._processes()
        chosen = self._settings.jobs is not None or not Clock.available()
        if count and not chosen and not self._looks_long():
            with closing(run_here(tasks, self._settings)) as done:
                if self._keep(done, _TRIAL):
                    return
        if count:
            from modelwarden.engine.pool import Pool  # starts slowly; few small files need none

            pool = Pool(count, self._settings)
            with closing(pool.run(tasks)) as done:
                self._keep(done)
            tasks = chain(pool.left, tasks)
        with closing(run_here(tasks, self._settings)) as done:
            self._keep(done)

    def report(self, *, interrupted: bool) -> Report:
        """The report: the same for the same results, in whatever order they came."""
        ordered = sorted(self._results, key=lambda one: one.file.path)
        return Report(
            findings=tuple(finding for one in ordered for finding in one.findings),
            notes=tuple(
                sorted(
                    (note for one in ordered for note in one.notes),
                    key=lambda note: (note.path.file, note.path.members),
                )
            ),
            files=tuple(one.file for one in ordered),
            root=self._settings.root or os.getcwd(),
            version=__version__,
            left_out=self._left_out,
            interrupted=interrupted,
            unreached=len(self._targets) - len(self._results) if interrupted else 0,
        )

    def close(self) -> None:
        """Write down what the cache is to keep."""
        if self._cache is not None:
            self._cache.close()

    def _tasks(self) -> Iterator[Task]:
        """What the cache does not know."""
        for target, size in zip(self._targets, self._sizes, strict=True):
            ticket = self._cache.look_up(target) if self._cache is not None else None
            if ticket is not None and ticket.result is not None:
                self._add(ticket.result)
            else:
                # The cache has computed it, but known sums are looked up with the file.
                hashing = self._settings.hashing and (ticket is None or bool(self._settings.known_bad))
                yield Task(target, size, hashing, ticket)

    def _keep(self, done: Iterator[tuple[Task, FileResult]], trial: float | None = None) -> bool:
        """Take the results. False when after `trial` seconds it shows that there is much more to do."""
        started, before = time.monotonic(), len(self._results)
        for task, result in done:
            if self._cache is not None and task.ticket is not None:
                result = self._cache.keep(task.target, task.ticket, result)
            self._add(result)
            if trial is not None and (passed := time.monotonic() - started) > trial:
                left = len(self._targets) - len(self._results)
                if passed / (len(self._results) - before) * left > _WORTH_WORKERS:
                    return False
        return True

    def _add(self, result: FileResult) -> None:
        self._results.append(result)
        self._watch.done(result.file)

    def _processes(self) -> int:
        """How many workers there may be; none when everything is to be done here."""
        jobs = self._settings.jobs
        if _has_added():
            return 0  # no other process knows what this one has registered
        if not _is_python(sys.executable):
            return 0  # a program with Python inside: nobody knows what starting it again does
        if not Clock.available():  # here nobody could end the work on a file
            return min(jobs or 1, len(self._targets))
        if jobs is None:
            jobs = _processors()
        return (
            min(jobs, len(self._targets))
            if jobs > 1 and (self._settings.jobs or len(self._targets) > 1)
            else 0
        )

    def _looks_long(self) -> bool:
        """Whether there are so many bytes that it need not be tried how long they take."""
        return sum(min(size, _FAR) for size in self._sizes) > _WORTH_WORKERS * _BYTES_PER_SECOND


def _size(target: Target) -> int:
    """Bytes on disk, 0 for what will not be opened."""
    if target.obstacle:
        return 0
    try:
        return os.stat(target.path).st_size
    except OSError:
        return 0  # who opens it says why it cannot be read


def _is_python(program: str) -> bool:
    name = os.path.basename(program or "").lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


def _has_added() -> bool:
    """Whether the running program has formats or policies of its own, beyond those that come with named plug-ins."""
    return FORMATS_ADDED.local or POLICIES_ADDED.local


def _processors() -> int:
    """How many this process may use."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    return len(usable) if usable is not None else os.cpu_count() or 1


def _cache(settings: Settings) -> "ResultCache | None":
    if not settings.cache_dir or _has_added():
        return None
    from modelwarden.engine.cache import ResultCache  # SQLite is loaded for those who want one

    return ResultCache(settings)
