"""The tensors that a torch pickle would make: what is called with which sizes, and under which name it is kept.

Nothing is made. Torch writes a tensor as a call of `torch._utils._rebuild_tensor_v2` with a storage (a persistent id that names
its class), an offset, sizes and strides (upstream: `torch/_utils.py`, `torch/serialization.py`).
"""

from itertools import islice
from typing import Final

from modelwarden.domain.format import ByteSource, Scope
from modelwarden.domain.observation import Call, PersistentId
from modelwarden.domain.value import Global
from modelwarden.parsing.headers.tensors import Tensors
from modelwarden.parsing.pickle.listing import tokens
from modelwarden.parsing.pickle.streams import streams

_MAKERS: Final = frozenset({"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"})
_SIZES: Final = 2
"""Which argument the sizes are."""
_TOKENS: Final = 200_000
"""A pickle of more tokens tells no names: the listing is for people and takes its time."""
_STORAGE: Final = "Storage"
_TYPES: Final = {
    "Double": "F64", "Float": "F32", "Half": "F16", "BFloat16": "BF16", "Long": "I64", "Int": "I32", "Short": "I16", "Char": "I8",
    "Byte": "U8", "Bool": "BOOL", "ComplexFloat": "C64", "ComplexDouble": "C128",
}  # fmt: skip


def torch_tensors(source: ByteSource) -> Tensors:
    """The tensors of a pickle, in their order. Never raises for any bytes."""
    found: list[tuple[int, str, tuple[int, ...]]] = []
    dtype = ""
    for fact in streams(source, Scope()):
        match fact:
            case PersistentId(("storage", Global(_, name), *_)):
                dtype = _TYPES.get(name.removesuffix(_STORAGE), name)
            case Call(Global("torch._utils", maker), arguments) if (
                maker in _MAKERS and len(arguments) > _SIZES
            ):
                sizes = arguments[_SIZES]
                if isinstance(sizes, tuple):
                    shape = tuple(size for size in sizes if isinstance(size, int))
                    found.append((fact.span.offset, dtype, shape))
    names = _names(source, {offset for offset, _, _ in found}) if found else {}
    tensors = Tensors()
    for offset, kind, shape in found:
        tensors.add(names.get(offset, ""), kind, shape)
    return tensors


def _names(source: ByteSource, offsets: set[int]) -> dict[int, str]:
    """Offset of a call → the text that lies below its result on the stack: the key it will be kept under."""
    found: dict[int, str] = {}
    for token in islice(tokens(source), _TOKENS):
        if token.offset in offsets and token.below[:1] in ("'", '"'):
            found[token.offset] = token.below[1:-1]
    return found
