"""Prints what each scanner makes of the sample models: how many hostile files it finds, by technique, and how many harmless ones
it alarms on, by library.

    python scripts/corpus_report.py [--every N] [FOLDER]

Every scanner is run by its own command, as a user would, one process a file. modelwarden is taken from the environment of this
interpreter. The others (`make peers`) from `.venv-peers/<name>`, or from the environment that MODELWARDEN_PEER_<NAME> names; one
that is not there is left out. A file counts as found when the scanner says so: an error, a skipped file or a crash does not.
`--every N` takes one file in N, for scanners that need seconds for each.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
PASSIVE = frozenset(
    "content-absent limit-reached malformed not-inspected reader-failed unknown-import embedded-pickle".split()
)
"""Folders whose files do no harm by themselves: no scanner need alarm on them."""
TIMEOUT = 120
_FOUND = 1


@dataclass(frozen=True, slots=True)
class Scanner:
    """`command`: what is run, the file's path behind it. `found`: whether its exit code and output tell of a finding."""

    name: str
    command: tuple[str, ...]
    found: Callable[[int, str], bool]


def _by_exit_code(code: int, output: str) -> bool:
    return code == _FOUND


def _modelscan(code: int, output: str) -> bool:
    return code == _FOUND and "Total Issues: 0" not in output


def _fickling(code: int, output: str) -> bool:
    """Its exit code is 1 for crashes too; findings are told in words."""
    return code == _FOUND and "Traceback" not in output


def scanners() -> list[Scanner]:
    """modelwarden, and the peers that are installed."""
    own = (sys.executable, "-m", "modelwarden", "scan", "-q", "--fail-on", "warning")
    found = [Scanner("modelwarden", own, _by_exit_code)]
    for name, arguments, judge in (
        ("picklescan", ("-p",), _by_exit_code),
        ("modelscan", ("-p",), _modelscan),
        ("fickling", ("--check-safety",), _fickling),
        ("modelaudit", ("scan",), _by_exit_code),
    ):
        home = Path(os.environ.get(f"MODELWARDEN_PEER_{name.upper()}", ROOT / ".venv-peers" / name))
        program = shutil.which(name, path=home / ("Scripts" if os.name == "nt" else "bin"))
        if program is not None:
            found.append(Scanner(name, (program, *arguments), judge))
    return found


def run(scanner: Scanner, path: Path, directory: str) -> bool:
    """Whether the scanner finds something in one file; its own files go to `directory`."""
    environment = {
        **os.environ,
        "NO_ANALYTICS": "1",
        "NO_COLOR": "1",
        "PROMPTFOO_DISABLE_TELEMETRY": "1",
        "HOME": directory,
    }
    try:
        done = subprocess.run(
            [*scanner.command, str(path)],
            capture_output=True,
            check=False,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        return False
    return scanner.found(done.returncode, done.stdout + done.stderr)


def technique(path: Path) -> str:
    """`rule/technique` of a hostile sample: the folders it lies in."""
    return "/".join(path.parts[:-1][:2])


def library(path: Path) -> str:
    """What made a harmless sample: its first folder."""
    return path.parts[0]


def table(title: str, groups: Counter[str], counts: dict[str, Counter[str]]) -> Iterable[str]:
    """Lines: a row a group, a column a scanner, each with its count and share, and the total at the end."""
    width = max(len(name) for name in (title, "all", *groups)) + 2
    columns = {name: max(len(name), 12) + 2 for name in counts}
    yield title.ljust(width) + "files".rjust(7) + "".join(name.rjust(size) for name, size in columns.items())
    for group, files in [*sorted(groups.items()), ("all", groups.total())]:
        row = group.ljust(width) + str(files).rjust(7)
        for name, size in columns.items():
            hits = counts[name].total() if group == "all" else counts[name][group]
            row += f"{hits} ({hits / files:4.0%})".rjust(size)
        yield row
    yield ""


def report(
    kind: str, title: str, group: Callable[[Path], str], folder: Path, every: int, peers: list[Scanner]
) -> None:
    """Run every scanner over one kind of samples and print its table."""
    files = sorted(path for path in (folder / kind).rglob("*") if path.is_file())[::every]
    names = {path: path.relative_to(folder / kind) for path in files}
    files = [path for path in files if kind == "benign" or names[path].parts[0] not in PASSIVE]
    counts: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor(os.cpu_count()) as pool:
        for scanner in peers:
            hits = pool.map(partial(_run_in, directory, scanner), files)
            counts[scanner.name] = Counter(
                group(names[path]) for path, hit in zip(files, hits, strict=True) if hit
            )
    print("\n".join(table(title, Counter(group(names[path]) for path in files), counts)), flush=True)


def _run_in(directory: str, scanner: Scanner, path: Path) -> bool:
    return run(scanner, path, directory)


def main() -> None:
    """Both tables, for all scanners that are there."""
    parser = argparse.ArgumentParser(description="What each scanner makes of the sample models.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "tests" / "corpus")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take one file in N")
    options = parser.parse_args()
    folder = options.folder.resolve()
    peers = scanners()
    report("malicious", "found, by technique", technique, folder, options.every, peers)
    report("benign", "false alarms, by library", library, folder, options.every, peers)


if __name__ == "__main__":
    main()
