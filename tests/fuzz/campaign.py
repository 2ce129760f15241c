"""Runs every fuzz target for its share of some time: each reader alone, all readers together, the whole program.

    python -m tests.fuzz.campaign --seconds 3600 [--jobs 2] [TARGET …]

A target is `whole`, `readers`, or the name of a format. Inputs that led somewhere new are kept from run to run in
`.cache/fuzz/<target>`, seeds are the sample models and what is packed in them. What crashes, hangs or eats memory is kept in
`.cache/fuzz/crashes`, and the exit code is 1. Fix it, and make it a test.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from modelwarden.formats import FORMATS
from tests.fuzz.mutations import Sample, members_of, samples

ROOT = Path(__file__).parents[2]
WHOLE, READERS = "whole", "readers"
_SHARES = {WHOLE: 8, READERS: 4}
"""How much more time than a reader alone they get."""
_TIMEOUT = 60
"""Seconds of the clock for one input; inputs are small, and the machine may be busy."""
_MEMORY = 2048
_LONGEST = 64 << 10
_PATIENCE = 600
"""Seconds that a target gets beyond its time: to start, to read its seeds, to end on a busy machine."""
_FEW = 12
_SMALL = 8 << 10
"""How many seeds of a format, and how large, the targets get that give each input to everything."""


class Result(NamedTuple):
    """What one target came to. `artifacts`: the inputs that stopped it."""

    target: str
    runs: int
    coverage: int
    artifacts: tuple[Path, ...]
    trouble: str


def plant(cache: Path) -> dict[str, Path]:
    """Write the sample models by target to `cache/seeds`, members of containers included; returns the folders."""
    folders = {}
    few: list[Sample] = []
    for form, of_one in samples().items():
        packed = [member for sample in of_one for member in members_of(sample) if member.expected == form]
        folders[form] = _plant(cache / "seeds" / form, [*of_one, *packed])
        few += [sample for sample in of_one if len(sample.data) <= _SMALL][:_FEW]
    for target in _SHARES:
        folders[target] = _plant(cache / "seeds" / target, few)
    return folders


def _plant(folder: Path, seeds: list[Sample]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for sample in seeds:
        if len(sample.data) <= _LONGEST:
            (folder / re.sub(r"[^\w.-]", "_", sample.name)[-120:]).write_bytes(sample.data)
    return folder


def fuzz(target: str, seconds: int, seeds: Path, cache: Path) -> Result:
    """Run one target for `seconds`, in a process of its own."""
    module = WHOLE if target == WHOLE else READERS
    chosen = [] if target in {WHOLE, READERS} else ["--format", target]
    kept, crashes = cache / target, cache / "crashes"
    for folder in (kept, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(crashes.glob(f"{target}-*"))
    command = [
        sys.executable, "-m", f"tests.fuzz.{module}", *chosen, f"-max_total_time={seconds}", f"-timeout={_TIMEOUT}",
        f"-rss_limit_mb={_MEMORY}", f"-max_len={_LONGEST}", f"-artifact_prefix={crashes / target}-", str(kept), str(seeds),
    ]  # fmt: skip
    log = cache / f"{target}.log"
    try:
        with log.open("wb") as out:
            code = subprocess.run(
                command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, timeout=seconds + _PATIENCE
            ).returncode
    except subprocess.TimeoutExpired:
        code = 1
    said = log.read_text("utf-8", "replace")
    progress = re.findall(r"^#(\d+)\s.*?cov: (\d+)", said, re.MULTILINE)
    runs, coverage = map(int, progress[-1]) if progress else (0, 0)
    artifacts = tuple(sorted(set(crashes.glob(f"{target}-*")) - before))
    trouble = "" if code == 0 else f"exit code {code}, see {log}"
    return Result(target, runs, coverage, artifacts, trouble)


def main(arguments: list[str]) -> int:
    """Share the time out, print a line a target; exit code 1 when any was stopped by an input."""
    everything = [WHOLE, READERS, *sorted(form.name for form in FORMATS)]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=3600, help="of all processes together")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "fuzz")
    parser.add_argument("targets", nargs="*", default=everything, metavar="TARGET")
    asked = parser.parse_args(arguments)
    cache: Path = asked.cache.resolve()
    seeds = plant(cache)
    share = asked.seconds / sum(_SHARES.get(target, 1) for target in asked.targets)
    bad = 0
    with ThreadPoolExecutor(asked.jobs) as pool:
        work = [
            pool.submit(
                partial(fuzz, target, max(1, round(share * _SHARES.get(target, 1))), seeds[target], cache)
            )
            for target in asked.targets
        ]
        for result in (future.result() for future in work):
            bad += bool(result.trouble)
            line = f"{result.target}: {result.runs:,} runs, {result.coverage:,} places covered"
            print("  ".join([line, result.trouble, *map(str, result.artifacts)]), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
