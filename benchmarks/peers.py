"""The commands that are compared: ours, as it is installed, and those of other scanners, each from an environment of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Command
from benchmarks.workloads import LOAD, Workload

_ARGUMENTS = {
    "modelscan": ("-p",),
    "picklescan": ("-p",),
    "fickling": ("--check-safety",),
    "modelaudit": ("scan",),
}
_LOAD = "import pickle, sys\nwith open(sys.argv[1], 'rb') as file:\n    pickle.load(file)"


def commands(
    workload: Workload, made: Path, builds: dict[str, Path], peers: dict[str, Path], out: Path
) -> Iterator[Command]:
    """Everything that is run on one workload, in turn."""
    for name, home in builds.items():
        for variant in workload.variants:
            options = [option.replace("{out}", str(out)) for option in variant.options]
            column = f"{name} {variant.name}" if variant.name else name
            path = made / variant.inside if variant.inside else made
            yield Command(column, (str(home / "bin" / "modelwarden"), "scan", *options, str(path)))
    for name in workload.peers:
        if name in peers:
            program = str(peers[name] / "bin" / name)
            yield Command(name, (program, *_ARGUMENTS[name], str(made)))
    if workload.loadable:  # made here, by us, a moment ago: the only pickles that are ever loaded
        yield Command(LOAD, (sys.executable, "-I", "-c", _LOAD, str(made)))


def found(folder: Path) -> dict[str, Path]:
    """The environments of the peers that are there."""
    return {name: folder / name for name in _ARGUMENTS if (folder / name / "bin" / name).exists()}


def version(home: Path, package: str) -> str:
    """Of a package in an environment."""
    asked = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run(
        [str(home / "bin" / "python"), "-I", "-c", asked], capture_output=True, text=True, check=True
    ).stdout.strip()
