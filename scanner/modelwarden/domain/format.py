"""What a format is: a frozen record of two functions, so there is nothing to inherit and nowhere for things to gather."""

from collections.abc import Callable, Container, Iterator
from typing import Protocol, TypeAlias

from modelwarden.domain.budget import Budget
from modelwarden.domain.observation import Gap, Observation
from modelwarden.domain.record import record
from modelwarden.domain.value import Global


class ByteSource(Protocol):
    """Bytes readable anywhere, never all at once by accident."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`; fewer only at the end. Never raises for an offset past the end."""
        ...


HEAD_BYTES = 4096
TAIL_BYTES = 66 << 10
"""Enough for a ZIP end record with the longest comment (APPNOTE 4.3.16: 22 + 65,535)."""


class Head:
    """What a format may look at to recognise bytes: the first `HEAD_BYTES`, the size, the suffix, the source itself."""

    __slots__ = ("_tail", "size", "source", "start", "suffix")

    def __init__(self, source: ByteSource, suffix: str = "") -> None:
        self.source = source
        self.size = source.size
        self.suffix = suffix
        self.start = source.read(0, HEAD_BYTES)
        self._tail: bytes | None = None

    @property
    def tail(self) -> bytes:
        """The last `TAIL_BYTES`, read when first asked for."""
        if self._tail is None:
            if self.size <= len(self.start):
                self._tail = self.start
            else:
                self._tail = self.source.read(max(0, self.size - TAIL_BYTES), TAIL_BYTES)
        return self._tail


class Scope:
    """What a reader may spend, which globals it need not dwell on, and what the artifact is called.

    `harmless` holds (module, name) pairs that are harmless whatever their arguments: calls of them are not reported at all.
    `stateful` holds classes of whose instances the state is to be reported: it decides what runs. `notable` says whether a global
    is known for what it can do: what only another reading of some bytes looks up counts when it is.
    `name`: the last part of the artifact's path, which may name what is packed inside; never a reason to trust the bytes.
    `inside`: it is a member of a container. `names`: somebody asks what models are called (`Name`); `describe`: what files say
    of themselves (`Property`); `weights`: what the numbers of tensors are like (`Numbers`).
    """

    __slots__ = (
        "budget",
        "describe",
        "harmless",
        "inside",
        "name",
        "names",
        "notable",
        "stateful",
        "weights",
    )

    def __init__(
        self,
        budget: Budget | None = None,
        harmless: Container[tuple[str, str]] = frozenset(),
        stateful: Container[tuple[str, str]] = frozenset(),
        notable: Callable[[Global], bool] = lambda target: True,
        name: str = "",
        inside: bool = False,
        names: bool = False,
        describe: bool = False,
        weights: bool = False,
    ) -> None:
        self.budget = Budget() if budget is None else budget
        self.harmless = harmless
        self.stateful = stateful
        self.notable = notable
        self.name = name
        self.inside = inside
        self.names = names
        self.describe = describe
        self.weights = weights

    def of(self, name: str, *, inside: bool) -> "Scope":
        """The same for another artifact of the same file."""
        return Scope(
            self.budget,
            self.harmless,
            self.stateful,
            self.notable,
            name,
            inside,
            self.names,
            self.describe,
            self.weights,
        )


@record
class Child:
    """A member of a container, to be scanned like a file.

    `expected` names the format its loader will use whatever the bytes look like (`pickle` for `data.pkl`): that format then
    reads it even when it does not recognise it.
    """

    member: str
    source: ByteSource
    expected: str = ""


Fact: TypeAlias = Observation | Gap | Child


@record(kw_only=True)
class Format:
    """One constant per file in `formats/`.

    `suffixes` are claims: a file that bears one and is not recognised as anything is reported as malformed.
    `ambiguous_suffixes` are shared with other kinds of file: not recognised means skipped.
    `runs_code`: loading this format can run code by design.
    `refines`: names of more general formats that step back when this one recognises the bytes.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognise: Callable[[Head], bool]
    observe: Callable[[ByteSource, Scope], Iterator[Fact]]
    ambiguous_suffixes: tuple[str, ...] = ()
    runs_code: bool = False
    refines: tuple[str, ...] = ()
