"""What the machine keeps on its stack besides constants, and how a fact shows what stands there."""

from typing import Any, Final

from modelwarden.domain.location import Span
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result, Value
from modelwarden.parsing.pickle import literals

KEPT_ITEMS: Final = 64
NODES: Final = 128
"""How many values one fact may show, nested ones included: what shares its parts must not grow when it is written out."""
CODE_SIZE: Final = (1 << 14, 1 << 13)
"""Nodes and width for the parts of a code object."""
_CODE_MAKERS: Final = frozenset({"CodeType", "_create_code", "code"})
CODE_BYTES: Final = 64 << 10
"""So much of bytes that are spelled as text is shown: they stand nowhere in the file to be read from."""
_TYPE_LOOKUPS: Final = frozenset({"_builtin_type", "_load_type"})


class Encoded(Blob):
    """Bytes that stand in the file as text: `data` is all of them, or how they start when `text` says where they stand."""

    __slots__ = ("data", "text")
    text: Span | None
    data: bytes

    def __init__(self, text: Span | None, offset: int, data: bytes) -> None:
        super().__init__(offset, len(data), data[:CODE_BYTES])
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "data", data)


class Instance:
    """An instance of a class whose state decides what runs."""

    __slots__ = ("target",)

    def __init__(self, target: Global) -> None:
        self.target = target


class QuietGlobal(Global):
    """A global that is harmless whatever its arguments: calling it is no fact."""

    __slots__ = ()


def plain(target: Global) -> Global:
    return Global(target.module, target.name) if type(target) is QuietGlobal else target


def builds_code(target: Value) -> bool:
    """Whether a call makes a code object: its names and constants are worth showing in full."""
    match target:
        case Global(_, name):
            return name in _CODE_MAKERS
        case Result(Global(_, name)):
            return name in _TYPE_LOOKUPS
    return False


def maybe_text(value: Any) -> bool:
    """Whether a loader could find a string here: something looked up or computed, or text too long to keep."""
    return value is None or isinstance(value, (Global, Result, Blob))


def name_of(value: Any) -> str | None:
    return literals.text(value) if type(value) is bytes else None


def persistent(identifier: Any) -> Global | None:
    """What a persistent id stands for, as far as it is known: torch's `("module", cls, file, source)` is the class.

    Upstream: `torch/serialization.py`, `persistent_load` in `_legacy_load`.
    """
    match identifier:
        case (b"module", Global() as cls, *_):
            return cls
    return None


def shown(item: Any, nodes: int = NODES, width: int = KEPT_ITEMS) -> Value:
    """A stack value as a fact may show it, of at most `nodes` nodes and `width` items side by side: the rest is unknown."""
    return _shown(item, [nodes], width)


def _shown(item: Any, left: list[int], width: int) -> Value:
    left[0] -= 1
    kind = type(item)
    if kind is bytes:
        return literals.text(item)
    if kind is tuple or kind is list:
        if left[0] <= 0:
            return UNKNOWN
        kept = tuple([_shown(inner, left, width) for inner in item[: min(left[0], width)]])
        return kept if len(kept) == len(item) else (*kept, UNKNOWN)
    if isinstance(item, Result):
        left[0] -= item.weight
        return item if left[0] >= 0 else UNKNOWN
    if isinstance(item, Global):
        return plain(item)
    return item if isinstance(item, (int, Blob)) else UNKNOWN
