"""The header of a NumPy array: its version, type and shape."""

import re
from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.parsing.headers.tensors import Tensors
from modelwarden.parsing.headers.tolerant import tolerant
from modelwarden.parsing.npy import LITERAL_BYTES

_TYPE: Final = re.compile(r"'descr':\s*(?:'([^']{1,60})'|(\[))")
_SHAPE: Final = re.compile(r"'shape':\s*\(([\d,\sL]{0,400})\)")


@tolerant
def properties(source: ByteSource) -> Iterator[Property]:
    """What the header says, found by patterns: how it may be written is for the reader of the format to judge."""
    start = source.read(0, 12)
    begin = 10 if start[6] == 1 else 12
    text = source.read(begin, min(int.from_bytes(start[8:begin], "little"), LITERAL_BYTES)).decode("latin-1")
    span = Span(0, begin + len(text))
    yield Property("framework", "numpy", span)
    yield Property("format-version", f"{start[6]}.{start[7]}", span)
    dtype, shape = _TYPE.search(text), _SHAPE.search(text)
    if dtype is not None and shape is not None:
        sizes = [int(size.strip(" L")) for size in shape[1].split(",") if size.strip(" L")]
        tensors = Tensors()
        tensors.add("array", dtype[1] or "structured", sizes)
        yield from tensors.properties(span)
