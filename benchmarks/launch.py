"""Starts one command, waits for it and prints what it took, as JSON. Run as a script by a bare interpreter (`python -I -S`).

A process of its own, because the peak of a program's memory includes that of the process it was forked from; this one is small.
Linux only: `/proc` tells what was read, and how much memory a tree of processes holds together.
"""

import json
import os
import resource
import select
import signal
import sys
import time

_PAUSE = 0.02


def main(arguments: list[str]) -> None:
    """SECONDS MEMORY COMMAND…: kill it after so many seconds, refuse it more than so many bytes."""
    seconds, memory, *command = arguments
    started = time.monotonic()
    child = os.fork()
    if not child:
        _become(command, int(memory))
    ended = False
    try:
        ended, together = _watched(child, started + float(seconds))
        wall = time.monotonic() - started
    finally:
        if not ended:  # in time; or we are interrupted ourselves
            os.killpg(child, signal.SIGKILL)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # not reaped yet: its counters can still be read
    read = _read(child)
    _, status, usage = os.wait4(child, 0)
    print(
        json.dumps(
            {
                "cpu": usage.ru_utime + usage.ru_stime,
                "wall": wall,
                "memory": max(usage.ru_maxrss << 10, together),
                "read": read,
                "code": os.waitstatus_to_exitcode(status),
                "ended": ended,
            }
        )
    )


def _become(command: list[str], memory: int) -> None:
    """Never returns."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
    try:
        os.execvp(command[0], command)
    finally:
        os._exit(127)


def _watched(child: int, deadline: float) -> tuple[bool, int]:
    """Whether it ended in time, and the most memory that several processes of its tree held together."""
    together = 0
    waiting = select.poll()
    waiting.register(os.pidfd_open(child), select.POLLIN)
    while time.monotonic() < deadline:
        if waiting.poll(_PAUSE * 1000):
            return True, together
        processes = _tree(child)
        if len(processes) > 1:
            together = max(together, sum(map(_share, processes)))
    return False, together


def _tree(process: int) -> list[int]:
    """The process and all that descend from it."""
    found = [process]
    for parent in found:
        try:
            for thread in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{thread}/children") as children:
                    found += map(int, children.read().split())
        except OSError:  # it has ended
            continue
    return found


def _share(process: int) -> int:
    """Its memory in bytes; a page that several processes share counts for each in part."""
    try:
        with open(f"/proc/{process}/smaps_rollup") as rollup:
            return sum(int(line.split()[1]) << 10 for line in rollup if line.startswith("Pss:"))
    except OSError:
        return 0


def _read(process: int) -> int:
    """Bytes that it and its ended children asked `read` for, and got."""
    with open(f"/proc/{process}/io") as counters:
        return next(int(line.split()[1]) for line in counters if line.startswith("rchar:"))


if __name__ == "__main__":
    main(sys.argv[1:])
