"""What a SavedModel says: the version of TensorFlow, tags, signatures, and how many operators.

Sources: `tensorflow/core/protobuf/{saved_model,meta_graph}.proto`.
"""

from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.parsing.headers.tolerant import tolerant
from modelwarden.parsing.protobuf import BYTES, VARINT, Field, Wire

_FIELDS: Final = 3_000_000
_TEXT: Final = 500
_INFO, _GRAPH, _SIGNATURE = 1, 2, 5
_TAGS, _VERSION = 4, 5


@tolerant
def properties(source: ByteSource) -> Iterator[Property]:
    """What every MetaGraph of the model says."""
    wire = Wire(source, _FIELDS)
    yield Property("framework", "tensorflow", Span(0, source.size))
    for field in wire.fields():
        if field.number == 1 and field.wire == VARINT:
            yield Property("format-version", str(field.value), Span(field.start, field.size))
        elif field.number == 2 and field.wire == BYTES:
            yield from _meta_graph(wire, field)


def _meta_graph(wire: Wire, graph: Field) -> Iterator[Property]:
    for field in wire.fields(graph.start, graph.end):
        if field.wire != BYTES:
            continue
        span = Span(field.start, field.size)
        if field.number == _INFO:
            for part in wire.fields(field.start, field.end):
                if part.wire == BYTES and part.number in (_TAGS, _VERSION):
                    key = "tag" if part.number == _TAGS else "framework-version"
                    yield Property(key, wire.text(part, _TEXT), span)
        elif field.number == _GRAPH:
            operators = sum(1 for _ in _nodes(wire, field))
            yield Property("operators", str(operators), span)
        elif field.number == _SIGNATURE:
            name = next((one for one in wire.fields(field.start, field.end) if one.number == 1), None)
            if name is not None and name.wire == BYTES:
                yield Property("signature", wire.text(name, _TEXT), span)


def _nodes(wire: Wire, graph: Field) -> Iterator[Field]:
    """The nodes of a graph, and those of the functions in its library."""
    for field in wire.fields(graph.start, graph.end):
        if field.number == 1 and field.wire == BYTES:
            yield field
        elif field.number == 2 and field.wire == BYTES:
            for function in wire.fields(field.start, field.end):
                if function.number == 1 and function.wire == BYTES:
                    for node in wire.fields(function.start, function.end):
                        if node.number == 3 and node.wire == BYTES:
                            yield node
