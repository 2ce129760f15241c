"""Which messages stand in which fields of an ONNX model, as far as operators and files that it names are concerned.

Source: `onnx/onnx.proto` of onnx 1.20.
"""

import re
from enum import Enum

from modelwarden.parsing.protobuf import BYTES, FIXED32, VARINT


class Kind(Enum):
    """A message of `onnx.proto`."""

    MODEL = "ModelProto"
    GRAPH = "GraphProto"
    NODE = "NodeProto"
    ATTRIBUTE = "AttributeProto"
    TENSOR = "TensorProto"
    SPARSE = "SparseTensorProto"
    TRAINING = "TrainingInfoProto"
    FUNCTION = "FunctionProto"
    ENTRY = "StringStringEntryProto"


CHILDREN: dict[Kind, dict[int, Kind]] = {
    Kind.MODEL: {7: Kind.GRAPH, 20: Kind.TRAINING, 25: Kind.FUNCTION},
    Kind.GRAPH: {1: Kind.NODE, 5: Kind.TENSOR, 15: Kind.SPARSE},
    Kind.NODE: {5: Kind.ATTRIBUTE},
    Kind.ATTRIBUTE: {
        5: Kind.TENSOR, 6: Kind.GRAPH, 10: Kind.TENSOR, 11: Kind.GRAPH, 22: Kind.SPARSE, 23: Kind.SPARSE,
    },
    Kind.TENSOR: {13: Kind.ENTRY},
    Kind.SPARSE: {1: Kind.TENSOR, 2: Kind.TENSOR},
    Kind.TRAINING: {1: Kind.GRAPH, 2: Kind.GRAPH},
    Kind.FUNCTION: {7: Kind.NODE, 11: Kind.ATTRIBUTE},
    Kind.ENTRY: {},
}  # fmt: skip

SINGULAR: frozenset[tuple[Kind, int]] = frozenset(
    {(Kind.ATTRIBUTE, 5), (Kind.ATTRIBUTE, 22), (Kind.SPARSE, 1), (Kind.SPARSE, 2)}
)
"""Fields that are one message however often they occur: parsers merge the occurrences. (What graphs hold is repeated anyway.)"""

SCALARS: dict[Kind, frozenset[tuple[int, int]]] = {
    Kind.NODE: frozenset({(3, BYTES), (4, BYTES), (7, BYTES)}),
    Kind.ATTRIBUTE: frozenset({(1, BYTES), (3, VARINT), (4, BYTES)}),
    Kind.TENSOR: frozenset({(8, BYTES), (14, VARINT)}),
    Kind.ENTRY: frozenset({(1, BYTES), (2, BYTES)}),
}
"""Numbers and texts that are wanted, as (field, wire type). The last one counts, as in parsers."""

MODEL_FIELDS: dict[int, int] = {
    1: VARINT, 2: BYTES, 3: BYTES, 4: BYTES, 5: VARINT, 6: BYTES, 7: BYTES, 8: BYTES, 14: BYTES, 20: BYTES, 25: BYTES, 26: BYTES,
}  # fmt: skip
GRAPH_FIELDS = frozenset({1, 2, 5, 10, 11, 12, 13, 14, 15, 16})
NODE_FIELDS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
TENSOR_FIELDS: dict[int, tuple[int, ...]] = {
    1: (VARINT, BYTES), 2: (VARINT,), 3: (BYTES,), 4: (BYTES, FIXED32), 5: (BYTES, VARINT), 6: (BYTES,), 7: (BYTES, VARINT),
    8: (BYTES,), 9: (BYTES,), 10: (BYTES, 1), 11: (BYTES, VARINT), 12: (BYTES,), 13: (BYTES,), 14: (VARINT,), 16: (BYTES,),
}  # fmt: skip
"""Every field of these messages and its wire types; of graphs and nodes all are BYTES."""


def _small(tag: bytes, most: int) -> bytes:
    """A pattern of a field `tag` with a payload of up to `most` bytes."""
    sizes = b"|".join(b"%s.{%d}" % (re.escape(bytes((size,))), size) for size in range(most))
    return re.escape(tag) + b"(?:" + sizes + b")"


_VARINT = rb"[\x80-\xff]{0,9}[\x00-\x7f]"

PASSED: dict[Kind, re.Pattern[bytes]] = {
    Kind.ATTRIBUTE: re.compile(b"(?:=.{4}|@" + _VARINT + b"|" + _small(b"J", 40) + b")+", re.DOTALL),
    Kind.TENSOR: re.compile(b"(?:%.{4}|[(8X]" + _VARINT + b"|" + _small(b"2", 40) + b")+", re.DOTALL),
}
"""Runs of plain numbers and short texts, one field each: decision trees hold millions (floats, ints, strings; *_data)."""
