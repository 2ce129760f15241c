"""The shape of a table of dangerous callables."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from modelwarden.domain.record import record

_NOTHING: Final = MappingProxyType[str, str]({})


@record(kw_only=True)
class Danger:
    """One family. Reasons complete "os.system, which …".

    `callables`: module -> name -> reason (names may be dotted: `Path.write_text`). `modules`: everything in that one module
    counts. `packages`: everything in that package and below counts. Names are canonical (see `names`).
    """

    family: str
    callables: Mapping[str, Mapping[str, str]] = MappingProxyType[str, Mapping[str, str]]({})
    modules: Mapping[str, str] = _NOTHING
    packages: Mapping[str, str] = _NOTHING
