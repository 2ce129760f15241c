"""What a loader would hold on its stack, as far as it is known without running anything."""

from enum import Enum
from typing import TypeAlias, Union

from modelwarden.domain.record import record


@record
class Global:
    """A module's attribute as the loader would look it up, after Python 2 names are mapped (`_compat_pickle`).

    `name` may be dotted; it is empty when the value is the module itself.
    """

    module: str
    name: str

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Global) or type(self) is not type(other):
            return NotImplemented
        return self.name == other.name and self.module == other.module

    def __hash__(self) -> int:
        return hash((self.module, self.name))

    def __str__(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


@record
class Blob:
    """A bytes constant: where it stands in its artifact, and how it starts (at most a few KiB)."""

    offset: int
    length: int
    start: bytes


@record
class Result:
    """What a call would return; it was never made. `weight`: how many values it is written with, nested ones included."""

    callee: "Value"
    arguments: "tuple[Value, ...]"
    weight: int = 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return self.callee == other.callee and self.arguments == other.arguments

    def __hash__(self) -> int:
        return hash((self.callee, self.arguments))

    def __repr__(self) -> str:
        return f"Result(callee={self.callee!r}, arguments={self.arguments!r})"


class Unknown(Enum):
    """A value nobody needs to know: numbers, containers, anything computed."""

    UNKNOWN = "…"


UNKNOWN = Unknown.UNKNOWN

Value: TypeAlias = Union[Global, Blob, Result, Unknown, str, int, "tuple[Value, ...]"]
