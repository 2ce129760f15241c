"""All tables of harmless callables, put together."""

from functools import lru_cache

from modelwarden.policies.tables import (
    harmless_frameworks,
    harmless_keras,
    harmless_numpy,
    harmless_python,
    harmless_scientific,
    harmless_sklearn,
    harmless_standard,
    harmless_timm,
    harmless_torch,
    harmless_torch_classes,
    harmless_torchvision,
    harmless_transformers,
    harmless_ultralytics,
)
from modelwarden.policies.tables.names import ALIASES

TABLES = tuple(
    module.TABLE
    for module in (
        harmless_python,
        harmless_standard,
        harmless_numpy,
        harmless_torch,
        harmless_torch_classes,
        harmless_torchvision,
        harmless_ultralytics,
        harmless_timm,
        harmless_transformers,
        harmless_sklearn,
        harmless_scientific,
        harmless_frameworks,
        harmless_keras,
    )
)

PAIRS: frozenset[tuple[str, str]] = frozenset(
    (module, name) for table in TABLES for module, names in table.names.items() for name in names.split()
)
"""May be imported, instantiated and called with any arguments. Canonical names."""


@lru_cache(maxsize=1)
def instances() -> frozenset[tuple[str, str]]:
    """Classes of which instances may be made; calling them is unknown. Canonical names."""
    return frozenset(
        (module, name)
        for table in TABLES
        for module, names in table.instances.items()
        for name in names.split()
    )


NAMESPACES: dict[str, str] = {
    "__torch__": "classes compiled by TorchScript; no Python module bears this name"
}
"""Top-level names of which every class may be instantiated."""


def spellings() -> frozenset[tuple[str, str]]:
    """`PAIRS` and the same names under their other modules, as they stand in a file: `_collections`, `numpy._core` ..."""
    others: dict[str, list[str]] = {}
    for alias, module in ALIASES.items():
        others.setdefault(module, []).append(alias)
    found = set(PAIRS)
    for module, name in PAIRS:
        if module.startswith("numpy.core"):
            found.add((module.replace("numpy.core", "numpy._core", 1), name))
        for alias in others.get(module, ()):
            found.add((alias, name))
    return frozenset(found)
