"""Scanning in this process, one file after another."""

from collections.abc import Generator, Iterator

from modelwarden.domain.observation import Shortfall
from modelwarden.domain.record import replace
from modelwarden.domain.settings import Settings
from modelwarden.engine.deadline import Clock
from modelwarden.engine.file_scan import FileScan
from modelwarden.engine.interrupts import Interrupted
from modelwarden.engine.judge import Judge
from modelwarden.engine.memory import ceiling
from modelwarden.engine.result import FileResult
from modelwarden.engine.task import Task

INTERRUPTED = "the scan was interrupted while it was read"


def run_here(tasks: Iterator[Task], settings: Settings) -> Generator[tuple[Task, FileResult]]:
    """Every task with its result."""
    judge = Judge.of(settings)
    clock = Clock()
    variants = {hashing: replace(settings, hashing=hashing) for hashing in (False, True)}
    with ceiling(settings.memory):
        for task in tasks:
            work = FileScan(task.target, variants[task.hashing], judge, clock=clock, exact=task.exact)
            try:
                result = work.run()
            except Interrupted:
                yield task, work.stopped(Shortfall.UNSUPPORTED, INTERRUPTED)
                raise
            yield task, result
