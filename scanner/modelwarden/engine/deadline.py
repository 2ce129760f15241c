"""Time that is up: an alarm of the system ends the work on one file, wherever it is.

The alarm raises `DeadlineReached` between two steps of Python. What is written in C is not interrupted but ends first; where that
could take long (HDF5) another process does it. A reader or a library may swallow the error, so it is raised again and again until
`within` has it. Alarms exist on POSIX, and only for the main thread: elsewhere a worker process scans, which its parent ends.
"""

import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final, TypeVar

from modelwarden.domain.budget import LimitReached

T = TypeVar("T")

_AGAIN: Final = 0.25


class DeadlineReached(LimitReached):
    """The time for one file is up."""

    def __init__(self, seconds: float) -> None:
        super().__init__(too_long(seconds))


def too_long(seconds: float) -> str:
    """What is said of a file that took longer than this."""
    return f"it took longer than {seconds:g} s: the rest was not read"


class Clock:
    """Runs work for at most so many seconds; without an end where there are no alarms (`available`)."""

    __slots__ = ("_armed", "_held", "_seconds", "reached")

    def __init__(self) -> None:
        self._armed = False
        self._held = False
        self._seconds = 0.0
        self.reached = False

    @staticmethod
    def available() -> bool:
        """Whether this thread can be given an alarm."""
        return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    def check(self) -> None:
        """Raises DeadlineReached when the time is up and somebody has swallowed that."""
        if self.reached:
            raise DeadlineReached(self._seconds)

    @contextmanager
    def held(self) -> Generator[None]:
        """While something is done that must not stop half-way; it must be short."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    if sys.platform == "win32":

        def within(self, seconds: float, work: Callable[[], T], late: Callable[[DeadlineReached], T]) -> T:
            """What `work` returns."""
            return work()

    else:

        def within(self, seconds: float, work: Callable[[], T], late: Callable[[DeadlineReached], T]) -> T:
            """What `work` returns, or what `late` makes of the error when the time was up before."""
            if not self.available():
                return work()
            self._seconds = seconds
            self.reached = False
            handler = signal.signal(signal.SIGALRM, self._ring)
            before = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
            try:
                # Python looks for signals when it calls something: never between the return of the work, or the catching of
                # the error, and the storing of a plain attribute. So the error is raised within this `try` or not at all.
                try:
                    self._armed = True
                    done = work()
                    self._armed = False
                except DeadlineReached as error:
                    self._armed = False
                    done = late(error)
            finally:
                self._armed = False
                signal.setitimer(signal.ITIMER_REAL, *before)
                signal.signal(signal.SIGALRM, handler)
            return done

        def _ring(self, number: int, frame: FrameType | None) -> None:
            if self._armed and not self._held:
                self.reached = True
                raise DeadlineReached(self._seconds)
