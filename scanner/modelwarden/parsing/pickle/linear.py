"""What can be said of a pickle without a stack: the imports whose names stand beside their opcode.

Used where the machine had to stop for want of memory: less than the truth, but what is named there is named.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Import
from modelwarden.domain.value import Global
from modelwarden.parsing.pickle import literals
from modelwarden.parsing.pickle import opcodes as op
from modelwarden.parsing.pickle.inert import token_end, walk

_LONGEST = 4096
_TOLD = 100_000
"""So many names are remembered; after that, some may be told twice."""
_BEFORE = 2 * (255 + 3)
"""Two short strings, each with its opcode, its length and perhaps MEMOIZE behind it."""


def imports(source: ByteSource, offset: int) -> Iterator[Import]:
    """The globals that opcodes from `offset` on name by themselves, each once, up to STOP or what is no opcode."""
    told: set[Global] = set()
    while (passed := walk(source, offset)).end == "active":
        at = passed.offset
        end = token_end(source, at)
        if end > source.size:
            return
        found = _named(source, at, end)
        if found is not None and found not in told:
            if len(told) >= _TOLD:
                told.clear()
            told.add(found)
            yield Import(found, Span(at, end - at))
        offset = end


def _named(source: ByteSource, at: int, end: int) -> Global | None:
    code = source.read(at, 1)[0]
    if code in (op.GLOBAL, op.INST):
        module, _, name = source.read(at + 1, min(end - at - 2, _LONGEST)).partition(b"\n")
        return Global(literals.text(module), literals.text(name))
    if code == op.STACK_GLOBAL:
        begin = max(0, at - _BEFORE)
        name, before = _last_text(source.read(begin, at - begin))
        module, _ = _last_text(before)
        if name and module:
            return Global(literals.text(module), literals.text(name))
    return None


def _last_text(data: bytes) -> tuple[bytes, bytes]:
    """The short string whose token ends `data`, and what stands before it; nothing when none ends there."""
    data = data.removesuffix(bytes((op.MEMOIZE,)))
    for length in range(1, min(256, len(data) - 1)):
        if data[-length - 1] == length and data[-length - 2] == op.SHORT_BINUNICODE:
            return data[-length:], data[: -length - 2]
    return b"", b""
