"""The shape of a table of harmless callables."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmless:
    """Exact names, one reason for all. Module -> names, separated by blanks (dotted for nested classes).

    `names` may be imported, instantiated and called with any arguments. `instances` are classes of which a loader may make
    instances (`cls.__new__`, then their state); their constructor calls what it is given, so calling them is judged as unknown.
    """

    reason: str
    names: dict[str, str]
    instances: dict[str, str] = field(default_factory=dict)
