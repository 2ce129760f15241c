"""Gigabytes of weights hold no program: what `find_programs` says of random numbers, and how fast.

    python -m tests.fuzz.programs [MEGABYTES]

Run by hand (`make fuzz` does not); needs NumPy. Exits with 1 when a program is found.
"""

import sys
import time
from collections.abc import Callable

import numpy

from modelwarden.parsing.native import find_programs

_BLOCK = 64 << 20

_WEIGHTS: dict[str, Callable[[numpy.random.Generator], bytes]] = {
    "float32, normal": lambda random: random.standard_normal(_BLOCK // 4, numpy.float32).tobytes(),
    "float16, normal": lambda random: (
        random.standard_normal(_BLOCK // 2, numpy.float32).astype(numpy.float16).tobytes()
    ),
    "bytes, uniform": lambda random: random.bytes(_BLOCK),
}


def main(megabytes: int) -> int:
    """How many programs were found, all told."""
    found = 0
    for name, make in _WEIGHTS.items():
        random = numpy.random.default_rng(1)
        seconds, places = 0.0, 0
        for _ in range(0, megabytes << 20, _BLOCK):
            block = make(random)
            start = time.perf_counter()
            places += sum(1 for _ in find_programs(block))
            seconds += time.perf_counter() - start
        print(f"{name}: {places} programs in {megabytes} MB, {megabytes / seconds:.0f} MB/s")
        found += places
    return found


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024) != 0)
