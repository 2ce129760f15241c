"""Loading plug-ins by name.

What is installed beside us runs only when somebody names it: a scan without plug-ins finds the same on every machine. A name is
that of an installed distribution, of one of its entry points, or of a module that calls `modelwarden.register`. Who reads the
name from a project's configuration file takes installed plug-ins only (`installed_only`): a file that comes with somebody's
models must not be able to import just any module.
"""

import os
import re
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from threading import RLock

from modelwarden import formats, policies
from modelwarden.domain.format import Format
from modelwarden.domain.policy import Policy
from modelwarden.errors import UserError
from modelwarden.plugins.registering import loading, register

FORMATS = "modelwarden.formats"
POLICIES = "modelwarden.policies"
REPORTERS = "modelwarden.reporters"

LOADED: dict[str, tuple[str, ...]] = {}
"""Name of a plug-in → its modules."""
_POINTS: set[tuple[str, str, str]] = set()
_LOCK = RLock()


def load(names: Iterable[str], *, installed_only: bool = False) -> None:
    """Load the plug-ins that are not loaded yet. Raises UserError when one cannot be."""
    with _LOCK:
        for name in names:
            found = installed(name, FORMATS, POLICIES)
            if installed_only and not found:
                raise UserError(
                    f"no plug-in {name!r} is installed (modules are loaded by --plugin and MODELWARDEN_PLUGIN only)"
                )
            if name not in LOADED:
                LOADED[name] = _load(name, found)


def installed(name: str, *groups: str) -> list[EntryPoint]:
    """The entry points that a name stands for: one of that name, or all of a distribution."""
    known = entry_points()
    return [
        point
        for group in groups
        for point in sorted(known.select(group=group))
        if point.name == name or (point.dist is not None and _same(point.dist.name, name))
    ]


def found_at(place: str) -> object:
    """What stands at `module.name`. Raises UserError."""
    module, _, name = place.rpartition(".")
    with told(place):
        if not module:
            raise ImportError("it is no module.name")
        return getattr(import_module(module), name)


def homes(names: Iterable[str]) -> Iterator[str]:
    """Files and directories that hold the code of loaded plug-ins."""
    for name in names:
        for module in LOADED.get(name, ()):
            for candidate in (module.partition(".")[0], module):
                file = getattr(sys.modules.get(candidate), "__file__", None)
                if file:
                    yield os.path.dirname(file) if os.path.basename(file).startswith("__init__.") else file
                    break


@contextmanager
def told(name: str) -> Generator[None]:
    """Whatever goes wrong within, the plug-in's own fault, is said in one line. Raises UserError."""
    try:
        yield
    except UserError:
        raise
    except (Exception, SystemExit) as error:  # importing it runs whatever it is
        fault = f"{type(error).__name__}: {error}"
        raise UserError(f"the plug-in {name} could not be loaded: {fault}") from error


def _load(name: str, points: list[EntryPoint]) -> tuple[str, ...]:
    with told(name), loading(name):
        if not points:
            return (_import(name),)
        for point in points:
            _add(point, name)
        return tuple(sorted({point.module for point in points}))


def _add(point: EntryPoint, plugin: str) -> None:
    """Register what an entry point stands for, once, whatever plug-ins it belongs to."""
    thing = point.load()
    key = point.group, point.name, point.value
    if isinstance(thing, type(sys)):
        return  # a module has registered what it has
    wanted, registry = (Format, formats.ADDED) if point.group == FORMATS else (Policy, policies.ADDED)
    if not isinstance(thing, wanted):
        raise TypeError(f"{point.value} is no {wanted.__name__}")
    name = thing.name if isinstance(thing, Format) else thing.rule.id
    if name in registry and key in _POINTS:
        registry.share(name, plugin)
    else:
        register(thing)
        _POINTS.add(key)


def _import(name: str) -> str:
    try:
        import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        raise UserError(
            f"no plug-in {name!r}: no distribution, entry point or module is called so "
            "(modules are looked for where Python looks, which PYTHONPATH adds to)"
        ) from error
    return name


def _same(one: str, other: str) -> bool:
    """Whether two names are the same to package installers."""
    return re.sub(r"[-_.]+", "-", one).lower() == re.sub(r"[-_.]+", "-", other).lower()
