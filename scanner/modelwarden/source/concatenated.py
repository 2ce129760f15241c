"""Compressed members one after another, which every reader of gzip, bzip2, xz, zlib and LZ4 takes for one stream."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from modelwarden.domain.budget import Budget, LimitReached
from modelwarden.domain.format import ByteSource
from modelwarden.source.inflate import Corrupt, Stream

Begin: TypeAlias = Callable[[ByteSource, int], Stream | None]
"""The member that starts at an offset of a source, its `consumed` counted from there; None when none does."""

_WINDOW = 64 << 10


@dataclass(slots=True)
class Journal:
    """What came up when the members were read for the first time.

    `furthest`: where the last member starts. `ceiling`: how many bytes may come out. `fault`, `fault_at`: the first member that
    states something wrong about itself. `refusal`: what the decompressor said when it gave up. `limit`: why the reading stopped
    though there was more, or nothing.
    """

    furthest: int = -1
    ceiling: int = 0
    fault: str = ""
    fault_at: int = 0
    refusal: str = ""
    limit: str = ""


class Concatenated:
    """A stream of all members from the start of `source`; zero bytes may stand between them.

    Each member is charged to `budget` once. What is neither a member nor zero ends the stream: `consumed` says where. So does a
    third of what the budget has left when the stream is first made: measuring, recognising and reading what came out take one
    third each.
    """

    __slots__ = ("_at", "_begin", "_budget", "_ended", "_given", "_journal", "_member", "_source")

    fault = ""

    def __init__(self, source: ByteSource, begin: Begin, budget: Budget, journal: Journal) -> None:
        self._source = source
        self._begin = begin
        self._budget = budget
        self._journal = journal
        self._at = 0
        self._given = 0
        self._ended = False
        self._member = begin(source, 0)
        if journal.furthest < 0:
            budget.spend_members()
            journal.furthest = 0
            journal.ceiling = max(0, budget.limits.expanded_bytes - budget.expanded) // 3

    @property
    def consumed(self) -> int:
        return self._at + (self._member.consumed if self._member is not None else 0)

    @property
    def finished(self) -> bool:
        return self._member is not None and self._member.finished and not self._journal.limit

    def step(self, limit: int) -> bytes:
        """1 to `limit` more bytes, or none at the end. Raises `Corrupt`."""
        while self._member is not None and not self._ended:
            try:
                output = self._member.step(limit)
            except Corrupt as error:
                self._journal.refusal = str(error)
                raise
            if output:
                self._given += len(output)
                return (
                    output
                    if self._given <= self._journal.ceiling
                    else self._stop("more bytes than are allowed")
                )
            if not self._member.finished:
                return b""
            self._ended = not self._next(self._member)
        return b""

    def fork(self) -> "Concatenated | None":
        member = self._member.fork() if self._member is not None else None
        if member is None:
            return None
        twin = Concatenated.__new__(Concatenated)
        twin._source = self._source
        twin._begin = self._begin
        twin._budget = self._budget
        twin._journal = self._journal
        twin._at = self._at
        twin._given = self._given
        twin._ended = self._ended
        twin._member = member
        return twin

    def _next(self, done: Stream) -> bool:
        """Go on with the member behind the one that is done. Returns whether there is one."""
        if done.fault and not self._journal.fault:
            self._journal.fault = done.fault
            self._journal.fault_at = self._at
        at = after_zeros(self._source, self._at + done.consumed)
        member = self._begin(self._source, at) if at < self._source.size else None
        if member is None:
            return False
        if at > self._journal.furthest:
            try:
                self._budget.spend_members()
            except LimitReached as limit:
                self._stop(str(limit))
                return False
            self._journal.furthest = at
        self._at = at
        self._member = member
        return True

    def _stop(self, reason: str) -> bytes:
        self._journal.limit = self._journal.limit or reason
        self._ended = True
        return b""


def after_zeros(source: ByteSource, offset: int) -> int:
    """The offset of the first byte from `offset` that is not zero, or the size."""
    while data := source.read(offset, _WINDOW):
        left = data.lstrip(b"\0")
        if left:
            return offset + len(data) - len(left)
        offset += len(data)
    return offset
