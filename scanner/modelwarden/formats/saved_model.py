"""TensorFlow SavedModel: `saved_model.pb`, graphs with their libraries of functions, assets and Keras objects.

A graph is a program: its operators read and write files, call Python functions that the process has registered, or load what
they are given, when the model is called or, from an initialiser, when it is loaded. They work just the same in a function of
the library, which a node calls. Specification: `tensorflow/core/protobuf/saved_model.proto`;
<https://www.tensorflow.org/guide/saved_model>.

Checked: every node of every graph and function by its operator, never by its name or the constants it holds; the files and
addresses that operators are given as constants; graphs within constants that operators run; names of assets that lead out of
the directory; Keras configuration in the object graph. A message that is cut off is read as far as it goes.

Not checked: the numbers of constants, MLIR and StableHLO modules (`XlaCallModule`), the files beside the graph (each is a
file of its own), the chunked form `saved_model.cpb`; file names that reach an operator through a function's argument;
operators that talk to other machines (`DataServiceDataset`, `RpcServer`) or write summaries. RestoreV2, SaveV2 and their kin
are in every SavedModel: savers are looked at only when they are given an absolute path.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope

_SUFFIX = ".pb"
_FIRST = b"\x08\x12"
"""How its two fields begin. A file of that suffix may begin with any other."""


def _recognise(head: Head) -> bool:
    if not head.start or (head.start[0] not in _FIRST and head.suffix != _SUFFIX):
        return False
    # Few files come this far.
    from modelwarden.parsing.tensorflow.kinds import Kinds

    return Kinds(head.source, patient=head.suffix == _SUFFIX).is_saved_model()


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.saved_model import properties  # few ask

        yield from properties(source)
    # Loaded for the files that need it: start-up is precious.
    from modelwarden.parsing.tensorflow.binary import GraphFile

    yield from GraphFile(source, 5 * scope.budget.limits.values).saved_model()


FORMAT = Format(
    name="saved-model",
    title="TensorFlow SavedModel",
    suffixes=(),
    ambiguous_suffixes=(_SUFFIX,),
    recognise=_recognise,
    observe=_observe,
)
