"""What scanning one file may cost, and the error that says it is spent."""

from dataclasses import dataclass, field

from modelwarden.domain.record import record


class LimitReached(Exception):
    """A limit stopped the reading; `str()` says which and how large it is. What was seen before stands."""


@record(kw_only=True)
class Limits:
    """Ceilings for one file on disk, members included. Sizes in bytes."""

    depth: int = 8
    members: int = 100_000
    expanded_bytes: int = 16 << 30
    expansion_ratio: int = 1_000
    inline_bytes: int = 8 << 20
    pickle_memory: int = 256 << 20


@dataclass(slots=True)
class Budget:
    """What is left for one file on disk; shared by all members inside it."""

    limits: Limits = field(default_factory=Limits)
    members: int = 0
    expanded: int = 0

    def spend_members(self, count: int = 1) -> None:
        """Count members of containers. Raises LimitReached."""
        self.members += count
        if self.members > self.limits.members:
            raise LimitReached(f"more than {self.limits.members:,} members")

    def spend_expanded(self, count: int) -> None:
        """Count bytes that came out of a decompressor. Raises LimitReached."""
        self.expanded += count
        if self.expanded > self.limits.expanded_bytes:
            raise LimitReached(f"more than {self.limits.expanded_bytes:,} bytes after decompression")
