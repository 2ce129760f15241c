"""The shape of a table of harmless callables."""

from collections.abc import Mapping
from types import MappingProxyType

from modelwarden.domain.record import record


@record(kw_only=True)
class Harmless:
    """Exact names, one reason for all. Module -> names, separated by blanks (dotted for nested classes).

    `names` may be imported, instantiated and called with any arguments. `instances` are classes of which a loader may make
    instances (`cls.__new__`, then their state); their constructor calls what it is given, so calling them is judged as unknown.
    """

    reason: str
    names: Mapping[str, str]
    instances: Mapping[str, str] = MappingProxyType({})
