"""Reports on their way to files: refused early when they cannot be written, written beside, then moved into place.

Whoever reads a report file sees the old one or the new one, never half of one.
"""

import contextlib
import os
import stat
from collections.abc import Iterable, Sequence

from modelwarden.errors import UserError
from modelwarden.reports.visible import visible


def check_writable(files: Iterable[str], scanned: Iterable[str]) -> None:
    """Raise UserError for a file that cannot be written, named twice, or that is itself to be scanned."""
    seen: set[str] = set()
    inputs = {os.path.realpath(path) for path in scanned}
    for file in files:
        real = os.path.realpath(file)
        directory = os.path.dirname(real)
        if not file.isprintable():
            reason = "its name cannot be printed"
        elif os.path.isdir(real):
            reason = "it is a directory"
        elif not os.path.isdir(directory):
            reason = "there is no such directory"
        elif real in seen:
            reason = "two reports would go there"
        elif real in inputs:
            reason = "it is to be scanned"
        elif not os.access(real if os.path.exists(real) else directory, os.W_OK):
            reason = "permission denied"
        else:
            seen.add(real)
            continue
        raise UserError(f"cannot write {visible(file)}: {reason}")


def write_files(reports: Sequence[tuple[str, str]]) -> None:
    """Write each (file, text) as UTF-8; nothing is moved into place before everything is on disk. Raises UserError."""
    staged: list[tuple[str, str]] = []
    file = ""
    try:
        for file, text in reports:
            if _is_device(file):  # by its own name: no real path leads to the pipe behind /dev/stdout
                _write(file, text, os.O_WRONLY)
            else:
                real = os.path.realpath(file)
                beside = os.path.join(os.path.dirname(real), f".modelwarden-{os.getpid()}-{len(staged)}.part")
                staged.append((beside, real))
                _write(beside, text, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        while staged:
            os.replace(*staged[0])
            staged.pop(0)
    except OSError as error:
        raise UserError(f"cannot write {visible(file)}: {error.strerror}") from error
    finally:
        for beside, _ in staged:
            with contextlib.suppress(OSError):
                os.unlink(beside)


def append(file: str, text: str) -> None:
    """Add to a file that others write to as well (`GITHUB_OUTPUT`, `GITHUB_STEP_SUMMARY`). Raises UserError."""
    try:
        _write(file, text, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    except OSError as error:
        raise UserError(f"cannot write {visible(file)}: {error.strerror}") from error


def _is_device(path: str) -> bool:
    """Whether it exists and is something that must not be renamed over: /dev/null, a pipe."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return False


def _write(file: str, text: str, flags: int) -> None:
    binary = getattr(os, "O_BINARY", 0)
    with open(os.open(file, flags | binary, 0o666), "wb") as stream:
        stream.write(text.encode("utf-8"))
        stream.flush()
