"""The header of a NumPy array file (.npy, versions 1.0 to 3.0) and how its data is laid out.

Specification: `numpy/lib/_format_impl.py`. The header is a Python literal; nothing of it is evaluated. `numpy.load` ignores what
stands behind the data, and unpickles the data when the type holds objects anywhere.
"""

import ast
import re
import warnings
from dataclasses import dataclass
from math import prod

from modelwarden.domain.format import ByteSource

MAGIC = b"\x93NUMPY"
LITERAL_BYTES = 128 << 10
"""Longest header we parse, padding not counted: 5,000 named fields fit, and parsing takes 60 MiB."""
_PADDING_BYTES = 4 << 20
_BEYOND_ANY_FILE = 1 << 63
_KEYS = {"descr", "fortran_order", "shape"}
_LONG = re.compile(r"(?<![\w'\"])(\d+)L\b")
"""Python 2 wrote sizes as `3L`."""

_ONE = re.compile(r"[<>=|]?(?:([a-zA-Z?])(\d{0,18})|([a-zA-Z_]\w*))(?:\[[\w/ ]*\])?")
_OBJECT = re.compile(r"O\d*|object\w*")
_WORD = re.compile(r"[a-zA-Z_]\w*")
_CHARACTERS = {
    "?": 1, "b": 1, "B": 1, "c": 1, "h": 2, "H": 2, "e": 2, "i": 4, "I": 4, "f": 4, "l": 8, "L": 8, "q": 8, "Q": 8,
    "p": 8, "P": 8, "n": 8, "N": 8, "d": 8, "M": 8, "m": 8, "F": 8, "g": 16, "D": 16, "G": 32, "S": 0, "U": 0, "V": 0, "a": 0,
}  # fmt: skip
_SIZED = frozenset("biufcmMSaV")
"""Kinds whose number is a count of bytes. That of U is a count of characters, 4 bytes each."""
_NAMES = {
    "bool": 1, "bool_": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "float16": 2, "int32": 4, "uint32": 4, "float32": 4,
    "int64": 8, "uint64": 8, "float64": 8, "complex64": 8, "complex128": 16, "int": 8, "uint": 8, "float": 8, "complex": 16,
    "half": 2, "single": 4, "double": 8, "intp": 8, "intc": 4, "datetime64": 8, "timedelta64": 8,
}  # fmt: skip


class HeaderProblem(Exception):
    """The header cannot be used; `str()` says why. `data`: where the array would begin, if that is known."""

    def __init__(self, reason: str, data: int) -> None:
        super().__init__(reason)
        self.data = data


class HeaderExpression(HeaderProblem):
    """The header is Python, but no literal: a reader that evaluates it runs code."""


class HeaderTooLong(HeaderProblem):
    """The header is longer than we parse."""


class UnknownVersion(HeaderProblem):
    """A version of the format that we do not know."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Of one item: its size in bytes, None when it is not known; and whether it holds Python objects."""

    item_bytes: int | None
    objects: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """`data`: offset of the array's data. `count`: how many items it has. `dtype`: its type where one word says it."""

    data: int
    layout: Layout
    count: int
    dtype: str = ""
    shape: tuple[int, ...] = ()

    @property
    def data_bytes(self) -> int | None:
        """Bytes of data, None when that is not known: always when it is a pickle."""
        if self.layout.objects or self.layout.item_bytes is None:
            return None
        return min(self.layout.item_bytes * self.count, _BEYOND_ANY_FILE)


def read_header(source: ByteSource) -> Header:
    """The header of the array file `source`. Raises HeaderProblem or one of its kinds."""
    start = source.read(0, 12)
    if len(start) < 10:
        raise HeaderProblem("the file ends within its signature", source.size)
    version = start[6]
    if version not in (1, 2, 3):
        raise UnknownVersion(f"version {version} of the format is not known", source.size)
    begin = 10 if version == 1 else 12
    length = int.from_bytes(start[8:begin], "little")
    data = min(begin + length, source.size)
    text = source.read(begin, min(length, _PADDING_BYTES)).strip(b" \n\0")
    if begin + length > source.size:
        raise HeaderProblem("the header goes on behind the end of the file", data)
    if length > _PADDING_BYTES or len(text) > LITERAL_BYTES:
        raise HeaderTooLong(f"a header of {length} bytes is too long to be parsed", data)
    try:
        literal = _literal(text.decode("utf-8" if version == 3 else "latin-1"), data, version)
    except UnicodeDecodeError as error:
        raise HeaderProblem("the header is no UTF-8", data) from error
    return _header(literal, data)


def _literal(text: str, data: int, version: int) -> object:
    """Raises HeaderProblem."""
    try:
        return _evaluated(text)
    except _Syntax:
        pass
    except ValueError as error:
        raise HeaderExpression("the header is no literal but an expression", data) from error
    try:
        return _evaluated(_LONG.sub(r"\1", text) if version < 3 else text)
    except (ValueError, _Syntax) as error:
        raise HeaderProblem("the header is no Python literal", data) from error


class _Syntax(Exception):
    """The text is not even Python, or nested beyond reason."""


def _evaluated(text: str) -> object:
    """Raises `_Syntax`, and ValueError when `text` is Python but no literal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text, mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            raise _Syntax from error
    try:
        return ast.literal_eval(tree)
    except (TypeError, MemoryError, RecursionError) as error:  # a list as a key of a dict, or too deep
        raise _Syntax from error


def _header(literal: object, data: int) -> Header:
    """Raises HeaderProblem."""
    if not isinstance(literal, dict) or set(literal) != _KEYS:
        raise HeaderProblem("the header is no dict of descr, fortran_order and shape", data)
    shape = literal["shape"]
    if not isinstance(shape, tuple) or not all(isinstance(side, int) and side >= 0 for side in shape):
        raise HeaderProblem("the shape is no tuple of sizes", data)
    if len(shape) > 64:
        raise HeaderProblem("the array has more dimensions than NumPy knows", data)
    descr = literal["descr"]
    return Header(data, layout(descr), prod(shape), descr if isinstance(descr, str) else "", shape)


def layout(descr: object) -> Layout:
    """The layout of a dtype as `descr` gives it: text, a list of fields, or a pair of a dtype and a shape."""
    match descr:
        case str():
            return _text_layout(descr)
        case tuple() if len(descr) == 2:
            part = layout(descr[0])
            return Layout(_times(part.item_bytes, descr[1]), part.objects or layout(descr[1]).objects)
        case list():
            parts = [_field_layout(field) for field in descr]
            sizes = [part.item_bytes for part in parts if part.item_bytes is not None]
            known = len(sizes) == len(parts)
            return Layout(sum(sizes) if known else None, any(part.objects for part in parts))
        case dict():
            return Layout(None, any(layout(value).objects for value in _values(descr)))
    return Layout(None)


def _field_layout(field: object) -> Layout:
    """The layout of a name and a dtype, or of a name, a dtype and a shape."""
    match field:
        case (_, inner):
            return layout(inner)
        case (_, inner, shape):
            return layout((inner, shape))
    return Layout(None)


def _times(item_bytes: int | None, shape: object) -> int | None:
    """The size of a subarray. Of a type without a size of its own (`("S", 5)`) the shape is the size: nobody writes that."""
    sides = shape if isinstance(shape, tuple) else (shape,)
    if not item_bytes or not all(isinstance(side, int) and side >= 0 for side in sides):
        return None
    return item_bytes * prod(side for side in sides if isinstance(side, int))


def _values(descr: dict[object, object]) -> list[object]:
    """Everything in the old form of a structured type, a dict of lists, that may be a type."""
    return [
        inner
        for value in descr.values()
        for inner in (value if isinstance(value, list | tuple) else (value,))
    ]


def _text_layout(text: str) -> Layout:
    """The layout of a dtype in one word. A list of types in one text (`"i4,O"`) is only searched for objects."""
    match = _ONE.fullmatch(text.strip())
    if match is None:
        return Layout(None, any(_OBJECT.fullmatch(word) for word in _WORD.findall(text)))
    kind, number, name = match.groups()
    if _OBJECT.fullmatch(text.strip().lstrip("<>=|")):
        return Layout(None, objects=True)
    if kind is None:
        return Layout(_NAMES.get(name))
    if not number:
        return Layout(_CHARACTERS.get(kind))
    if kind == "U":
        return Layout(4 * int(number))
    return Layout(int(number) if kind in _SIZED else None)
