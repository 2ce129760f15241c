"""Every code object in marshal data, whichever CPython wrote it.

The data do not say their version, so each layout is tried and the first that fits is kept. Nothing here recurses: constants
may be nested as deeply as there are bytes. Source: `r_object` in `Python/marshal.c` (versions 0 to 5 of the format).
"""

import struct
from dataclasses import dataclass, field
from typing import Final

from modelwarden.domain.value import UNKNOWN
from modelwarden.parsing.code.code import Code
from modelwarden.parsing.marshal.layout import FIELDS_BEFORE_LINE, LAYOUTS, Assembler, Layout, Part, WrongPart

_REFERABLE: Final = 0x80
_DIGIT_BITS: Final = 15
_DIGITS: Final = 8
"""Longer integers are of no interest."""
_CONSTANTS: Final = b"FTS."
_FIXED: Final = {ord("g"): 8, ord("y"): 16, ord("I"): 8}
_COUNTED: Final = {ord("("): 4, ord(")"): 1, ord("["): 4, ord("<"): 4, ord(">"): 4}
_TEXTS: Final[dict[int, tuple[int, str]]] = {
    ord("t"): (4, "utf-8"),
    ord("u"): (4, "utf-8"),
    ord("a"): (4, "latin-1"),
    ord("A"): (4, "latin-1"),
    ord("z"): (1, "latin-1"),
    ord("Z"): (1, "latin-1"),
}
"""Type -> bytes of its length, encoding. CPython does not check that ASCII is ASCII."""
_ENDLESS: Final = 1 << 40
_NULL: Final = object()
_OPENED: Final = object()


class Unreadable(Exception):
    """The bytes are no marshal data of any known version; `str()` says why."""


@dataclass(slots=True)
class _Open:
    """A container that is being read. `wanted`: how many items it takes."""

    kind: int
    wanted: int
    reference: int
    items: list[Part] = field(default_factory=list)
    numbers: tuple[int, ...] = ()


class _Reader:
    def __init__(self, data: bytes, layout: Layout) -> None:
        self.codes: list[Code] = []
        self.depends_on_layout = False
        self._data = data
        self._at = 0
        self._layout = layout
        self._assembler = Assembler(layout)
        self._references: list[Part] = []
        self._interned: list[Part] = []
        self._stack: list[_Open] = []

    def read(self) -> None:
        """Read one object, nested ones included. Raises Unreadable."""
        while True:
            value = self._begin()
            if value is _OPENED:
                continue
            while self._stack:
                top = self._stack[-1]
                if value is _NULL:
                    if top.kind != ord("{"):
                        raise Unreadable("a value is missing")
                    top.wanted = len(top.items)
                else:
                    top.items.append(value)
                    if top.kind == ord("c") and len(top.items) == FIELDS_BEFORE_LINE:
                        self._number()
                if len(top.items) < top.wanted:
                    break
                value = self._finish(self._stack.pop())
            else:
                if value is _NULL:
                    raise Unreadable("a value is missing")
                return

    def _begin(self) -> Part:
        """Read a value, or open a container and return `_OPENED` when it is not empty. Raises Unreadable."""
        code = self._take(1)[0]
        kind = code & ~_REFERABLE
        if kind in b"cR":
            self.depends_on_layout = True
        if kind == ord("0"):
            return _NULL
        if kind == ord("N"):
            return None
        if kind in _CONSTANTS:
            return UNKNOWN
        if kind == ord("r"):
            return self._reference(self._number())
        if kind == ord("R") and self._layout.old_text:
            index = self._number()
            if not 0 <= index < len(self._interned):
                raise Unreadable("a reference leads nowhere")
            return self._interned[index]
        reference = -1
        if code & _REFERABLE:
            reference = len(self._references)
            self._references.append(UNKNOWN)
        opened = self._open(kind, reference)
        if opened is not None:
            if opened.wanted:
                self._stack.append(opened)
                return _OPENED
            return self._finish(opened)
        value = self._atom(kind)
        if reference >= 0:
            self._references[reference] = value
        return value

    def _open(self, kind: int, reference: int) -> _Open | None:
        if kind in _COUNTED:
            return _Open(kind, self._length(_COUNTED[kind]), reference)
        if kind == ord("{"):
            return _Open(kind, _ENDLESS, reference)
        if kind == ord(":"):
            return _Open(kind, 3, reference)
        if kind == ord("c"):
            if reference >= 0:
                self._references[reference] = _NULL
            numbers = tuple(self._number() for _ in self._layout.numbers)
            return _Open(kind, len(self._layout.fields), reference, numbers=numbers)
        return None

    def _finish(self, done: _Open) -> Part:
        """The value of a container that has all its items. Raises Unreadable."""
        value: Part = UNKNOWN
        if done.kind in b"()":
            value = tuple(done.items)
        elif done.kind == ord("c"):
            try:
                code = self._assembler.code(done.numbers, done.items)
            except WrongPart as error:
                raise Unreadable(str(error)) from error
            self.codes.append(code)
            value = code
        if done.reference >= 0:
            self._references[done.reference] = value
        return value

    def _atom(self, kind: int) -> Part:
        """Read a value that holds no other. Raises Unreadable."""
        if kind == ord("s"):
            return self._take(self._length(4))
        if kind in _TEXTS:
            return self._text(kind)
        if kind == ord("i"):
            return self._number()
        if kind == ord("l"):
            return self._long()
        if kind in _FIXED:
            self._take(_FIXED[kind])
        elif kind == ord("f"):
            self._take(self._take(1)[0])
        elif kind == ord("x"):
            self._take(self._take(1)[0])
            self._take(self._take(1)[0])
        else:
            raise Unreadable(f"0x{kind:02x} is no type")
        return UNKNOWN

    def _text(self, kind: int) -> Part:
        width, encoding = _TEXTS[kind]
        raw = self._take(self._length(width))
        if kind == ord("t") and self._layout.old_text:
            self._interned.append(raw)
            return raw
        try:
            return raw.decode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
        except UnicodeDecodeError as error:
            raise Unreadable("text is not UTF-8") from error

    def _long(self) -> Part:
        digits = self._number()
        raw = self._take(2 * abs(digits))
        if abs(digits) > _DIGITS:
            return UNKNOWN
        value = 0
        for index, (digit,) in enumerate(struct.iter_unpack("<H", raw)):
            value |= digit << _DIGIT_BITS * index
        return -value if digits < 0 else value

    def _reference(self, index: int) -> Part:
        if not 0 <= index < len(self._references) or self._references[index] is _NULL:
            raise Unreadable("a reference leads nowhere")
        return self._references[index]

    def _number(self) -> int:
        return int.from_bytes(self._take(4), "little", signed=True)

    def _length(self, width: int) -> int:
        """A length of `width` bytes; every item takes a byte at least, so it cannot exceed what is left. Raises Unreadable."""
        length = int.from_bytes(self._take(width), "little", signed=width == 4)
        if not 0 <= length <= len(self._data) - self._at:
            raise Unreadable("a length exceeds the data")
        return length

    def _take(self, count: int) -> bytes:
        start = self._at
        self._at += count
        if self._at > len(self._data):
            raise Unreadable("the data end too early")
        return self._data[start : self._at]


def read(data: bytes) -> tuple[Code, ...]:
    """The code objects in marshal data, outermost first; bytes behind the first object are ignored, as `marshal.loads` does.

    Takes time and memory in proportion to the length of `data`. Raises Unreadable.
    """
    reason = ""
    for layout in LAYOUTS:
        reader = _Reader(data, layout)
        try:
            reader.read()
        except Unreadable as error:
            reason = reason or str(error)
            if not reader.depends_on_layout:
                break
            continue
        return tuple(reversed(reader.codes))
    raise Unreadable(reason)
