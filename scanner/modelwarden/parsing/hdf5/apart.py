"""Reads an HDF5 file in a process of its own.

The HDF5 library is written in C and trusts what it reads: a few changed bytes make it crash or never return. A file that does so
costs a gap, not the scan. The other process is a copy of this one (`fork`), which starts in a millisecond; it sends its facts as
lines of JSON. Where there is no `fork` (Windows) the file is read here.
"""

import base64
import json
import os
import select
import signal
import time
import warnings
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Final

from modelwarden.domain.budget import Budget, LimitReached
from modelwarden.domain.format import ByteSource, Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Property, Reference, Role, Shortfall
from modelwarden.parsing.hdf5.contents import contents
from modelwarden.source.memory import MemorySource

SECONDS: Final = 30
_MEMORY: Final = 4 << 30
_WINDOW: Final = 1 << 20
_LONGEST: Final = 64 << 20
"""A line carries a configuration or a pickle of at most 16 MiB, or an object of a PyTables file."""


def apart(
    source: ByteSource, budget: Budget, seconds: float = SECONDS, *, describe: bool = False
) -> Iterator[Fact]:
    """What `contents` says; a gap instead of a crash or an endless wait. Raises LimitReached as it does."""
    if not hasattr(os, "fork"):
        yield from contents(source, budget, describe=describe)
        return
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy has threads of its own, which the copy does not need
        child = os.fork()
    if not child:
        os.close(reader)
        _work(source, budget, writer, describe=describe)
    os.close(writer)
    try:
        outcome = yield from _received(reader, budget, seconds, Span(0, source.size))
    finally:
        os.close(reader)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if not outcome:
        ending = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "an error"
        detail = f"the HDF5 library did not survive it ({ending}); it is damaged, or made to crash readers"
        yield Gap(Shortfall.MALFORMED, detail, Span(0, source.size))


def _work(source: ByteSource, budget: Budget, writer: int, *, describe: bool) -> None:
    """The life of the other process. Never returns."""
    try:
        for number in (
            signal.SIGSEGV,
            signal.SIGBUS,
            signal.SIGABRT,
            signal.SIGFPE,
            signal.SIGINT,
            signal.SIGTERM,
            signal.SIGALRM,
        ):
            signal.signal(number, signal.SIG_DFL)
        _restrict()
        signal.setitimer(
            signal.ITIMER_REAL, SECONDS + 1
        )  # the end, too, of a copy whose original has been killed
        with os.fdopen(writer, "wb") as out:
            try:
                for fact in contents(source, budget, describe=describe):
                    out.write(_line(fact, budget))
                    out.flush()
                last = [budget.members, "end"]
            except LimitReached as limit:
                last = [budget.members, "limit", str(limit)]
            out.write(json.dumps(last).encode() + b"\n")
    finally:
        os._exit(0)  # nothing of this copy may run on: no clean-up, no buffers


def _restrict() -> None:
    """No core files, and an end to the memory."""
    import resource

    for what, limit in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, _MEMORY)):
        soft, hard = resource.getrlimit(what)
        if soft == resource.RLIM_INFINITY or soft > limit:  # a worker may have less
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (limit, hard))


def _line(fact: Fact, budget: Budget) -> bytes:
    told: list[object] = [budget.members]
    match fact:
        case Child(member, source, expected):
            told += ["child", member, base64.b64encode(source.read(0, source.size)).decode(), expected]
        case Reference(role, location, holder):
            told += ["reference", role.value, location, holder]
        case Property(key, value):
            told += ["property", key, value]
        case Gap(shortfall, detail):
            told += ["gap", shortfall.value, detail]
    return json.dumps(told).encode() + b"\n"


def _received(reader: int, budget: Budget, seconds: float, span: Span) -> Generator[Fact, None, bool]:
    """The facts that come through the pipe; whether the other process came to its end, or was stopped with a gap."""
    buffer = bytearray()
    deadline = time.monotonic() + seconds
    while True:
        ready, _, _ = select.select([reader], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            yield Gap(
                Shortfall.LIMIT,
                f"the HDF5 library takes longer than {seconds:g} seconds: what was not read by then is left out",
                span,
            )
            return True
        data = os.read(reader, _WINDOW)
        if not data or len(buffer) > _LONGEST:
            return False
        buffer += data
        *lines, rest = buffer.split(b"\n") if b"\n" in data else [buffer]
        buffer = bytearray(rest)
        for line in lines:
            members, kind, *parts = json.loads(line)
            budget.members = max(budget.members, members)
            if kind == "end":
                return True
            if kind == "limit":
                raise LimitReached(parts[0])
            yield _fact(kind, parts, span)


def _fact(kind: str, parts: list[str], span: Span) -> Fact:
    if kind == "child":
        return Child(parts[0], MemorySource(base64.b64decode(parts[1])), parts[2])
    if kind == "reference":
        return Reference(Role(parts[0]), parts[1], parts[2], span)
    if kind == "property":
        return Property(parts[0], parts[1], span)
    return Gap(Shortfall(parts[0]), parts[1], span)
