"""Whether bytes begin like an ONNX model: protobuf has no magic, so the first fields must be those of a model with a graph."""

import re

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource
from modelwarden.parsing.onnx.schema import (
    CHILDREN,
    GRAPH_FIELDS,
    MODEL_FIELDS,
    NODE_FIELDS,
    TENSOR_FIELDS,
    Kind,
)
from modelwarden.parsing.protobuf import BYTES, VARINT, Field, MalformedMessage, Wire

_FIELDS = 256
_FIELDS_NAMED = 2_000
_STRANGE = 8
"""Fields that a model does not have, before its graph."""
_FIRST = 64
"""How many fields of a graph are looked at."""
_GRAPH = 7
_OPERATOR = re.compile(rb"[A-Za-z_][\x21-\x7e]{0,199}")
_TYPES = 64
"""`TensorProto.DataType` ends far below."""


def begins_like_a_model(source: ByteSource, *, named: bool) -> bool:
    """Whether one of the first fields is a graph. `named`: the file is called `.onnx`; any field in the place of one will do."""
    wire = Wire(source, _FIELDS_NAMED if named else _FIELDS)
    strange = 0
    try:
        for field in wire.fields(clipped=True):
            if field.number in CHILDREN[Kind.MODEL] and field.wire == BYTES:
                if named or (field.number == _GRAPH and _is_graph(wire, field)):
                    return True
            elif MODEL_FIELDS.get(field.number) != field.wire:
                strange += 1
                if strange > _STRANGE and not named:
                    return False
    except (MalformedMessage, LimitReached):
        pass
    return False


def _is_graph(wire: Wire, graph: Field) -> bool:
    """Whether a message begins as a graph: with a node or a tensor, and nothing that a graph does not hold."""
    for count, field in enumerate(wire.fields(graph.start, graph.end, clipped=True)):
        if field.wire != BYTES or field.number not in GRAPH_FIELDS or count > _FIRST:
            return False
        if field.number == 1:
            return _is_node(wire, field)
        if field.number == 5:
            return _is_tensor(wire, field)
    return False


def _is_node(wire: Wire, node: Field) -> bool:
    for field in wire.fields(node.start, node.end, clipped=True):
        if field.wire != BYTES or field.number not in NODE_FIELDS:
            return False
        if field.number == 4:
            return _OPERATOR.fullmatch(wire.payload(field, 200)) is not None
    return False


def _is_tensor(wire: Wire, tensor: Field) -> bool:
    for field in wire.fields(tensor.start, tensor.end, clipped=True):
        if field.wire not in TENSOR_FIELDS.get(field.number, ()):
            return False
        if field.number == 2 and field.wire == VARINT:
            return 0 < field.value < _TYPES
    return False
