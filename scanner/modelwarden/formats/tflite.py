"""TensorFlow Lite: a FlatBuffer with the identifier `TFL3`.

Its own operators compute. Flex operators run TensorFlow's kernels instead, those that read and write files among them, and
custom operators run whatever the application has registered under their name. Models with metadata have a ZIP archive of
label files behind them. Specification: `tensorflow/compiler/mlir/lite/schema/schema.fbs`;
<https://ai.google.dev/edge/litert/models/metadata>.

Checked: custom and Flex operators of every subgraph, a Flex operator by the node it carries; that tables, vectors and buffers
lie within the file; the members of an archive behind the model, each as a file.

Not checked: the numbers of the tensors, how operators are connected, the options of custom operators other than Flex.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.observation import Anomaly, Quirk

_IDENTIFIER = b"TFL3"


def _recognise(head: Head) -> bool:
    root = int.from_bytes(head.start[:4], "little")
    return head.start[4:8] == _IDENTIFIER and 8 <= root < head.size


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.tflite import properties  # few ask

        yield from properties(source)
    # Loaded for the files that need it: start-up is precious.
    from modelwarden.parsing.tensorflow.lite import LiteModel
    from modelwarden.parsing.zip.archive import has_directory

    yield from LiteModel(source).facts()
    if has_directory(source, Head(source).tail):
        yield from _behind(source, scope)


def _behind(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    """The archive behind the model. That the model stands in front of it is the way metadata is packed, and no oddity."""
    from modelwarden.parsing.zip.archive import Archive, duplicates
    from modelwarden.parsing.zip.member import Members

    archive = Archive(source, scope.budget)
    for fact in archive.facts:
        is_the_model = isinstance(fact, Child) and fact.source.read(4, 4) == _IDENTIFIER
        at_the_front = isinstance(fact, Anomaly) and fact.quirk is Quirk.POLYGLOT and fact.span.offset == 0
        if not is_the_model and not at_the_front:
            yield fact
    yield from duplicates(archive.entries)
    members = Members(archive)
    for entry in archive.entries:
        yield from members.open(entry)


FORMAT = Format(
    name="tflite",
    title="TensorFlow Lite model",
    suffixes=(".tflite",),
    recognise=_recognise,
    observe=_observe,
    refines=("zip",),
)
