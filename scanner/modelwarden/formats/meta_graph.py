"""TensorFlow MetaGraphDef: the `.meta` file of a TensorFlow 1 checkpoint, a graph with its collections.

`tf.compat.v1.train.import_meta_graph` takes the graph from it, and what the session then runs can read and write files.
Specification: `tensorflow/core/protobuf/meta_graph.proto`.

Checked: every node of the graph and of its functions by its operator; the files and addresses that operators are given as
constants, except those that a collection or an asset names as the model's own vocabulary; Keras configuration in the object
graph.

Not checked: other collections, which name nodes and hold settings; the numbers of constants.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope

_SUFFIXES = (".meta", ".pb")
_FIRST = b"\x0a\x12"
"""How its first fields begin. A file of these suffixes may begin with any other."""


def _recognise(head: Head) -> bool:
    if not head.start or (head.start[0] not in _FIRST and head.suffix not in _SUFFIXES):
        return False
    # Few files come this far.
    from modelwarden.parsing.tensorflow.kinds import Kinds

    return Kinds(head.source, patient=head.suffix in _SUFFIXES).is_meta_graph()


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # Loaded for the files that need it: start-up is precious.
    from modelwarden.parsing.tensorflow.binary import GraphFile

    yield from GraphFile(source, 5 * scope.budget.limits.values).meta_graph()


FORMAT = Format(
    name="meta-graph",
    title="TensorFlow MetaGraphDef",
    suffixes=(),
    ambiguous_suffixes=_SUFFIXES,
    recognise=_recognise,
    observe=_observe,
)
