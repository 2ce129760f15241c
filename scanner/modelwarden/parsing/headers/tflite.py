"""What a TensorFlow Lite model says. Source: `tensorflow/compiler/mlir/lite/schema/schema.fbs`."""

from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.parsing.flatbuffers import Flat
from modelwarden.parsing.headers.tensors import Tensors
from modelwarden.parsing.headers.tolerant import tolerant

_VERSION, _SUBGRAPHS, _DESCRIPTION, _METADATA, _SIGNATURES = 0, 2, 3, 6, 7
_TYPES: Final = (
    "FLOAT32 FLOAT16 INT32 UINT8 INT64 STRING BOOL INT16 COMPLEX64 INT8 FLOAT64 COMPLEX128 UINT64 RESOURCE VARIANT UINT32 "
    "UINT16 INT4 BFLOAT16"
).split()
_MOST: Final = 100_000
_TEXT: Final = 500
_SIZES: Final = 32


@tolerant
def properties(source: ByteSource) -> Iterator[Property]:
    """Version, description, signatures, operators and tensors."""
    flat = Flat(source)
    model = flat.root()
    span = Span(0, source.size)
    yield Property("framework", "tflite", span)
    yield Property("format-version", str(flat.scalar(model, _VERSION, 4)), span)
    if description := flat.text(model, _DESCRIPTION, _TEXT):
        yield Property("description", description, span)
    for table in flat.tables(model, _SIGNATURES):
        if name := flat.text(table, 2, _TEXT):
            yield Property("signature", name, span)
    tensors = Tensors()
    operators = left = 0
    for subgraph in flat.tables(model, _SUBGRAPHS):
        for tensor in flat.tables(subgraph, 0):
            left += 1
            if left > _MOST:
                return
            start, count = flat.vector(tensor, 0)
            sizes = [flat.number(start + 4 * index, 4) for index in range(min(count, _SIZES))]
            kind = flat.scalar(tensor, 1, 1)
            name = _TYPES[kind] if kind < len(_TYPES) else f"type-{kind}"
            tensors.add(flat.text(tensor, 3, _TEXT), name, sizes)
        operators += flat.vector(subgraph, 3).items
    yield Property("operators", str(operators), span)
    for stated in tensors.properties(span):
        if stated.key != "parameters":  # most of its tensors are no parameters
            yield stated
