"""The head of an ONNX model, and the tensors of its graph. Source: `onnx/onnx.proto` of onnx 1.20."""

from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.parsing.headers.tensors import Tensors
from modelwarden.parsing.headers.tolerant import tolerant
from modelwarden.parsing.protobuf import BYTES, VARINT, Field, Wire

_TEXTS: Final = {2: "producer", 3: "producer-version", 4: "domain", 6: "description"}
_GRAPH, _OPSET, _METADATA, _IR = 7, 8, 14, 1
_TYPES: Final = (
    "UNDEFINED FLOAT UINT8 INT8 UINT16 INT16 INT32 INT64 STRING BOOL FLOAT16 DOUBLE UINT32 UINT64 COMPLEX64 COMPLEX128 "
    "BFLOAT16 FLOAT8E4M3FN FLOAT8E4M3FNUZ FLOAT8E5M2 FLOAT8E5M2FNUZ UINT4 INT4 FLOAT4E2M1"
).split()
_TEXT: Final = 2_000
_FIELDS: Final = 2_000_000
_TOP: Final = 10_000
"""Fields of the model itself that are looked at for a licence."""
_SIZES: Final = 64
_LICENCES: Final = frozenset({"license", "licence", "model_license"})


@tolerant
def licences(source: ByteSource) -> Iterator[Property]:
    """The licences among the model's own metadata."""
    wire = Wire(source, _TOP)
    for field in wire.fields():
        if field.number == _METADATA and field.wire == BYTES:
            key, value = _entry(wire, field)
            if key.lower() in _LICENCES:
                yield Property("licence", value, Span(field.start, field.size))


@tolerant
def properties(source: ByteSource) -> Iterator[Property]:
    """What the model says of itself, its tensors last."""
    wire = Wire(source, _FIELDS)
    yield Property("framework", "onnx", Span(0, source.size))
    graphs: list[Field] = []
    for field in wire.fields():
        span = Span(field.start, field.size)
        if field.number == _IR and field.wire == VARINT:
            yield Property("format-version", str(field.value), span)
        elif field.wire != BYTES:
            continue
        elif field.number in _TEXTS:
            yield Property(_TEXTS[field.number], wire.text(field, _TEXT), span)
        elif field.number == _OPSET:
            domain, version = _opset(wire, field)
            yield Property("operator-set", f"{domain or 'ai.onnx'} {version}", span)
        elif field.number == _METADATA:
            key, value = _entry(wire, field)
            if key.lower() not in _LICENCES:
                yield Property("metadata", f"{key[:200]}={value[:1000]}", span)
        elif field.number == _GRAPH:
            graphs.append(field)
    for graph in graphs:
        yield from _graph(wire, graph)


def _graph(wire: Wire, graph: Field) -> Iterator[Property]:
    tensors = Tensors()
    span = Span(graph.start, graph.size)
    nodes = 0
    for field in wire.fields(graph.start, graph.end):
        if field.wire != BYTES:
            continue
        if field.number == 1:
            nodes += 1
        elif field.number == 2:
            yield Property("name", wire.text(field, _TEXT), span)
        elif field.number == 5:
            tensors.add(*_tensor(wire, field))
    yield Property("operators", str(nodes), span)
    yield from tensors.properties(span)


def _tensor(wire: Wire, tensor: Field) -> tuple[str, str, list[int]]:
    name, kind = "", 0
    sizes: list[int] = []
    for field in wire.fields(tensor.start, tensor.end):
        if field.number == 1 and field.wire == VARINT and len(sizes) < _SIZES:
            sizes.append(field.value)
        elif field.number == 1 and field.wire == BYTES:
            sizes += _packed(wire.payload(field, 10 * _SIZES))
        elif field.number == 2 and field.wire == VARINT:
            kind = field.value
        elif field.number == 8 and field.wire == BYTES:
            name = wire.text(field, _TEXT)
    return name, _TYPES[kind] if kind < len(_TYPES) else f"type-{kind}", sizes


def _packed(data: bytes) -> list[int]:
    numbers: list[int] = []
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            numbers.append(value)
            value = shift = 0
    return numbers[:_SIZES]


def _opset(wire: Wire, message: Field) -> tuple[str, int]:
    domain, version = "", 0
    for field in wire.fields(message.start, message.end):
        if field.number == 1 and field.wire == BYTES:
            domain = wire.text(field, _TEXT)
        elif field.number == 2 and field.wire == VARINT:
            version = field.value
    return domain, version


def _entry(wire: Wire, message: Field) -> tuple[str, str]:
    texts = {
        field.number: wire.text(field, _TEXT)
        for field in wire.fields(message.start, message.end)
        if field.wire == BYTES
    }
    return texts.get(1, ""), texts.get(2, "")
