"""What there is to say of tensors: how many, of which types, how many numbers, and the shape of each, up to a number of them."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Final

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.domain.preview import shorten

SHOWN: Final = 500
"""Tensors of one file that are named."""
_TYPES: Final = 32
_LARGEST: Final = 1 << 63


class Tensors:
    """Counts them as they come."""

    def __init__(self) -> None:
        self._count = 0
        self._numbers = 0
        self._bytes = 0
        self._types: dict[str, int] = {}
        self._shown: list[str] = []

    def add(self, name: str, dtype: str, shape: Sequence[int], size: int = 0) -> None:
        """One more. `size`: its bytes, where they are known."""
        self._count += 1
        self._numbers = min(self._numbers + prod(shape), _LARGEST)
        self._bytes = min(self._bytes + size, _LARGEST)
        if dtype in self._types or len(self._types) < _TYPES:
            self._types[dtype] = self._types.get(dtype, 0) + 1
        if len(self._shown) < SHOWN:
            self._shown.append(row(name, dtype, shape))

    def properties(self, span: Span) -> Iterator[Property]:
        """All there is to say; nothing when there is none."""
        if not self._count:
            return
        yield Property("tensors", str(self._count), span)
        yield Property("parameters", str(self._numbers), span)
        if self._bytes:
            yield Property("tensor-bytes", str(self._bytes), span)
        for dtype in sorted(self._types, key=lambda one: (-self._types[one], one)):
            yield Property("dtype", dtype, span)
        for shown in self._shown:
            yield Property("tensor", shown, span)


def row(name: str, dtype: str, shape: Sequence[int]) -> str:
    """A tensor in a line: type, sizes and name, as in `F32 768x3072 h.0.mlp.weight`; a scalar has the size `1`."""
    sizes = "x".join(str(size) for size in shape[:32]) or "1"
    return f"{shorten(dtype, 32).replace(' ', '_') or '?'} {sizes} {shorten(name)}"
