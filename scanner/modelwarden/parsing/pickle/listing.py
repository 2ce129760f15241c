"""A pickle written out for people: each token, and what the stack would hold after it, in words.

Nothing here judges. The stack is one of short texts, kept for the eye: what is reported comes from the machine. Grammar and stack
effects: CPython, `Lib/pickletools.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from modelwarden.domain.format import ByteSource
from modelwarden.domain.preview import shorten
from modelwarden.parsing.pickle import opcodes as op

NAMES = {
    value: name
    for name, value in vars(op).items()
    if isinstance(value, int) and name.isupper() and name != "HIGHEST_PROTOCOL"
}
_ARGUMENT = 256
"""So many bytes of an argument are read and shown."""
_WORD = 60
_LINE = 1 << 20
_DEEPEST = 10_000
"""A stack or memo that holds more is no longer followed: the listing goes on without it."""
_MARK = "("
_MORE = {op.EXT1: 1, op.EXT2: 2, op.EXT4: 4}
_TWO_LINES = frozenset({op.GLOBAL, op.INST})
_ONE_LINE = op.LINES | {op.PERSID}
_CONSTANTS = {
    op.NONE: "None", op.NEWTRUE: "True", op.NEWFALSE: "False", op.EMPTY_DICT: "{}", op.EMPTY_LIST: "[]", op.EMPTY_TUPLE: "()",
    op.EMPTY_SET: "set()", op.NEXT_BUFFER: "<buffer>",
}  # fmt: skip
_FROM_MARK = {op.TUPLE: "(…)", op.LIST: "[…]", op.DICT: "{…}", op.FROZENSET: "frozenset(…)"}
_INTO_BELOW = frozenset({op.APPENDS, op.SETITEMS, op.ADDITEMS})
_TUPLES = {op.TUPLE1: 1, op.TUPLE2: 2, op.TUPLE3: 3}
_PUTS = frozenset({op.PUT, op.BINPUT, op.LONG_BINPUT})
_GETS = frozenset({op.GET, op.BINGET, op.LONG_BINGET})


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `argument`: its literal as text, cut short. `depth`: how many values the stack holds after it, `top` the last
    and `below` the one before.

    `depth` is -1 where the stack cannot be followed any more. `fault`: why this is no token, or empty; it is then the last one.
    All texts are the file's and unsanitised.
    """

    offset: int
    length: int
    name: str
    argument: str = ""
    depth: int = 0
    top: str = ""
    below: str = ""
    fault: str = ""


def tokens(source: ByteSource, start: int = 0) -> Iterator[Token]:
    """The tokens from `start` up to STOP, or to bytes that are none. Never raises for any bytes."""
    stack: _Stack | None = _Stack()
    offset = start
    while True:
        head = source.read(offset, 10)
        if not head:
            yield Token(offset, 0, "", fault="the bytes end without STOP")
            return
        code = head[0]
        if code not in NAMES:
            yield Token(offset, 1, "", fault=f"0x{code:02x} is no opcode")
            return
        length, argument = _argument(source, offset, code, head)
        if length < 0 or offset + length > source.size:
            yield Token(offset, 1, NAMES[code], fault="its argument does not end")
            return
        if stack is not None and not stack.after(code, argument):
            stack = None
        if stack is None:
            yield Token(offset, length, NAMES[code], argument, -1)
        else:
            yield Token(offset, length, NAMES[code], argument, len(stack.values), stack.top, stack.below)
        offset += length
        if code == op.STOP:
            return


def _argument(source: ByteSource, offset: int, code: int, head: bytes) -> tuple[int, str]:
    """The length of the token in bytes (-1: it does not end) and its argument as text."""
    width = op.FIXED.get(code) or _MORE.get(code)
    if width:
        raw = head[1 : 1 + width]
        return 1 + width, _number(code, raw) if len(raw) == width else ""
    if code in op.COUNTED:
        width = op.COUNTED[code]
        raw = head[1 : 1 + width]
        size = int.from_bytes(raw, "little", signed=code in op.SIGNED_LENGTH)
        if len(raw) < width or size < 0:
            return -1, ""
        start = source.read(offset + 1 + width, min(size, _ARGUMENT))
        return 1 + width + size, _literal(code, start, size)
    lines = 2 if code in _TWO_LINES else 1 if code in _ONE_LINE else 0
    if not lines:
        return 1, ""
    window = source.read(offset + 1, _ARGUMENT)
    if window.count(b"\n") < lines:
        window = source.read(offset + 1, _LINE)
    parts = window.split(b"\n", lines)
    if len(parts) <= lines:
        return -1, ""
    length = 1 + sum(len(part) + 1 for part in parts[:lines])
    return length, ".".join(_text(part) for part in parts[:lines])


def _number(code: int, raw: bytes) -> str:
    if code == op.BINFLOAT:
        import struct

        return repr(struct.unpack(">d", raw)[0])
    return str(int.from_bytes(raw, "little", signed=code == op.BININT))


def _literal(code: int, start: bytes, size: int) -> str:
    if code in (op.LONG1, op.LONG4):
        return (
            str(int.from_bytes(start, "little", signed=True)) if size <= 16 else f"<integer of {size} bytes>"
        )
    cut = f"… ({size:,} bytes)" if size > len(start) else ""
    if code in op.BYTES:
        return f"{shorten(repr(start), _ARGUMENT)}{cut}"
    return f"{shorten(repr(_text(start)), _ARGUMENT)}{cut}"


def _text(raw: bytes) -> str:
    return raw[:_ARGUMENT].decode("utf-8", "replace")


class _Stack:
    """The values in words, as far as they can be followed."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._memo: dict[str, str] = {}

    @property
    def top(self) -> str:
        return self.values[-1] if self.values else ""

    @property
    def below(self) -> str:
        return self.values[-2] if len(self.values) > 1 else ""

    def after(self, code: int, argument: str) -> bool:
        """Apply a token; False when the stack cannot be followed any further."""
        try:
            self._apply(code, argument)
        except (IndexError, KeyError, ValueError):
            return False
        return len(self.values) <= _DEEPEST and len(self._memo) <= _DEEPEST

    def _push(self, text: str) -> None:
        self.values.append(shorten(text, _WORD))

    def _to_mark(self) -> list[str]:
        at = len(self.values) - 1 - self.values[::-1].index(_MARK)
        taken = self.values[at + 1 :]
        del self.values[at:]
        return taken

    def _apply(self, code: int, argument: str) -> None:
        if code == op.MARK:
            self.values.append(_MARK)
        elif code in _CONSTANTS:
            self._push(_CONSTANTS[code])
        elif code in _GETS:
            self._push(self._memo[argument])
        elif code in _PUTS:
            self._memo[argument] = self.values[-1]
        elif code == op.MEMOIZE:
            self._memo[str(len(self._memo))] = self.values[-1]
        elif code in (op.GLOBAL, *_MORE):
            self._push(argument if code == op.GLOBAL else f"<extension {argument}>")
        elif code in op.FIXED or code in op.COUNTED or code in _ONE_LINE:
            if code not in (op.PROTO, op.FRAME):
                self._push(f"<persistent {argument}>" if code == op.PERSID else argument)
        else:
            self._combine(code, argument)

    def _combine(self, code: int, argument: str) -> None:
        """Tokens that take values from the stack."""
        values = self.values
        if code == op.STACK_GLOBAL:
            name, module = values.pop(), values.pop()
            self._push(f"{_bare(module)}.{_bare(name)}")
        elif code in (op.REDUCE, op.NEWOBJ):
            arguments, callee = values.pop(), values.pop()
            self._push(f"{callee}{arguments if arguments.startswith('(') else f'(*{arguments})'}")
        elif code == op.NEWOBJ_EX:
            keywords, arguments, callee = values.pop(), values.pop(), values.pop()
            self._push(f"{callee}(*{arguments}, **{keywords})")
        elif code == op.INST:
            self._push(f"{argument}({', '.join(self._to_mark())})")
        elif code == op.OBJ:
            callee, *rest = self._to_mark()
            self._push(f"{callee}({', '.join(rest)})")
        elif code in _TUPLES:
            taken = [values.pop() for _ in range(_TUPLES[code])][::-1]
            self._push(f"({', '.join(taken)}{',' if len(taken) == 1 else ''})")
        elif code == op.TUPLE:
            taken = self._to_mark()
            self._push(
                f"({', '.join(taken[:8])}{', …' if len(taken) > 8 else ',' if len(taken) == 1 else ''})"
            )
        elif code in _FROM_MARK:
            self._to_mark()
            self._push(_FROM_MARK[code])
        elif code in _INTO_BELOW or code == op.POP_MARK:
            self._to_mark()
        elif code == op.SETITEM:
            del values[-2:]
        elif code == op.DUP:
            values.append(values[-1])
        elif code == op.BINPERSID:
            self._push(f"<persistent {values.pop()}>")
        elif code in (op.POP, op.APPEND, op.BUILD, op.STOP):
            values.pop()


def _bare(text: str) -> str:
    """A string's own text, without its quotes."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
