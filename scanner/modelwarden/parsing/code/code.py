"""The noun: one code object, as far as it matters for what it can reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias, Union

from modelwarden.domain.value import Unknown

Version: TypeAlias = tuple[int, int]
Constant: TypeAlias = Union[str, bytes, int, "Code", Unknown, None]
"""A constant of a code object; containers, floats and the like are unknown, and `None` too where nobody says."""

_CO_VARARGS: Final = 0x04
_CO_VARKEYWORDS: Final = 0x08


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Code:
    """A code object. Two of them are never equal: an attacker may share their parts without end.

    `variables`: the names that instructions for fast locals count, parameters first; since CPython 3.11 with the cells behind
    them (`co_localsplusnames`). `cells`: `co_cellvars` and `co_freevars`, which older versions count apart. `parameters`: how
    many of the variables are parameters. `versions`: the CPython versions that lay a code object out like this one, empty when
    their bytecode is not known here.
    """

    name: str
    filename: str
    bytecode: bytes
    constants: tuple[Constant, ...]
    names: tuple[str, ...]
    variables: tuple[str, ...]
    cells: tuple[str, ...]
    parameters: int
    exceptions: bytes
    versions: tuple[Version, ...]


def parameters(arguments: int, keyword_only: int, flags: int) -> int:
    """How many variables are parameters, `*args` and `**kwargs` included (`inspect`, CO_* flags)."""
    return arguments + keyword_only + bool(flags & _CO_VARARGS) + bool(flags & _CO_VARKEYWORDS)


def with_nested(codes: Iterable[Code]) -> tuple[Code, ...]:
    """These code objects and those among their constants, each once, outer ones first."""
    seen: dict[int, Code] = {}
    queue = list(codes)
    for code in queue:
        if id(code) not in seen:
            seen[id(code)] = code
            queue.extend(constant for constant in code.constants if isinstance(constant, Code))
    return tuple(seen.values())
