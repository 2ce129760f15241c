"""joblib's inline arrays: after the BUILD of a `NumpyArrayWrapper` the loader reads raw numbers from the file, then goes on.

Upstream: `joblib/numpy_pickle.py`, `NumpyArrayWrapper.read_array` and `NumpyUnpickler.load_build`.
"""

import re
from typing import Any, Final, Literal

from modelwarden.domain.format import ByteSource

_SIZE: Final = rb"([?bBhHiIlLqQfdgFDG])$|([biufcmMSaUV])(\d{1,18})$"
_CHARS: Final = {
    b"?": 1, b"b": 1, b"B": 1, b"h": 2, b"H": 2, b"i": 4, b"I": 4, b"l": 8, b"L": 8, b"q": 8, b"Q": 8, b"f": 4, b"d": 8,
    b"g": 16, b"F": 8, b"D": 16, b"G": 32,
}  # fmt: skip
_HAS_OBJECTS: Final = 0x01
"""The flag NPY_ITEM_REFCOUNT in a dtype's state (`numpy/_core/src/multiarray/descriptor.c`)."""
_FLEXIBLE: Final = (b"V", b"S", b"U", b"a")
UNKNOWN_KEY: Final = b"\xff unknown"
"""Stands for the keys of a table that are not constants; no text of a pickle is this, for it is no UTF-8."""
_INT64: Final = 1 << 64


class Dtype:
    """A `numpy.dtype` under construction: its type string, and the state that BUILD gives it."""

    __slots__ = ("state", "text")

    def __init__(self, text: Any) -> None:
        self.text = text.lstrip(b"<>=|") if isinstance(text, bytes) else b""
        self.state: Any = None

    @property
    def has_objects(self) -> bool:
        """Whether an array of this type holds Python objects, itself or in a field."""
        flags = self.state[-1] if isinstance(self.state, tuple) and len(self.state) >= 8 else 0
        if isinstance(self.state, tuple) and len(self.state) == 9:  # the ninth is metadata
            flags = self.state[7]
        return self.text[:1] == b"O" or (isinstance(flags, int) and bool(flags & _HAS_OBJECTS))

    @property
    def item_size(self) -> int | None:
        """Bytes of one item, or None when it is not known."""
        matched = re.match(_SIZE, self.text)
        if matched is None:
            return None
        char, kind, number = matched.groups()
        if char is not None:
            return _CHARS[char]
        if (
            kind in _FLEXIBLE
            and isinstance(self.state, tuple)
            and len(self.state) > 5
            and type(self.state[5]) is int
        ):
            return (
                self.state[5] if self.state[5] >= 0 else None
            )  # the state's size replaces the one of the text
        return int(number) * (4 if kind == b"U" else 1)


class ArrayWrapper:
    """A `joblib.numpy_pickle.NumpyArrayWrapper` under construction."""

    __slots__ = ()


def payload(source: ByteSource, offset: int, state: Any) -> tuple[Literal["raw", "pickle"], int] | str:
    """What the loader reads at `offset` once a wrapper has its `state`.

    Either raw numbers up to an absolute offset, or a pickle that starts there; a text says why neither is known.
    """
    if not isinstance(state, dict):
        return "the array's wrapper has no state"
    if UNKNOWN_KEY in state:
        return "the array's wrapper gets attributes by computed names"
    dtype = state.get(b"dtype")
    shape = state.get(b"shape")
    if (
        not isinstance(dtype, Dtype)
        or not isinstance(shape, tuple)
        or not all(type(side) is int for side in shape)
    ):
        return "the array's wrapper does not say its type and shape"
    if dtype.has_objects:
        return "pickle", offset
    size = dtype.item_size
    if size is None:
        return "the array's type has no known size"
    count = 1
    for side in shape:  # as the loader multiplies: in 64 bits, with wrap-around
        count = count * side % _INT64
    if count >= _INT64 >> 1:
        count = 0
    alignment = state.get(b"numpy_array_alignment_bytes", ...)
    if alignment is not ... and not isinstance(alignment, int):
        return "the array's wrapper does not say how it is aligned"
    if alignment is not ...:
        padding = source.read(offset, 1)
        offset += 1 + (padding[0] if padding else 0)
    return "raw", offset + count * size
