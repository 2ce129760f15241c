import errno
import io
import os
import sys
from pathlib import Path

import pytest

from modelwarden.errors import UserError
from modelwarden.reports import stdout
from modelwarden.reports.lines import Part, Style, line

LINES = [line(Part("CRITICAL", Style.CRITICAL))]


class Device(io.RawIOBase):
    """Something to write to: `failure` is what the system answers, `terminal` whether it is one."""

    def __init__(self, path: Path, failure: int = 0, terminal: bool = False) -> None:
        self.written = b""
        self.failure = failure
        self.terminal = terminal
        self.file = open(path, "wb")  # noqa: SIM115  its descriptor stands for ours until the test ends

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self.terminal

    def fileno(self) -> int:
        return self.file.fileno()

    def write(self, data: object, /) -> int:
        assert isinstance(data, bytes | memoryview)
        if self.failure and not os.path.samestat(os.fstat(self.fileno()), os.stat(os.devnull)):
            raise OSError(self.failure, os.strerror(self.failure))
        self.written += data
        return len(data)

    def close(self) -> None:
        super().close()
        self.file.close()


def install(monkeypatch: pytest.MonkeyPatch, device: Device) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(device), encoding="ascii"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_writes_utf_8_whatever_the_encoding_of_the_stream(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    device = Device(tmp_path / "out")
    install(monkeypatch, device)
    stdout.write("modèle 🔴\n")
    assert device.written == "modèle 🔴\n".encode()


def test_colours_only_a_terminal_whose_user_has_not_declined(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable, value, terminal, coloured in (
        ("LANG", "C", True, True),
        ("LANG", "C", False, False),
        ("NO_COLOR", "1", True, False),
        ("NO_COLOR", "", True, True),
        ("TERM", "dumb", True, False),
    ):
        device = Device(tmp_path / "out", terminal=terminal)
        with monkeypatch.context() as patch:
            install(patch, device)
            patch.setenv(variable, value)
            stdout.show(LINES)
        assert (b"\x1b[1;31mCRITICAL" in device.written) == coloured
        assert b"CRITICAL" in device.written


@pytest.mark.parametrize("terminal", [False, True])
def test_a_full_disk_is_a_user_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, terminal: bool) -> None:
    install(monkeypatch, Device(tmp_path / "out", errno.ENOSPC, terminal))
    with pytest.raises(UserError, match="cannot write to stdout: No space left on device"):
        stdout.show(LINES)


def test_a_reader_that_leaves_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, Device(tmp_path / "out", errno.EPIPE))
    stdout.show(LINES)
    sys.stdout.flush()


def test_a_closed_stdout_is_noticed_before_the_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    stdout.check_open()
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(UserError, match="closed"):
        stdout.check_open()
