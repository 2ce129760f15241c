"""Keras metadata of a SavedModel: `keras_metadata.pb`, a list of objects with their configuration in JSON.

Keras 2.5 to 2.15 wrote it beside `saved_model.pb` and revives layers from it: a Lambda layer carries Python bytecode that
runs when the model is called, and a registered name is looked up in modules. Source: `keras/protobuf/saved_metadata.proto`
(Keras 2) and `keras/saving/legacy/saved_model/load.py`.

Checked: the configuration of every object, as that of a Keras model is.

Not checked: the paths and numbers of the objects in the object graph.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span

_SUFFIX = ".pb"
_FIRST = b"\x0a"


def _recognise(head: Head) -> bool:
    if not head.start or (head.start[0] not in _FIRST and head.suffix != _SUFFIX):
        return False
    # Few files come this far.
    from modelwarden.parsing.tensorflow.kinds import Kinds

    return Kinds(head.source, patient=head.suffix == _SUFFIX).is_keras_metadata()


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # Loaded for the files that need it: start-up is precious.
    from modelwarden.parsing.tensorflow.binary import CONFIGURATION, Messages, keras_facts

    messages = Messages(source, 5 * scope.budget.limits.values)
    for node in messages.fields(number=1):
        for metadata in messages.fields(node, 5):
            text = messages.wire.payload(metadata, CONFIGURATION + 1)
            yield from keras_facts(text, Span(metadata.start, metadata.size))
    yield from messages.gaps()


FORMAT = Format(
    name="keras-metadata",
    title="Keras metadata of a SavedModel",
    suffixes=(),
    ambiguous_suffixes=(_SUFFIX,),
    recognise=_recognise,
    observe=_observe,
)
