"""A process that scans: files come in through stdin, results leave through stdout, a line each.

The first line that comes in is the settings; then each is a target. What leaves begins with a letter: `r`, ready; `f` and `n`, a
finding and a note of the file in hand, at once, so that they are not lost when the next byte of it kills this process; `d`, done,
with all there is to say of the file. When stdin ends the parent is done, or dead: the process ends with all that it has started.
"""

import json
import os
import signal
import sys
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, NoReturn

from modelwarden.domain.budget import Limits
from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.observation import Gap, Observation
from modelwarden.domain.policy import Judgement
from modelwarden.domain.record import replace
from modelwarden.domain.rule import Rule
from modelwarden.domain.settings import Settings
from modelwarden.engine.collect import Collection
from modelwarden.engine.deadline import Clock
from modelwarden.engine.discover import Target
from modelwarden.engine.file_scan import FileScan
from modelwarden.engine.judge import Judge
from modelwarden.engine.memory import settle
from modelwarden.engine.parcel import pack, pack_finding, pack_note
from modelwarden.engine.task import Task

READY: Final = b"r"
FINDING: Final = b"f"
NOTE: Final = b"n"
DONE: Final = b"d"

_WINDOW: Final = 1 << 16
_PARENTS: Final = frozenset(
    "fail_on min_severity ratings exclude root only jobs limits progress cache_dir cache_trust_mtime".split()
)
"""Settings that are no concern of a worker."""


def settings_line(settings: Settings) -> bytes:
    """What a worker must know."""
    told = {name: getattr(settings, name) for name in Settings.__annotations__ if name not in _PARENTS}
    limits = {name: getattr(settings.limits, name) for name in Limits.__annotations__}
    return _line({**told, "limits": limits})


def read_settings(line: bytes) -> Settings:
    """The settings for a worker. What is no concern of it is as by default."""
    told = _read(line)
    limits = Limits(**told.pop("limits"))
    return replace(Settings(), **told, limits=limits)


def task_line(task: Task) -> bytes:
    """One file for a worker."""
    target = {name: getattr(task.target, name) for name in Target.__annotations__}
    return _line({"target": target, "size": task.size, "hashing": task.hashing, "exact": task.exact})


def main() -> NoReturn:
    """The life of a worker."""
    out = os.dup(sys.__stdout__.fileno() if sys.__stdout__ is not None else 1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)  # libraries write what they like
    lines: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(lines,), name="parent", daemon=True).start()
    settings = read_settings(lines.get())
    if settings.plugins:
        from modelwarden.plugins.loading import load  # few have some

        load(settings.plugins)
    variants = {hashing: replace(settings, hashing=hashing) for hashing in (False, True)}
    settle(settings.memory)
    judge = Judge.of(settings)
    clock = Clock()
    _send(out, READY)
    while True:
        told = _read(lines.get())
        collection = _Telling(settings.limits.findings, out, clock)
        wanted = variants[told["hashing"]]
        work = FileScan(Target(**told["target"]), wanted, judge, collection, clock, exact=told["exact"])
        _send(out, DONE + pack(work.run()))


class _Telling(Collection):
    """Sends what is new to the parent."""

    def __init__(self, most: int, out: int, clock: Clock) -> None:
        super().__init__(most)
        self._out = out
        self._clock = clock

    def add_finding(
        self, rule: Rule, judgement: Judgement, fact: Observation, path: ArtifactPath, form: str
    ) -> None:
        known = len(self._findings)
        super().add_finding(rule, judgement, fact, path, form)
        if len(self._findings) > known:
            self._tell(next(reversed(self._findings.values())))

    def add_gap(self, gap: Gap, path: ArtifactPath) -> None:
        known = len(self._notes)
        super().add_gap(gap, path)
        if len(self._notes) > known:
            self._tell(next(reversed(self._notes.values())))

    def _tell(self, one: Finding | Note) -> None:
        line = FINDING + pack_finding(one) if isinstance(one, Finding) else NOTE + pack_note(one)
        with self._clock.held():  # no half lines
            _send(self._out, line)


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _read(line: bytes) -> dict[str, Any]:
    """What the parent has told; it is trusted."""
    told: dict[str, Any] = json.loads(line.decode("utf-8", "surrogatepass"))
    return {name: _frozen(value) for name, value in told.items()}


def _frozen(value: object) -> object:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _send(out: int, line: bytes) -> None:
    data = memoryview(line + b"\n")
    while data:
        data = data[os.write(out, data) :]


def _listen(lines: "SimpleQueue[bytes]") -> None:
    buffer = b""
    while data := os.read(0, _WINDOW):
        *whole, buffer = (buffer + data).split(b"\n")
        for line in whole:
            lines.put(line)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)  # the HDF5 reader's process, too
    os._exit(0)


if __name__ == "__main__":
    main()
