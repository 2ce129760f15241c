"""The alarm ends whatever runs in Python, again and again if it must, and leaves no trace."""

import signal
import sys
import time
from itertools import count

import pytest

from modelwarden.domain.budget import LimitReached
from modelwarden.engine.deadline import Clock, DeadlineReached

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no alarms")


def busy() -> str:
    for _ in count():
        pass
    raise AssertionError


def late(error: DeadlineReached) -> str:
    return str(error)


def test_work_that_ends_in_time_is_left_alone() -> None:
    before = signal.getsignal(signal.SIGALRM)
    assert Clock().within(100, lambda: "done", late) == "done"
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_work_that_does_not_end_is_ended() -> None:
    assert Clock().within(0.05, busy, late) == "it took longer than 0.05 s: the rest was not read"
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_error_that_is_swallowed_comes_again() -> None:
    swallowed = 0

    def stubborn() -> str:
        nonlocal swallowed
        while swallowed < 3:
            try:
                busy()
            except LimitReached:
                swallowed += 1
        return busy()

    clock = Clock()
    assert clock.within(0.01, stubborn, late).startswith("it took longer")
    assert swallowed == 3
    with pytest.raises(DeadlineReached):
        clock.check()


def test_while_it_is_held_nothing_stops_half_way() -> None:
    clock = Clock()
    steps: list[str] = []

    def work() -> str:
        with clock.held():
            end = time.monotonic() + 0.1
            while time.monotonic() < end:
                pass
            steps.append("whole")
        return busy()

    assert clock.within(0.01, work, late).startswith("it took longer")
    assert steps == ["whole"]


def test_the_end_of_the_work_is_never_missed() -> None:
    """The alarm comes at any moment around the end: the work is done, or it is late, and nothing is raised."""
    clock = Clock()
    for step in range(300):
        end = time.perf_counter() + 0.002

        def work(end: float = end) -> str:
            while time.perf_counter() < end:
                pass
            return "done"

        assert clock.within(0.0019 + step * 1e-6, work, late)[:4] in ("done", "it t")
    clock.within(100, lambda: "done", late)
    clock.check()


def test_somebody_elses_alarm_is_put_back() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
    signal.setitimer(signal.ITIMER_REAL, 50)
    try:
        Clock().within(0.01, busy, late)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 50
        assert rung == []
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
