"""Standard output: UTF-8 whatever the locale says, in colour only on a terminal, and no complaint when the reader leaves."""

import errno
import os
import sys
from collections.abc import Iterable

from modelwarden.errors import UserError
from modelwarden.reports.lines import Line, plain


def check_open() -> None:
    """Raise UserError when the process was started without a standard output."""
    if sys.stdout is None:
        raise UserError("cannot write to stdout: it is closed")


def is_terminal() -> bool:
    """Whether colours are seen and wanted (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def show(lines: Iterable[Line]) -> None:
    """Write lines, in colour on a terminal. Raises UserError when they cannot be written (a full disk)."""
    if not is_terminal():
        write(plain(lines))
        return
    from modelwarden.reports import terminal

    try:
        terminal.write(lines, sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        _leave(error)


def write(text: str) -> None:
    """Write text as it is. Raises UserError when it cannot be written (a full disk)."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    except OSError as error:
        _leave(error)


def _leave(error: OSError) -> None:
    """Point stdout at nothing, so that what is still buffered does not fail again when the interpreter exits."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
    reader_left = isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)
    if not reader_left:
        raise UserError(f"cannot write to stdout: {error.strerror}") from error
