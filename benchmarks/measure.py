"""What a command takes: processor, wall clock, memory, bytes read; medians of interleaved runs."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")
MEMORY = 8 << 30
"""Address space that a command may have: the machine is to survive every scanner."""
_DROPPED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "COLUMNS")
_QUIET = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "NO_ANALYTICS": "1", "NO_COLOR": "1"}


@dataclass(frozen=True, slots=True)
class Usage:
    """One run. `cpu` is user and system time, of children too; `memory` the peak of its processes together; in s and bytes."""

    cpu: float
    wall: float
    memory: int
    read: int
    code: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Command:
    """Something to run: `name` is its column."""

    name: str
    arguments: tuple[str, ...]


@dataclass(slots=True)
class Measured:
    """All runs of one command."""

    runs: list[Usage] = field(default_factory=list)

    def median(self, what: str) -> float:
        """Of `cpu`, `wall`, `memory` or `read`."""
        return float(statistics.median(getattr(run, what) for run in self.runs))

    @property
    def ended(self) -> bool:
        """Whether no run was killed."""
        return all(run.ended for run in self.runs)

    @property
    def code(self) -> int:
        """The exit code, of the last run."""
        return self.runs[-1].code


def run(command: Command, seconds: float, home: Path) -> Usage:
    """Run it once, for at most so many seconds, in a new folder of `home`: what it keeps there is no help the next time."""
    folder = tempfile.mkdtemp(dir=home)
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(LAUNCHER), str(seconds), str(MEMORY), *command.arguments],
        env={**kept, **_QUIET, "HOME": folder},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Usage(**json.loads(done.stdout))


@dataclass(frozen=True, slots=True)
class Patience:
    """`rounds`: how often a command runs, after a run to warm up. `seconds`: when it is killed. `slow`: when once is enough."""

    rounds: int = 3
    seconds: float = 120.0
    slow: float = 15.0


def interleaved(commands: list[Command], patience: Patience, home: Path) -> Mapping[str, Measured]:
    """Run the commands in turn (A B A B …). The first turn warms caches and only counts for what is slow."""
    results: dict[str, Measured] = {}
    for turn in range(patience.rounds + 1):
        for command in commands:
            before = results.get(command.name)
            if before is not None and (not before.ended or before.runs[0].wall > patience.slow):
                continue
            usage = run(command, patience.seconds, home)
            if before is None or (turn == 1 and usage.ended):
                results[command.name] = Measured([usage])
            else:
                before.runs.append(usage)
    return results
