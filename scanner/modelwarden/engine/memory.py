"""How much memory a process may take while it scans: what asks for more gets a MemoryError, which costs the file it was for."""

import gc
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress


def release(error: MemoryError) -> None:
    """Let go of what the work that ran out of memory still holds: its frames live as long as the error does, or longer."""
    place = error.__traceback__
    while place is not None:
        with suppress(RuntimeError):  # this frame still runs
            place.tb_frame.clear()
        place = place.tb_next
    gc.collect()


if sys.platform == "win32":

    @contextmanager
    def ceiling(size: int) -> Generator[None]:
        """Windows has no such limit."""
        yield

    def settle(size: int) -> None:
        """Windows has no such limit."""

else:
    import resource

    @contextmanager
    def ceiling(size: int) -> Generator[None]:
        """For a while, at most `size` bytes on top of what this process has. Systems that cannot do that let it pass."""
        before = resource.getrlimit(resource.RLIMIT_AS)
        limit = _lower(_taken() + size, *before)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (limit, before[1]))
        try:
            yield
        finally:
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_AS, before)

    def settle(size: int) -> None:
        """The same for the rest of this process's life and what it starts. No core files; first to go when memory is short."""
        limit = _lower(_taken() + size, *resource.getrlimit(resource.RLIMIT_AS))
        for what, value in ((resource.RLIMIT_AS, limit), (resource.RLIMIT_CORE, 0)):
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (value, value))
        with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as preference:
            preference.write("500")

    def _lower(size: int, *limits: int) -> int:
        return min((size, *(limit for limit in limits if limit != resource.RLIM_INFINITY)))

    def _taken() -> int:
        """Address space that is in use, as Linux tells it; elsewhere nothing is known to be."""
        try:
            with open("/proc/self/statm", "rb") as status:
                return int(status.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError):
            return 0
