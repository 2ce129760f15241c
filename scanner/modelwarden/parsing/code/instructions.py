"""Bytecode as instructions, those that can be reached and no others: junk behind a jump hides nothing.

Since CPython 3.6 an instruction is a byte and its argument another. Sources: `Lib/dis.py`; for the exception table
`InternalDocs/exception_handling.md`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from modelwarden.parsing.code.code import Code, Version
from modelwarden.parsing.code.opcodes import CACHES, NAMES

_FORWARD: Final = frozenset(
    "FOR_ITER JUMP_FORWARD SETUP_LOOP SETUP_EXCEPT SETUP_FINALLY SETUP_WITH SETUP_ASYNC_WITH CALL_FINALLY SEND "
    "POP_JUMP_FORWARD_IF_FALSE POP_JUMP_FORWARD_IF_TRUE POP_JUMP_FORWARD_IF_NONE POP_JUMP_FORWARD_IF_NOT_NONE "
    "POP_JUMP_IF_NONE POP_JUMP_IF_NOT_NONE".split()
)
_BACKWARD: Final = frozenset(
    "JUMP_BACKWARD JUMP_BACKWARD_NO_INTERRUPT POP_JUMP_BACKWARD_IF_FALSE POP_JUMP_BACKWARD_IF_TRUE "
    "POP_JUMP_BACKWARD_IF_NONE POP_JUMP_BACKWARD_IF_NOT_NONE".split()
)
_ABSOLUTE_ONCE: Final = frozenset(
    "JUMP_IF_FALSE_OR_POP JUMP_IF_TRUE_OR_POP JUMP_ABSOLUTE POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE JUMP_IF_NOT_EXC_MATCH "
    "CONTINUE_LOOP".split()
)
"""Jumps to an absolute place before CPython 3.11, forward since."""
_FINAL: Final = frozenset(
    "RETURN_VALUE RETURN_CONST RAISE_VARARGS RERAISE JUMP_FORWARD JUMP_ABSOLUTE JUMP_BACKWARD BREAK_LOOP CONTINUE_LOOP "
    "JUMP_BACKWARD_NO_INTERRUPT INTERPRETER_EXIT".split()
)
_REFUSED: Final = frozenset(
    "CACHE RESERVED ENTER_EXECUTOR INSTRUMENTED_LINE INSTRUMENTED_INSTRUCTION".split()
)
"""What only a running interpreter has use for; reached in a file they mean that the version is another one."""
_TRACED: Final = "INSTRUMENTED_"


class Nonsense(Exception):
    """No CPython of this version could run the bytecode."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """`argument` with its extensions. `end`: where the next one stands, behind its caches. `target` of a jump, or -1."""

    offset: int
    end: int
    name: str
    argument: int
    target: int

    @property
    def is_final(self) -> bool:
        """Whether the next instruction is not reached from this one."""
        return self.name in _FINAL


def instructions(code: Code, version: Version, limit: int) -> list[Instruction]:
    """What can be reached in `code`, by offset. At most `limit` instructions. Raises Nonsense."""
    bytecode = code.bytecode
    found: dict[int, Instruction] = {}
    queue = [0, *_handlers(code.exceptions)]
    while queue:
        at = queue.pop()
        while at not in found:
            if len(found) >= limit:
                raise Nonsense("too long")
            step = _instruction(bytecode, at, version)
            found[at] = step
            if step.target >= 0:
                queue.append(step.target)
            if step.is_final:
                break
            at = step.end
    return [found[offset] for offset in sorted(found)]


def _instruction(bytecode: bytes, start: int, version: Version) -> Instruction:
    names = NAMES[version]
    at = start
    extended = 0
    while True:
        if not 0 <= at <= len(bytecode) - 2:
            raise Nonsense("runs off its end")
        name = names.get(bytecode[at], "CACHE").removeprefix(_TRACED)
        argument = extended << 8 | bytecode[at + 1]
        at += 2
        if name != "EXTENDED_ARG":
            break
        extended = argument & 0xFFFFFF
    if name in _REFUSED or _TRACED + name in _REFUSED:
        raise Nonsense(f"has {name} where an instruction is needed")
    end = at + 2 * CACHES[version].get(name, 0)
    return Instruction(start, end, name, argument, _target(name, argument, end, version))


def _target(name: str, argument: int, end: int, version: Version) -> int:
    """Where a jump leads, in bytes; -1 for other instructions. Raises Nonsense."""
    unit = 2 if version >= (3, 10) else 1
    if name in _ABSOLUTE_ONCE and version < (3, 11):
        target = argument * unit
    elif name in _FORWARD or name in _ABSOLUTE_ONCE:
        target = end + argument * unit
    elif name in _BACKWARD:
        target = end - argument * unit
    else:
        return -1
    if target < 0 or target % 2:
        raise Nonsense("jumps into the middle of nothing")
    return target


def _handlers(table: bytes) -> Iterator[int]:
    """Where exceptions are handled, in bytes: the third number of each entry, in groups of six bits."""
    numbers: list[int] = []
    value = 0
    for byte in table:
        if byte & 0x80:
            numbers.clear()
            value = 0
        value = (value << 6 | byte & 0x3F) & 0xFFFFFFFF
        if not byte & 0x40:
            numbers.append(value)
            value = 0
            if len(numbers) == 3:  # start, length, target
                yield 2 * numbers[2]
