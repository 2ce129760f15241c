"""One file to scan, and how."""

from typing import TYPE_CHECKING

from modelwarden.domain.record import record
from modelwarden.engine.discover import Target

if TYPE_CHECKING:
    from modelwarden.engine.cache import Ticket


@record
class Task:
    """`size`: bytes on disk, 0 when nobody knows. `hashing`: its digest is wanted. `ticket`: where the cache keeps its result."""

    target: Target
    size: int
    hashing: bool
    ticket: "Ticket | None" = None

    @property
    def exact(self) -> bool:
        """Whether it must be told of which bytes exactly the result is."""
        return self.ticket is not None
