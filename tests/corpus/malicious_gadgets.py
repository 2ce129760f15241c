"""One hostile sample for each callable of `gadgets.py`: it is called, and nothing else happens."""

from collections.abc import Iterator

from tests.corpus import assembler as asm
from tests.corpus.gadgets import PYTHON_2, ROWS, Name, Row


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    for (rule, family), rows in ROWS.items():
        for number, row in enumerate(rows):
            yield f"{rule}/gadget-{family}/{_label(rows, number)}.pkl", _called(row, 4)
    for (rule, family), rows in PYTHON_2.items():
        for number, row in enumerate(rows):
            yield f"{rule}/gadget-{family}/{_label(rows, number)}.pkl", _called(row, 0)


def _label(rows: tuple[Row, ...], number: int) -> str:
    """The callable's name, numbered from the second row on that names it."""
    before = [row[:2] for row in rows[:number]].count(rows[number][:2])
    return ".".join(rows[number][:2]) + (f"-{before + 1}" if before else "")


def _called(row: Row, protocol: int) -> bytes:
    module, name, arguments = row
    spell = asm.named if protocol else asm.named_in_text
    called = asm.call(spell(module, name), *(_value(argument, protocol) for argument in arguments))
    return asm.program(called, protocol=protocol)


def _value(value: object, protocol: int) -> bytes:
    """An argument, spelled in the opcodes of `protocol` (0 or 4)."""
    match value:
        case None:
            return asm.NONE
        case bool():
            return asm.TRUE
        case str():
            return asm.text(value) if protocol else asm.line(value)
        case bytes():
            return asm.blob(value)
        case int():
            return asm.number(value) if protocol else f"I{value}\n".encode()
        case Name(module, name):
            return asm.named(module, name) if protocol else asm.named_in_text(module, name)
        case list():
            return asm.items(*(_value(item, protocol) for item in value))
        case tuple():
            return asm.pack(*(_value(item, protocol) for item in value))
        case dict():
            pairs = [_value(part, protocol) for pair in value.items() for part in pair]
            return asm.MARK + b"".join(pairs) + b"d"
    raise TypeError(f"no opcodes for {value!r}")
