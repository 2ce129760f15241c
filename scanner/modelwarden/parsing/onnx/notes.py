"""What the maker of an ONNX model wrote beside the graph: its description (`doc_string`) and its metadata (`metadata_props`).

Source: `ModelProto` in `onnx/onnx.proto`.
"""

from collections.abc import Iterator
from typing import Final

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Text
from modelwarden.parsing.protobuf import BYTES, MalformedMessage, Wire
from modelwarden.parsing.texts import texts_of

_DESCRIPTION, _METADATA = 6, 14
_TOP: Final = 10_000
_LONGEST: Final = 1 << 20


def notes(source: ByteSource) -> Iterator[Text]:
    """Secrets and addresses in them."""
    wire = Wire(source, _TOP)
    try:
        for field in wire.fields():
            if field.wire == BYTES and field.number in (_DESCRIPTION, _METADATA):
                holder = "metadata_props" if field.number == _METADATA else "doc_string"
                yield from texts_of(wire.payload(field, _LONGEST), holder, Span(field.start, field.size))
    except (MalformedMessage, LimitReached):
        return  # the reader of the graph says where
