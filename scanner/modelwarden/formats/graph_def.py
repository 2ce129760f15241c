"""TensorFlow GraphDef: a frozen graph, `frozen_graph.pb`, as TensorFlow 1 and converters write it.

It is the program of a SavedModel by itself: its operators can read and write files whenever the graph is run, from the
library of functions too. Specification: `tensorflow/core/framework/graph.proto`.

Checked: every node of the graph and of its functions by its operator; the files and addresses that operators are given as
constants; graphs within constants that operators run. A message that is cut off is read as far as it goes.

Not checked: the numbers of constants, MLIR and StableHLO modules in attributes.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope

_SUFFIX = ".pb"
_FIRST = b"\x0a\x12\x18\x22"
"""How its fields begin. A file of that suffix may begin with any other."""


def _recognise(head: Head) -> bool:
    if not head.start or (head.start[0] not in _FIRST and head.suffix != _SUFFIX):
        return False
    # Few files come this far.
    from modelwarden.parsing.tensorflow.kinds import Kinds

    return Kinds(head.source, patient=head.suffix == _SUFFIX).is_graph()


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # Loaded for the files that need it: start-up is precious.
    from modelwarden.parsing.tensorflow.binary import GraphFile

    yield from GraphFile(source, 5 * scope.budget.limits.values).graph()


FORMAT = Format(
    name="graph-def",
    title="TensorFlow GraphDef",
    suffixes=(),
    ambiguous_suffixes=(_SUFFIX, ".graphdef"),
    recognise=_recognise,
    observe=_observe,
)
