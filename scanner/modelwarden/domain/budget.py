"""What scanning one file may cost, and the error that says it is spent."""

from modelwarden.domain.record import record


class LimitReached(Exception):
    """A limit stopped the reading; `str()` says which and how large it is. What was seen before stands."""


@record(kw_only=True)
class Limits:
    """Ceilings for one file on disk, members included, and for all of them. Sizes in bytes.

    What each of them means is told by `limits.LIMITS`, from which come docs/limits.md and the option `--limit`.
    """

    depth: int = 8
    members: int = 100_000
    expanded_bytes: int = 16 << 30
    expansion_ratio: int = 1_000
    inline_bytes: int = 8 << 20
    text_bytes: int = 16 << 20
    searched_bytes: int = 64 << 30
    values: int = 2_000_000
    pickle_memory: int = 256 << 20
    opcodes: int = 2_000_000_000
    findings: int = 10_000
    file_bytes: int = (1 << 63) - 1
    total_bytes: int = (1 << 63) - 1


_USUAL = Limits()


class Budget:
    """What is left for one file on disk; shared by all members inside it."""

    __slots__ = ("expanded", "limits", "members")

    def __init__(self, limits: Limits = _USUAL) -> None:
        self.limits = limits
        self.members = 0
        self.expanded = 0

    def spend_members(self, count: int = 1) -> None:
        """Count members of containers. Raises LimitReached."""
        self.members += count
        if self.members > self.limits.members:
            raise LimitReached(f"more than {self.limits.members:,} members: the rest was not read")

    def spend_expanded(self, count: int) -> None:
        """Count bytes that came out of a decompressor. Raises LimitReached."""
        self.expanded += count
        if self.expanded > self.limits.expanded_bytes:
            raise LimitReached(
                f"more than {self.limits.expanded_bytes:,} bytes after decompression: the rest was not read"
            )
