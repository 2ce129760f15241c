"""What a workload is to reach, as /docs/benchmarks.md states it: each target reads the measurements and says what it saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from benchmarks.measure import Measured

MEGABYTE = 10**6

Results = Mapping[str, Mapping[str, Measured]]
"""By workload and column."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen; `met` None: what it is compared with was not there, or did not come to an end."""

    seen: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Place:
    """What a target looks at: the workload, and the column of one of our builds."""

    results: Results
    workload: str
    ours: str

    def measured(self, column: str) -> Measured | None:
        """Another column of this workload."""
        return self.results[self.workload].get(column)

    def own(self, variant: str = "", workload: str = "") -> Measured | None:
        """Our build's column, or one of its variants."""
        column = f"{self.ours} {variant}" if variant else self.ours
        return self.results.get(workload or self.workload, {}).get(column)


class Target(Protocol):
    """`str()` is how the table words it."""

    def judge(self, place: Place) -> Verdict:
        """Compare."""
        ...


UNKNOWN = Verdict("–", None)


@dataclass(frozen=True, slots=True)
class Faster:
    """At least so many times less processor time than a peer. A peer that was killed was at least that slow."""

    factor: float
    than: str = "modelscan"

    def __str__(self) -> str:
        return f"≥ {self.factor:g} × {self.than}"

    def judge(self, place: Place) -> Verdict:
        ours, theirs = place.own(), place.measured(self.than)
        if ours is None or theirs is None:
            return UNKNOWN
        ratio = theirs.median("cpu") / ours.median("cpu")
        met = ratio >= self.factor
        return Verdict(f"{'' if theirs.ended else '> '}{ratio:.1f} ×", met if met or theirs.ended else None)


@dataclass(frozen=True, slots=True)
class Share:
    """At most so many times the processor time of another column."""

    factor: float
    of: str

    def __str__(self) -> str:
        return f"≤ {self.factor:g} × {self.of}"

    def judge(self, place: Place) -> Verdict:
        ours, theirs = place.own(), place.measured(self.of)
        if ours is None or theirs is None or not theirs.ended:
            return UNKNOWN
        ratio = ours.median("cpu") / theirs.median("cpu")
        return Verdict(f"{ratio:.2f} ×", ratio <= self.factor)


@dataclass(frozen=True, slots=True)
class StartUps:
    """At most so many times what it costs to start (the workload `start`)."""

    factor: float

    def __str__(self) -> str:
        return f"≤ {self.factor:g} × start-up"

    def judge(self, place: Place) -> Verdict:
        ours, start = place.own(), place.own(workload="start")
        if ours is None or start is None:
            return UNKNOWN
        ratio = ours.median("cpu") / start.median("cpu")
        return Verdict(f"{ratio:.2f} ×", ratio <= self.factor)


@dataclass(frozen=True, slots=True)
class Memory:
    """A peak of at most so many megabytes."""

    megabytes: float
    variant: str = ""

    def __str__(self) -> str:
        return f"≤ {self.megabytes:g} MB"

    def judge(self, place: Place) -> Verdict:
        ours = place.own(self.variant)
        if ours is None:
            return UNKNOWN
        seen = ours.median("memory") / MEGABYTE
        return Verdict(f"{seen:.0f} MB", seen <= self.megabytes)


@dataclass(frozen=True, slots=True)
class EachFile:
    """At most so many microseconds for each of `files`, beyond the start."""

    microseconds: float
    files: int

    def __str__(self) -> str:
        return f"≤ {self.microseconds:g} µs a file"

    def judge(self, place: Place) -> Verdict:
        ours, start = place.own(), place.own(workload="start")
        if ours is None or start is None:
            return UNKNOWN
        seen = (ours.median("cpu") - start.median("cpu")) / self.files * 1e6
        return Verdict(f"{seen:.0f} µs", seen <= self.microseconds)


@dataclass(frozen=True, slots=True)
class Reads:
    """At most so many percent of `size` bytes are read."""

    percent: float
    size: int

    def __str__(self) -> str:
        return f"reads ≤ {self.percent:g} %"

    def judge(self, place: Place) -> Verdict:
        ours = place.own()
        if ours is None:
            return UNKNOWN
        seen = ours.median("read") / self.size * 100
        return Verdict(f"{seen:.2f} %", seen <= self.percent)


@dataclass(frozen=True, slots=True)
class Beyond:
    """One variant takes at most so many seconds of the processor more than another."""

    seconds: float
    variant: str
    than: str

    def __str__(self) -> str:
        return f"{self.variant} ≤ {self.than} + {self.seconds:g} s"

    def judge(self, place: Place) -> Verdict:
        ours, other = place.own(self.variant), place.own(self.than)
        if ours is None or other is None:
            return UNKNOWN
        seen = ours.median("cpu") - other.median("cpu")
        return Verdict(f"+ {seen:.2f} s", seen <= self.seconds)


@dataclass(frozen=True, slots=True)
class Ends:
    """A variant is over within so many seconds of the clock."""

    seconds: float
    variant: str = ""

    def __str__(self) -> str:
        return f"over within {self.seconds:g} s"

    def judge(self, place: Place) -> Verdict:
        ours = place.own(self.variant)
        if ours is None:
            return UNKNOWN
        seen = ours.median("wall")
        return Verdict(f"{seen:.1f} s", seen <= self.seconds and ours.ended)


@dataclass(frozen=True, slots=True)
class Linear:
    """Four times as large takes at most `factor` times as long: the worst of all `kinds` counts; a quick one says nothing."""

    factor: float
    kinds: tuple[str, ...]

    def __str__(self) -> str:
        return f"4 × the size ≤ {self.factor:g} × the time"

    def judge(self, place: Place) -> Verdict:
        start = place.own(workload="start")
        growths = []
        for kind in self.kinds if start is not None else ():
            once, large = place.own(f"{kind} 1"), place.own(f"{kind} 4")
            if start is None or once is None or large is None:
                continue
            first, second = (one.median("cpu") - start.median("cpu") for one in (once, large))
            if second > 4 * _TELLING:
                growths.append((second / max(first, _TELLING), kind))
        if not growths:
            return Verdict("all too quick to tell", True)
        worst, kind = max(growths)
        return Verdict(f"{worst:.1f} × ({kind})", worst <= self.factor)


_TELLING = 0.03
"""Seconds beyond the start: less is noise."""
