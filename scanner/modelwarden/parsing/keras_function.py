"""Functions that a Keras configuration carries by value: marshalled bytecode in base64, or a whole torch module.

Keras 2 writes `["<base64>", defaults, closure]`, Keras 3
`{"class_name": "__lambda__", "config": {"code", "defaults", "closure"}}`,
and some versions between them `{"config": {"value": [...]}}`. Source: `func_dump` and `func_load` in
`keras/src/utils/python_utils.py`.
"""

import binascii
from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import Child
from modelwarden.domain.location import Span
from modelwarden.domain.observation import CodeBlob, Gap, Origin, Shortfall, Text
from modelwarden.domain.preview import shorten
from modelwarden.domain.record import record
from modelwarden.domain.value import Global
from modelwarden.parsing.code.blob import undecoded
from modelwarden.parsing.marshal.decode import decode_bytes
from modelwarden.parsing.texts import texts_of
from modelwarden.source.memory import MemorySource

_TAR_MAGIC: Final = 257
_NESTED: Final = 4


@record
class Layer:
    """What holds the function: its name, where it stands, and the module whose names Keras 2 lends to it."""

    name: str
    span: Span
    module: str = ""


def plain_name(config: object) -> str:
    """The name that a configuration gives its object, or an empty string."""
    name = config.get("name") if isinstance(config, dict) else None
    return shorten(name) if isinstance(name, str) else ""


def function(value: object, layer: Layer) -> Iterator[CodeBlob | Text]:
    """The fact about a function by value, telling texts of its bytecode first, in any of the layouts.

    It is not decoded when it cannot be read.
    """
    code = _code(value)
    data = _bytes(code) if code is not None else b""
    blob = decode_bytes(data, layer.span) if code is not None else undecoded(layer.span)
    yield from texts_of(data, layer.name or blob.name, layer.span, code=True)
    reaches = blob.reaches
    if layer.module:
        # Keras 2 makes the names of that module the function's globals, where Python's own stand otherwise
        reaches += tuple(Global(layer.module, _borrowed(one)) for one in blob.reaches)
    yield CodeBlob(
        name=layer.name or blob.name,
        reaches=reaches,
        attributes=blob.attributes,
        names=blob.names,
        decoded=blob.decoded,
        span=layer.span,
        origin=Origin.LAMBDA,
    )


def torch_module(value: object, layer: Layer) -> Child | Gap | None:
    """What a TorchModuleWrapper hands to `torch.load`; None when there is nothing."""
    for _ in range(_NESTED):  # as `__bytes__`
        if not isinstance(value, dict):
            break
        value = value.get("value", value.get("config"))
    if value is None:
        return None
    if not isinstance(value, str):
        return Gap(Shortfall.MALFORMED, f"the torch module of {layer.name} is no text", layer.span)
    try:
        data = binascii.a2b_base64(value.encode("ascii"))
    except (ValueError, UnicodeEncodeError) as error:
        detail = f"the torch module of {layer.name} cannot be decoded: {shorten(str(error))}"
        return Gap(Shortfall.MALFORMED, detail, layer.span)
    archived = data.startswith(b"PK") or data[_TAR_MAGIC : _TAR_MAGIC + 5] == b"ustar"
    return Child(
        f"{layer.name or 'TorchModuleWrapper'}.module", MemorySource(data), "" if archived else "pickle"
    )


def _borrowed(reached: Global) -> str:
    """The name that bytecode looks up for what is reached; a variable that nobody set looks like a module."""
    return reached.name if reached.module == "builtins" else str(reached)


def _code(value: object) -> str | None:
    """The text that stands for the bytecode; None when there is none."""
    for _ in range(_NESTED):
        if isinstance(value, dict):
            value = value.get("code", value.get("value", value.get("config")))
        elif isinstance(value, list):
            value = value[0] if value else None
        else:
            break
    return value if isinstance(value, str) else None


def _bytes(code: str) -> bytes:
    """As `func_load` decodes it: base64, else the text itself, which is how Keras 1 wrote it."""
    try:
        return binascii.a2b_base64(code.encode("ascii"))
    except ValueError:  # covers binascii.Error and UnicodeEncodeError
        return code.encode("raw_unicode_escape", "replace")
