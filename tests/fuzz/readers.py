"""Coverage-guided fuzzing of readers and rules: any bytes end within the budget, and nothing is raised but `LimitReached`.

    python -m tests.fuzz.readers [--format NAME] -max_total_time=300 .cache/fuzz/readers tests/corpus/malicious/polyglot

With `--format` one reader gets all bytes, whether it would recognise them or not; without it every reader does. Other arguments
are libFuzzer's; the first folder collects inputs, the others are seeds. Needs atheris; `tests.fuzz.campaign` runs all of them.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence

import atheris

with atheris.instrument_imports(include=["modelwarden"]):
    import modelwarden.parsing
    from modelwarden.domain.budget import Budget, LimitReached, Limits
    from modelwarden.domain.format import Child, Fact, Format, Head, Scope
    from modelwarden.domain.observation import Gap
    from modelwarden.engine.judge import Judge
    from modelwarden.formats import FORMATS
    from modelwarden.parsing.hdf5.apart import apart
    from modelwarden.policies import HARMLESS, STATEFUL
    from modelwarden.policies.tables.known import is_notable
    from modelwarden.source.memory import MemorySource

    # Formats import their parsers when they need one, which would be too late to be instrumented.
    for module in pkgutil.walk_packages(modelwarden.parsing.__path__, "modelwarden.parsing."):
        importlib.import_module(module.name)

importlib.import_module("h5py")  # or every process that reads HDF5 imports it anew
apart.__defaults__ = (2.0,)  # seconds: its library often does not return, which is known and costs a gap

LIMITS = Limits(depth=3, members=200, expanded_bytes=4 << 20, inline_bytes=1 << 16, pickle_memory=4 << 20)

_COSTLY = frozenset({"hdf5"})
"""Readers that start a process: among others they get only what they recognise."""


def target(formats: Sequence[Format]) -> Callable[[bytes], None]:
    """What reads and judges bytes as each of `formats`, members included."""

    def one_input(data: bytes) -> None:
        scope = Scope(Budget(LIMITS), HARMLESS, STATEFUL, is_notable, describe=True)
        judge = Judge()
        queue = [(MemorySource(data), 0)]
        while queue:
            source, depth = queue.pop()
            try:
                head = Head(source)
                for form in formats:
                    recognised = form.recognise(head)
                    if form.name in _COSTLY and not recognised and len(formats) > 1:
                        continue
                    for child in _judged(form.observe(source, scope), judge):
                        if depth < LIMITS.depth and scope.budget.members < LIMITS.members:
                            scope.budget.members += 1
                            queue.append((MemorySource(child.source.read(0, 1 << 16)), depth + 1))
            except LimitReached:
                return

    return one_input


def _judged(facts: Iterator[Fact], judge: Judge) -> Iterator[Child]:
    """The children; every other fact goes to all rules."""
    for fact in facts:
        if isinstance(fact, Child):
            yield fact
        elif not isinstance(fact, Gap):
            for _ in judge.judge(fact):
                pass


def main(arguments: list[str]) -> None:
    """Take `--format NAME` away, and leave the rest to libFuzzer. Does not return."""
    formats: Sequence[Format] = tuple(FORMATS)
    if arguments[1:2] == ["--format"]:
        name = arguments[2]
        formats = [form for form in formats if form.name == name]
        if not formats:
            sys.exit(f"no format is called {name}")
        del arguments[1:3]
    atheris.Setup(arguments, target(formats))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
