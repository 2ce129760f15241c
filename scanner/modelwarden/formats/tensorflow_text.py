"""TensorFlow graphs in protobuf's text format: `saved_model.pbtxt`, `graph.pbtxt`, MetaGraphDefs alike.

The loaders take them in place of the binary form, so they can do whatever a SavedModel can. Specification:
<https://protobuf.dev/reference/protobuf/textformat-spec/> and the messages of `saved_model.proto`, `meta_graph.proto`,
`graph.proto`.

Checked: the same as in the binary form, token by token: nodes by their operators, constants that operators are given, assets,
Keras configuration in the object graph.

Not checked: what follows the first 32 MiB of a text; graphs within constants.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall

_SUFFIX = ".pbtxt"
_PATIENCE = 1 << 20
"""Bytes of comments that are passed by at the beginning of a file of that suffix."""
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n)*+(?:"
    rb"(?P<sure>saved_model_schema_version\s*:"
    rb"|(?:meta_graphs|meta_info_def|graph_def|saver_def|collection_def|signature_def|asset_file_def|object_graph_def)\s*:?\s*[{<\[])"
    rb"|(?P<graph>(?:node|library|versions)\s*:?\s*[{<\[]|version\s*:\s*\d+\s+(?:node|library|versions)\s*:?\s*[{<\[]))"
)
_OPERATOR = re.compile(rb"\b(?:op|node_def)\s*[:{<]")


def _recognise(head: Head) -> bool:
    match = _BEGINNING.match(head.start)
    if match is None and head.suffix == _SUFFIX and head.start[:1].isspace() | head.start.startswith(b"#"):
        match = _BEGINNING.match(head.source.read(0, _PATIENCE))
    if match is None:
        return False
    return match["sure"] is not None or head.suffix == _SUFFIX or _OPERATOR.search(head.start) is not None


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # Loaded for the files that need it: start-up is precious.
    from modelwarden.parsing.tensorflow.text import TextGraphFile

    ceiling = 2 * scope.budget.limits.text_bytes
    yield from TextGraphFile().facts(source.read(0, ceiling))
    if source.size > ceiling:
        rest = Span(ceiling, source.size - ceiling)
        yield Gap(Shortfall.LIMIT, f"of {source.size:,} bytes of text the first {ceiling:,} were read", rest)


FORMAT = Format(
    name="tensorflow-text",
    title="TensorFlow graph as text",
    suffixes=(),
    ambiguous_suffixes=(_SUFFIX,),
    recognise=_recognise,
    observe=_observe,
)
