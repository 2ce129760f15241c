"""The shape of a table of dangerous callables."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """One family. Reasons complete "os.system, which …".

    `callables`: module -> name -> reason (names may be dotted: `Path.write_text`). `modules`: everything in that one module
    counts. `packages`: everything in that package and below counts. Names are canonical (see `names`).
    """

    family: str
    callables: dict[str, dict[str, str]] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
