"""All tables of harmless callables, put together. A table is loaded when a module of one of its packages is asked for."""

from collections.abc import Container, Iterator, Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import Final, cast

from modelwarden.domain.lazy import LazySequence
from modelwarden.policies.tables.harmless_rows import Harmless
from modelwarden.policies.tables.names import ALIASES

_STANDARD: Final = ("python", "standard")
_SCIENTIFIC: Final = ("scientific",)
_FRAMEWORKS: Final = ("frameworks",)
_PACKAGES: Final[dict[str, tuple[str, ...]]] = {
    "numpy": ("numpy",),
    "ml_dtypes": ("numpy",),
    "torch": ("torch", "torch_classes", "frameworks"),
    "torchvision": ("torchvision",),
    "ultralytics": ("ultralytics",),
    "timm": ("timm",),
    "transformers": ("transformers", "frameworks"),
    "sklearn": ("sklearn",),
    "keras": ("keras",),
    "tensorflow": ("keras",),
    **dict.fromkeys("dateutil joblib pandas pytz scipy statsmodels".split(), _SCIENTIFIC),
    **dict.fromkeys(
        (
            "accelerate catboost gensim imblearn lightgbm lightning lightning_fabric nltk omegaconf pymdownx pytorch_lightning "
            "tokenizers xgboost"
        ).split(),
        _FRAMEWORKS,
    ),
}
"""Top-level package -> the tables in which its modules may stand; any other package is of the standard library or unknown."""

_ALL: Final = tuple(dict.fromkeys((*_STANDARD, *(name for names in _PACKAGES.values() for name in names))))


@cache
def _table(name: str) -> Harmless:
    return cast(Harmless, import_module(f"{__package__}.harmless_{name}").TABLE)


TABLES: Sequence[Harmless] = LazySequence(_ALL, _table)

NAMESPACES: dict[str, str] = {
    "__torch__": "classes compiled by TorchScript; no Python module bears this name"
}
"""Top-level names of which every class may be instantiated."""


def _tables(module: str) -> Iterator[Harmless]:
    """The tables in which a module may stand."""
    for name in _PACKAGES.get(module.partition(".")[0], _STANDARD):
        yield _table(name)


@lru_cache(maxsize=1024)
def names(module: str) -> frozenset[str]:
    """What may be imported from a module, instantiated and called with any arguments. The module by its canonical name."""
    return frozenset(name for table in _tables(module) for name in table.names.get(module, "").split())


@lru_cache(maxsize=1024)
def instances(module: str) -> frozenset[str]:
    """The classes of a module of which instances may be made; calling them is unknown. The module by its canonical name."""
    return frozenset(name for table in _tables(module) for name in table.instances.get(module, "").split())


@cache
def _known_modules(package: str) -> frozenset[str]:
    """The modules of a top-level package in which something harmless is known to live, and the packages above them."""
    found: set[str] = set()
    for table in _tables(package):
        for modules in (table.names, table.instances):
            for module, listed in modules.items():
                while listed and module and module not in found:
                    found.add(module)
                    module = module.rpartition(".")[0]
    return frozenset(found)


def is_vetted_module(name: str) -> bool:
    """Whether something harmless is known to live in the module `name` or below it."""
    package = name.partition(".")[0]
    return name in _known_modules(package if package in _PACKAGES else "")


@lru_cache(maxsize=1024)
def _spelled(module: str) -> frozenset[str]:
    """As `names`, for a module as it stands in a file: `_collections`, `numpy._core` ..."""
    found = names(module)
    if module in ALIASES:
        found |= names(ALIASES[module])
    if module.startswith("numpy._core"):
        found |= names(module.replace("numpy._core", "numpy.core", 1))
    return found


class Spellings(Container[tuple[str, str]]):
    """Every (module, name) that is harmless whatever its arguments, in every spelling a file may use."""

    def __contains__(self, pair: object) -> bool:
        match pair:
            case (str(module), str(name)):
                return name in _spelled(module)
        return False
