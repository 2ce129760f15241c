"""Make the workloads, run ours and the peers' commands on them, print the tables and write them to a page.

    python -m benchmarks --build pure=.venv-bench/pure --peers .venv-peers [--quick] [WORKLOAD …]

`make bench` does it all. Only a full run writes the page.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import peers, table
from benchmarks.measure import Measured, Patience, interleaved
from benchmarks.workloads import WORKLOADS, Workload

ROOT = Path(__file__).parents[1]
QUICK = Patience(rounds=1, seconds=60, slow=3)


def made(workload: Workload, folder: Path) -> Path:
    """The workload's file or folder, made unless it is there; whole, or not at all."""
    path = folder / workload.file
    if not path.exists():
        partial = folder / f"partial-{workload.file}"
        if partial.is_dir():
            shutil.rmtree(partial)
        workload.make(partial)
        os.replace(partial, path)
    return path


def measure(
    chosen: list[Workload], builds: dict[str, Path], others: dict[str, Path], folder: Path, patience: Patience
) -> dict[str, dict[str, Measured]]:
    """Run everything, saying what is being done."""
    results = {}
    with tempfile.TemporaryDirectory() as home:
        for workload in chosen:
            started = time.monotonic()
            path = made(workload, folder)
            wanted = list(peers.commands(workload, path, builds, others, Path(home) / "report"))
            results[workload.name] = dict(interleaved(wanted, patience, Path(home)))
            told = (f"{name} {one.median('cpu'):.2f}" for name, one in results[workload.name].items())
            print(
                f"{workload.name} ({time.monotonic() - started:.0f} s): {', '.join(told)}",
                file=sys.stderr,
                flush=True,
            )
    return results


def main(arguments: list[str]) -> int:
    """Exit code 0 whether targets are met or not: times are no test."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--build",
        action="append",
        required=True,
        metavar="NAME=ENVIRONMENT",
        help="where modelwarden is installed",
    )
    parser.add_argument("--peers", type=Path, default=ROOT / ".venv-peers", help="a folder of environments")
    parser.add_argument(
        "--work", type=Path, default=ROOT / ".cache" / "benchmarks", help="where the files are made"
    )
    parser.add_argument(
        "--quick", action="store_true", help="one round, without the largest, without slow peers"
    )
    parser.add_argument("--rounds", type=int, default=Patience().rounds)
    parser.add_argument("--page", type=Path, help="where the tables are written as well")
    parser.add_argument(
        "workloads", nargs="*", metavar="WORKLOAD", help=", ".join(one.name for one in WORKLOADS)
    )
    asked = parser.parse_args(arguments)
    builds = {
        name: Path(home).absolute() for name, _, home in (build.partition("=") for build in asked.build)
    }
    others = peers.found(asked.peers.absolute())
    patience = QUICK if asked.quick else Patience(rounds=asked.rounds)
    chosen = (
        [one for one in WORKLOADS if one.name in asked.workloads or one.name == "start"]
        if asked.workloads
        else [*WORKLOADS]
    )
    if asked.quick:
        chosen = [one for one in chosen if one.quick]
        others = {name: home for name, home in others.items() if name in {"modelscan", "picklescan"}}
    asked.work.mkdir(parents=True, exist_ok=True)
    versions = {f"modelwarden ({name})": peers.version(home, "modelwarden") for name, home in builds.items()}
    versions |= {name: peers.version(home, name) for name, home in others.items()}
    results = measure(chosen, builds, others, asked.work.absolute(), patience)
    page = table.document(results, list(builds), versions, patience)
    print(page)
    for line in table.missed(results, list(builds)):
        print(f"missed: {line}", file=sys.stderr)
    if asked.page:
        asked.page.write_text(page, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
