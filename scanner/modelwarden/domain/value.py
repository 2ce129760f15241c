"""What a loader would hold on its stack, as far as it is known without running anything."""

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias, Union


@dataclass(frozen=True, slots=True)
class Global:
    """A module's attribute as the loader would look it up, after Python 2 names are mapped (`_compat_pickle`).

    `name` may be dotted; it is empty when the value is the module itself.
    """

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class Blob:
    """A bytes constant: where it stands in its artifact, and how it starts (at most a few KiB)."""

    offset: int
    length: int
    start: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """What a call would return; it was never made. `weight`: how many values it is written with, nested ones included."""

    callee: "Value"
    arguments: "tuple[Value, ...]"
    weight: int = field(default=1, compare=False, repr=False)


class Unknown(Enum):
    """A value nobody needs to know: numbers, containers, anything computed."""

    UNKNOWN = "…"


UNKNOWN = Unknown.UNKNOWN

Value: TypeAlias = Union[Global, Blob, Result, Unknown, str, int, "tuple[Value, ...]"]
