"""The measurements as Markdown: one table of targets, and one of everything that was measured."""

import os
import platform
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Measured, Patience
from benchmarks.targets import MEGABYTE, Place, Results, Target, Verdict
from benchmarks.workloads import LOAD, WORKLOADS, Workload

_MARKS = {True: "met", False: "**missed**", None: "–"}
_METHOD = """\
Written by `make bench`; do not edit. CPU is user and system time of whole processes and their children, in seconds. What
counts is the ratio within a row: absolute times differ from machine to machine. Commands run in turn (A B A B …), and
numbers are medians of {rounds} rounds behind one to warm up. What takes longer than {slow:g} s runs once; after {seconds:g}
s it is killed, and stands here as `> …`. 1 MB is 1,000,000 bytes. Memory is the peak of all processes of a command together;
*read* is what was asked of `read`, not what is mapped into memory. A command may use 8 GiB of address space.

All that is scanned is made by `benchmarks/files`, without the frameworks: the graphs of TensorFlow and ONNX and the
checkpoint of PyTorch are written by hand after the published schemas, HDF5 by h5py. Other scanners are installed as `make
peers` does it, without their extras, and called as their documentation says; what they remember of a run is removed before
the next one."""
_LEGEND = """\
Ratios are another's CPU over ours. `skips`: that scanner does not read the format, so its time says nothing. ◦: nobody had this
workload at hand while the code was made fast."""


def document(results: Results, builds: list[str], versions: dict[str, str], patience: Patience) -> str:
    """The whole page."""
    scanners = ", ".join(f"{name} {number}" for name, number in versions.items())
    alone = [f"- {w.name}: {w.lonely}" for w in WORKLOADS if w.lonely and w.name in results]
    blocks = [
        "# Benchmarks",
        _METHOD.format(rounds=patience.rounds, slow=patience.slow, seconds=patience.seconds),
        f"{datetime.now(UTC).date().isoformat()} · {_machine()} · {scanners}",
        "## Targets",
        "\n".join(_target_rows(results, builds)),
        _LEGEND,
        "## Everything that was measured",
        "\n".join(_all_rows(results, builds)),
    ]
    if alone:
        blocks += ["Not every scanner is run on everything:", "\n".join(alone)]
    return "\n\n".join(blocks) + "\n"


def _target_rows(results: Results, builds: list[str]) -> Iterator[str]:
    yield "| workload | build | CPU | ModelScan | picklescan | pickle.load | target | seen | |"
    yield "|---|---|--:|--:|--:|--:|---|---|---|"
    for workload in WORKLOADS:
        for build in builds if workload.name in results else ():
            place = Place(results, workload.name, build)
            judged = list(judgements(workload, place))
            yield " | ".join(
                [
                    f"| {workload.title}{'' if workload.tuned else ' ◦'}",
                    build,
                    _seconds(place.own()),
                    *(_ratio(workload, place, name) for name in ("modelscan", "picklescan", LOAD)),
                    "<br>".join(str(target) for target, _ in judged) or "none",
                    "<br>".join(verdict.seen for _, verdict in judged),
                    "<br>".join(_MARKS[verdict.met] for _, verdict in judged) + " |",
                ]
            )


def _all_rows(results: Results, builds: list[str]) -> Iterator[str]:
    yield "| workload | command | CPU s | wall s | peak MB | read MB | exit code |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for workload in WORKLOADS:
        for column, measured in results.get(workload.name, {}).items():
            limit = "" if measured.ended else "> "
            yield (
                f"| {workload.name} | {column} | {limit}{measured.median('cpu'):.3f} | {limit}{measured.median('wall'):.3f} "
                f"| {measured.median('memory') / MEGABYTE:,.0f} | {measured.median('read') / MEGABYTE:,.1f} "
                f"| {measured.code if measured.ended else 'killed'} |"
            )


def goals(workload: Workload, build: str) -> tuple[Target, ...]:
    """The targets of a workload for one of our builds."""
    return workload.compiled if build == "compiled" and workload.compiled else workload.targets


def judgements(workload: Workload, place: Place) -> Iterator[tuple[Target, Verdict]]:
    """Each target with what was seen. A command that did not end as it must has met none."""
    broken = ""
    for variant in workload.variants:
        measured = place.own(variant.name)
        if measured is not None and variant.code is not None and measured.code != variant.code:
            broken = f"exit code {measured.code}, not {variant.code}"
    for target in goals(workload, place.ours):
        yield target, Verdict(broken, False) if broken else target.judge(place)


def missed(results: Results, builds: list[str]) -> list[str]:
    """What is not met, in words."""
    found = []
    for workload in WORKLOADS:
        for build in builds if workload.name in results else ():
            for target, verdict in judgements(workload, Place(results, workload.name, build)):
                if verdict.met is False:
                    found.append(f"{workload.name}, {build}: {target}, but {verdict.seen}")
    return found


def _seconds(measured: Measured | None) -> str:
    return "–" if measured is None else f"{measured.median('cpu'):.2f}"


def _ratio(workload: Workload, place: Place, column: str) -> str:
    """Another's time over ours."""
    ours, theirs = place.own(), place.measured(column)
    if ours is None or theirs is None:
        return "–"
    if column in workload.unread:
        return "skips"
    return f"{'' if theirs.ended else '> '}{theirs.median('cpu') / ours.median('cpu'):.1f} ×"


def _machine() -> str:
    """Processor, cores, memory, Python; nothing that names the machine."""
    model = platform.machine()
    with Path("/proc/cpuinfo").open() as about:
        for line in about:
            if line.startswith("model name"):
                model = re.sub(r"\s+", " ", line.partition(":")[2]).strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{model}, {cores} cores, {memory:.0f} GiB, {sys.platform}, {python}"
