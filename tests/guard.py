"""What must end: a guard against work that hangs or explodes. It asserts no time: its allowance is minutes."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ALLOWANCE = 120
"""Seconds: an exponential or quadratic reader needs hours for the inputs that are guarded."""


@contextmanager
def ends() -> Iterator[None]:
    """Fails the test when the work inside does not end. Without alarms (Windows) nothing guards it."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def fail(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"it had not ended after {ALLOWANCE} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(ALLOWANCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
