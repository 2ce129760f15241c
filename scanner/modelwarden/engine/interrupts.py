"""Ctrl-C, and SIGTERM of a runner that wants to end a job: the scan stops and what it has done is reported.

The first signal raises `Interrupted` wherever the main thread is: `scan` makes a report of what it has. The next one raises it
again, and nobody holds it up: half-written files are taken away, and that is all. One more kills.
"""

import signal
import threading
from types import FrameType, TracebackType
from typing import Final

_WATCHED: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """Somebody wants us to end. `number` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def exit_code(self) -> int:
        """What shells expect of a program that a signal ended."""
        return 128 + self.number


class Interrupts:
    """A context in which signals raise `Interrupted`; in any thread but the main one, it does nothing."""

    def __init__(self) -> None:
        self._number = 0
        self._before: list[tuple[int, object]] = []

    @property
    def exit_code(self) -> int:
        """Of a run that was interrupted and has come to its end nevertheless."""
        return 128 + self._number

    def __enter__(self) -> "Interrupts":
        if threading.current_thread() is threading.main_thread():
            for number in _WATCHED:
                if signal.getsignal(number) is not signal.SIG_IGN:  # the shell's way to say `nohup` or `&`
                    self._before.append((number, signal.signal(number, self._interrupt)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before:
            signal.signal(number, handler if callable(handler) else signal.SIG_DFL)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._number:
            for each, _ in self._before:
                signal.signal(each, signal.SIG_DFL)
        self._number = self._number or number
        raise Interrupted(number)
