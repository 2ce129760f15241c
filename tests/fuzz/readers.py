"""Coverage-guided fuzzing of readers and rules: any bytes end within the budget, and nothing is raised but `LimitReached`.

    python -m tests.fuzz.readers -max_total_time=300 .cache/fuzz tests/corpus

Arguments are libFuzzer's; the first folder collects inputs, the others are seeds. Needs atheris (`make fuzz`).
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator

import atheris

with atheris.instrument_imports(include=["modelwarden"]):
    import modelwarden.parsing
    from modelwarden.domain.budget import Budget, LimitReached, Limits
    from modelwarden.domain.format import Child, Fact, Head, Scope
    from modelwarden.domain.observation import Gap
    from modelwarden.engine.judge import Judge
    from modelwarden.formats import FORMATS
    from modelwarden.policies import HARMLESS, STATEFUL
    from modelwarden.policies.tables.known import is_notable
    from modelwarden.source.memory import MemorySource

    # Formats import their parsers when they need one, which would be too late to be instrumented.
    for module in pkgutil.walk_packages(modelwarden.parsing.__path__, "modelwarden.parsing."):
        importlib.import_module(module.name)

LIMITS = Limits(depth=3, members=200, expanded_bytes=4 << 20, inline_bytes=1 << 16, pickle_memory=4 << 20)


def one_input(data: bytes) -> None:
    """Recognise, read and judge `data` as everything it could be, members included."""
    scope = Scope(Budget(LIMITS), HARMLESS, STATEFUL, is_notable)
    judge = Judge()
    queue = [(MemorySource(data), 0)]
    while queue:
        source, depth = queue.pop()
        try:
            head = Head(source)
            for form in FORMATS:
                form.recognise(head)
                for child in _judged(form.observe(source, scope), judge):
                    if depth < LIMITS.depth and scope.budget.members < LIMITS.members:
                        scope.budget.members += 1
                        queue.append((MemorySource(child.source.read(0, 1 << 16)), depth + 1))
        except LimitReached:
            return


def _judged(facts: Iterator[Fact], judge: Judge) -> Iterator[Child]:
    """The children; every other fact goes to all rules."""
    for fact in facts:
        if isinstance(fact, Child):
            yield fact
        elif not isinstance(fact, Gap):
            for _ in judge.judge(fact):
                pass


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
