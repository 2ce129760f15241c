"""A tree of code objects as instructions, for every version of CPython that makes sense of it.

Nothing in a code object says which version it is of; a version that would count past the end of its tables is not the one.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeAlias

from modelwarden.parsing.code.code import Code, Version
from modelwarden.parsing.code.instructions import Instruction, Nonsense, instructions

Listing: TypeAlias = list[tuple[Code, list[Instruction]]]
Table: TypeAlias = Literal["name", "variable", "cell", "constant"]

_INSTRUCTIONS: Final = 200_000
"""Of a whole tree; real ones of this size are generated."""

_STARTS: Final = frozenset(("RESUME", "COPY_FREE_VARS", "MAKE_CELL", "RETURN_GENERATOR"))
"""With one of these every code object begins that CPython 3.11 or newer compiled."""

DOUBLE: Final = frozenset(
    "LOAD_FAST_LOAD_FAST STORE_FAST_LOAD_FAST STORE_FAST_STORE_FAST LOAD_FAST_BORROW_LOAD_FAST_BORROW".split()
)
_TABLES: Final[dict[str, Table]] = {
    **dict.fromkeys(
        "LOAD_NAME LOAD_GLOBAL LOAD_ATTR LOAD_METHOD LOAD_SUPER_ATTR LOAD_FROM_DICT_OR_GLOBALS IMPORT_NAME IMPORT_FROM "
        "STORE_NAME STORE_GLOBAL STORE_ATTR".split(),
        "name",
    ),
    **dict.fromkeys(
        "LOAD_FAST LOAD_FAST_CHECK LOAD_FAST_BORROW LOAD_FAST_AND_CLEAR STORE_FAST".split() + sorted(DOUBLE),
        "variable",
    ),
    **dict.fromkeys("LOAD_DEREF LOAD_CLASSDEREF LOAD_FROM_DICT_OR_DEREF STORE_DEREF".split(), "cell"),
    **dict.fromkeys("LOAD_CONST RETURN_CONST".split(), "constant"),
}


def _versions(codes: Sequence[Code]) -> list[Version]:
    common = set(codes[0].versions).intersection(*(code.versions for code in codes)) if codes else set()
    return sorted(common)


def listings(codes: Sequence[Code]) -> list[tuple[Version, Listing]]:
    """The instructions for each version that makes sense of all of them, those as CPython compiles them preferred."""
    found: list[tuple[Version, Listing]] = []
    for version in _versions(codes):
        listing: Listing = []
        left = _INSTRUCTIONS
        try:
            for code in codes:
                steps = instructions(code, version, left)
                _check(code, steps, version)
                left -= len(steps)
                listing.append((code, steps))
        except Nonsense:
            continue
        found.append((version, listing))
    compiled = [(version, listing) for version, listing in found if all(map(_starts_well, listing))]
    return compiled or found


def partial_listings(codes: Sequence[Code]) -> list[tuple[Version, Listing]]:
    """For each version the instructions of those code objects that it makes sense of."""
    return [(version, _partial(codes, version)) for version in _versions(codes)]


def _partial(codes: Sequence[Code], version: Version) -> Listing:
    listing: Listing = []
    left = _INSTRUCTIONS
    for code in codes:
        try:
            steps = instructions(code, version, left)
            _check(code, steps, version)
        except Nonsense:
            continue
        left -= len(steps)
        listing.append((code, steps))
    return listing


def _starts_well(entry: tuple[Code, list[Instruction]]) -> bool:
    _, steps = entry
    return bool(steps) and steps[0].name in _STARTS


def _check(code: Code, steps: Iterable[Instruction], version: Version) -> None:
    """Raises Nonsense when an instruction counts names, variables or constants that are not there."""
    for step in steps:
        where = operand(step, version)
        if where is None:
            continue
        kind, index = where
        if kind == "cell":
            length = len(code.cells) if version < (3, 11) else len(code.variables)
        else:
            length = len({"name": code.names, "variable": code.variables, "constant": code.constants}[kind])
        if index >= length:
            raise Nonsense("counts what is not there")


def operand(step: Instruction, version: Version) -> tuple[Table, int] | None:
    """Which table an instruction counts into, and the index; None for no table."""
    kind = _TABLES.get(step.name)
    if kind is None:
        return None
    index = step.argument
    if (step.name == "LOAD_GLOBAL" and version >= (3, 11)) or (
        step.name == "LOAD_ATTR" and version >= (3, 12)
    ):
        index >>= 1
    elif step.name == "LOAD_SUPER_ATTR":
        index >>= 2
    elif step.name in DOUBLE:
        index = max(index >> 4, index & 15)
    return kind, index
