"""Where the command starts, by its name or as `python -m modelwarden`: what comes before anything of size is imported."""

import gc
import os
import sys

_ALLOCATIONS = 100_000


def main() -> None:
    """The console script."""
    # What is imported stays, and so does nearly all that a scan keeps: looking through it again and again for what could be
    # freed takes a quarter of a short run.
    gc.set_threshold(_ALLOCATIONS)
    from modelwarden.cli import run

    code = run()
    gc.freeze()  # the process ends, nor is anything looked through then
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:
        sys.exit(code)  # which knows what to do with a reader that has left
    # Everything is written, closed and waited for. Taking the interpreter apart, module by module, would only cost time.
    os._exit(code)


if __name__ == "__main__":
    main()
