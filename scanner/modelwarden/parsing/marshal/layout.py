"""How the versions of Python lay out a code object in marshal data, and the code object made of such parts.

Sources: `r_object`, case TYPE_CODE, in `Python/marshal.c` of CPython 2.7, 3.6, 3.8 and 3.11.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar

from modelwarden.domain.value import UNKNOWN
from modelwarden.parsing.code.code import Code, Constant, Version, parameters

_T = TypeVar("_T")
Number: TypeAlias = Literal["arguments", "positional", "keywords", "locals", "stack", "flags"]
Field: TypeAlias = Literal[
    "code", "consts", "names", "variables", "kinds", "free", "cells", "filename", "name", "qualname", "lines", "exceptions"
]  # fmt: skip

FIELDS_BEFORE_LINE: Final = 8
"""So many objects come before the number of the first line, in every version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`numbers`: 32-bit integers that come first. `fields`: the objects after them.

    `versions`: those whose bytecode is known here. `old_text`: names are bytes, as in Python 2.
    """

    versions: tuple[Version, ...]
    numbers: tuple[Number, ...]
    fields: tuple[Field, ...]
    old_text: bool = False


_OLDER: Final[tuple[Field, ...]] = (
    "code", "consts", "names", "variables", "free", "cells", "filename", "name", "lines",
)  # fmt: skip

LAYOUTS: Final = (
    Layout(
        versions=((3, 11), (3, 12), (3, 13), (3, 14)),
        numbers=("arguments", "positional", "keywords", "stack", "flags"),
        fields=(
            "code", "consts", "names", "variables", "kinds", "filename", "name", "qualname", "lines", "exceptions",
        ),
    ),
    Layout(
        versions=((3, 8), (3, 9), (3, 10)),
        numbers=("arguments", "positional", "keywords", "locals", "stack", "flags"),
        fields=_OLDER,
    ),
    Layout(
        versions=((3, 6), (3, 7)),
        numbers=("arguments", "keywords", "locals", "stack", "flags"),
        fields=_OLDER,
    ),
    Layout(
        versions=(),
        numbers=("arguments", "locals", "stack", "flags"),
        fields=_OLDER,
        old_text=True,
    ),
)  # fmt: skip
"""CPython 3.11 and newer, 3.8 to 3.10, 3.0 to 3.7, 2.x."""

Part: TypeAlias = object
"""A finished value of marshal data: text, bytes, an integer, a `Code`, a tuple of parts, `None`, or `UNKNOWN`."""


class WrongPart(Exception):
    """A part of a code object has a type that CPython would refuse."""


class Assembler:
    """Makes code objects of parts. Parts that many code objects share are looked at once."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._names: dict[int, tuple[object, tuple[str, ...]]] = {}
        self._constants: dict[int, tuple[object, tuple[Constant, ...]]] = {}

    def code(self, numbers: Sequence[int], parts: Sequence[Part]) -> Code:
        """The code object of `numbers` and `parts`, both in the order of the layout. Raises WrongPart."""
        number: Mapping[Number, int] = dict(zip(self._layout.numbers, numbers, strict=True))
        part: Mapping[Field, Part] = dict(zip(self._layout.fields, parts, strict=True))
        qualified = self._text(part.get("qualname", ""))
        simple = self._text(part["name"])
        return Code(
            name=qualified or simple,
            filename=self._text(part["filename"]),
            bytecode=_bytes(part["code"]),
            constants=_once(self._constants, part["consts"], self._as_constants),
            names=_once(self._names, part["names"], self._as_names),
            variables=_once(self._names, part["variables"], self._as_names),
            cells=tuple(
                name
                for field in ("cells", "free")
                for name in _once(self._names, part.get(field, ()), self._as_names)
            ),
            parameters=parameters(number["arguments"], number.get("keywords", 0), number["flags"]),
            exceptions=_bytes(part.get("exceptions", b"")),
            versions=self._layout.versions,
        )

    def _text(self, part: Part) -> str:
        if isinstance(part, bytes) and self._layout.old_text:
            return part.decode("latin-1")
        if not isinstance(part, str):
            raise WrongPart("a name is no text")
        return part

    def _as_names(self, part: Part) -> tuple[str, ...]:
        if not isinstance(part, tuple):
            raise WrongPart("the names are no tuple")
        return tuple(self._text(name) for name in part)

    def _as_constants(self, part: Part) -> tuple[Constant, ...]:
        if not isinstance(part, tuple):
            raise WrongPart("the constants are no tuple")
        return tuple(
            constant if constant is None or isinstance(constant, (str, bytes, int, Code)) else UNKNOWN
            for constant in part
        )


def _bytes(part: Part) -> bytes:
    if not isinstance(part, bytes):
        raise WrongPart("the bytecode is no bytes")
    return part


def _once(known: dict[int, tuple[object, _T]], part: Part, make: Callable[[Part], _T]) -> _T:
    """`make(part)`, remembered by identity; the part is kept beside it so that its identity stays its own."""
    if id(part) not in known:
        known[id(part)] = part, make(part)
    return known[id(part)][1]
