"""The header of safetensors: tensors, and what the metadata says of the model."""

import json
from collections.abc import Iterator
from typing import Any, Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.domain.preview import shorten
from modelwarden.parsing.headers.tensors import Tensors
from modelwarden.parsing.headers.tolerant import tolerant

_TOLD: Final = {
    "format": "framework",
    "modelspec.architecture": "architecture",
    "modelspec.title": "name",
    "modelspec.author": "author",
    "ss_base_model_version": "base-model",
}
_FRAMEWORKS: Final = {"pt": "pytorch", "np": "numpy", "tf": "tensorflow", "flax": "flax", "mlx": "mlx"}
LICENCES: Final = ("license", "modelspec.license", "licence")
"""Keys of the metadata that hold a licence."""
_ENTRIES: Final = 100


@tolerant
def properties(source: ByteSource, longest: int) -> Iterator[Property]:
    """What a header of at most `longest` bytes says."""
    length = int.from_bytes(source.read(0, 8), "little")
    if length > longest:
        return
    span = Span(0, 8 + length)
    header: dict[str, Any] = json.loads(source.read(8, length))
    for key, value in list(header.pop("__metadata__", {}).items())[:_ENTRIES]:
        if key in _TOLD:
            text = str(value)
            yield Property(_TOLD[key], _FRAMEWORKS.get(text, text) if key == "format" else text, span)
        elif key not in LICENCES:
            yield Property("metadata", f"{shorten(key)}={shorten(str(value))}", span)
    tensors = Tensors()
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        tensors.add(name, str(tensor["dtype"]), [int(size) for size in tensor["shape"]], max(0, end - begin))
    yield from tensors.properties(span)
