"""How large a file may be, and all files together: what is larger is not opened, and said to be unread."""

import os
import stat

from modelwarden.domain.budget import Limits
from modelwarden.domain.record import replace
from modelwarden.domain.size import LARGEST, show_size
from modelwarden.engine.discover import Target


class Allowance:
    """What is left for the files of one scan. Ask once for each, in the order they come."""

    def __init__(self, limits: Limits) -> None:
        self._each = limits.file_bytes
        self._total = limits.total_bytes
        self._taken = 0
        self._unlimited = min(self._each, self._total) >= LARGEST

    def admit(self, target: Target) -> Target:
        """`target`, with an obstacle when it is too large by itself, or when it or one before it exceeded the total."""
        if self._unlimited or target.obstacle:
            return target
        try:
            status = os.stat(target.path)
        except OSError:
            return target  # who opens it says why it cannot be read
        if not stat.S_ISREG(status.st_mode):
            return target
        size = status.st_size
        if size > self._each:
            return self._refused(target, size, f"a file may have {show_size(self._each)}")
        self._taken = min(self._taken + size, LARGEST)
        if self._taken > self._total:
            self._taken = LARGEST
            return self._refused(target, size, f"all files together may have {show_size(self._total)}")
        return target

    def _refused(self, target: Target, size: int, allowed: str) -> Target:
        return replace(
            target,
            obstacle=f"none of its {size:,} bytes were read: {allowed}",
            unread=True,
            too_large=True,
            size=size,
        )
