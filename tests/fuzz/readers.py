"""Coverage-guided fuzzing of every reader: any bytes end within the budget, and nothing is raised but `LimitReached`.

    python -m tests.fuzz.readers -max_total_time=300 .cache/fuzz tests/corpus

Arguments are libFuzzer's; the first folder collects inputs, the others are seeds. Needs atheris (`make fuzz`).
"""

import sys
from collections.abc import Iterator

import atheris

with atheris.instrument_imports(include=["modelwarden"]):
    from modelwarden.domain.budget import Budget, LimitReached, Limits
    from modelwarden.domain.format import Child, Fact, Head, Scope
    from modelwarden.formats import FORMATS
    from modelwarden.source.memory import MemorySource

LIMITS = Limits(depth=3, members=200, expanded_bytes=4 << 20, inline_bytes=1 << 16, pickle_memory=4 << 20)


def one_input(data: bytes) -> None:
    """Recognise and read `data` as everything it could be, members included."""
    scope = Scope(Budget(LIMITS))
    queue = [(MemorySource(data), 0)]
    while queue:
        source, depth = queue.pop()
        try:
            head = Head(source)
            for form in FORMATS:
                form.recognise(head)
                for child in _children(form.observe(source, scope)):
                    if depth < LIMITS.depth and scope.budget.members < LIMITS.members:
                        scope.budget.members += 1
                        queue.append((MemorySource(child.source.read(0, 1 << 16)), depth + 1))
        except LimitReached:
            return


def _children(facts: Iterator[Fact]) -> Iterator[Child]:
    for fact in facts:
        if isinstance(fact, Child):
            yield fact


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
