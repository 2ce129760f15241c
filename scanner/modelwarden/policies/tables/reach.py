"""What is dangerous about code that is in the file: it is judged by what it reaches, for nobody knows when it will run.

A function may read its own environment or the interpreter's version; it may not run commands, write files or talk to the network.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from modelwarden.domain.observation import CodeBlob
from modelwarden.domain.value import Global
from modelwarden.policies.tables import code_objects, loaders
from modelwarden.policies.tables.known import DANGERS, Kind, Known, classify
from modelwarden.policies.tables.names import canonical
from modelwarden.policies.tables.trampolines import STRONG_MODULES, Shape, shape_of

_RANKS: Final = ("process", "code", "native", "install", "import", "network", "file-write", "loader")
"""The worst first; a finding is named after the worst thing that is reached."""

_LEADS_OUT: Final = frozenset(
    "__globals__ __builtins__ __subclasses__ __import__ __loader__ func_globals f_globals f_locals f_builtins f_back gi_frame "
    "cr_frame ag_frame tb_frame".split()
)
"""Attributes that lead from any object to the interpreter."""

_STEERING: Final = frozenset(
    "builtins.globals sys._getframe sys._current_frames sys.settrace sys.setprofile sys.meta_path sys.path_hooks "
    "gc.get_objects gc.get_referrers gc.get_referents inspect.currentframe inspect.stack os.putenv os.unsetenv os.setuid "
    "keras.config.enable_unsafe_deserialization".split()
)
"""Of the interpreter's own state only this matters in a function."""
_IMPORTERS: Final = frozenset(("importlib", "zipimport", "pkgutil", "imp", "_imp", "runpy", "site"))
_NO_IMPORT: Final = ("importlib.metadata", "importlib.resources")
_IMPORTING: Final = frozenset((Shape.MODULE, Shape.QUALIFIED, Shape.PAIR))
_TYPES: Final = frozenset(("types.FunctionType", "types.LambdaType"))
"""Whoever asks whether something is a function names these; to build one takes a code object, which is dangerous itself."""
_SHOWN: Final = 64


def dangers(fact: CodeBlob) -> tuple[Known, ...]:
    """Everything dangerous that the code reaches, the worst first, each once; at most a few dozen."""
    found: dict[str, Known] = {}
    for known in _found(fact):
        found.setdefault(known.subject, known)
    ranked = sorted(found.values(), key=lambda known: (_RANKS.index(known.family), known.subject))
    return tuple(ranked[:_SHOWN])


def _found(fact: CodeBlob) -> Iterator[Known]:
    for target in fact.reaches:
        known = _target(target)
        if known is not None:
            yield known
    for path in fact.attributes:
        yield from _path(path)
    if fact.names:
        yield from _named(fact.names)


def _target(target: Global) -> Known | None:
    """Why a global is dangerous in code, or None. The `family` of the answer is one of `_RANKS`."""
    if target.module == "urllib":  # the tables know it as the module of Python 2
        package, _, rest = target.name.partition(".")
        return _target(Global(f"urllib.{package}", rest)) if rest else None
    module = canonical(target.module)
    if module == "os":
        return _of_the_operating_system(target.name)
    if not target.name:  # it may as well be a variable of that name
        is_strong = module in STRONG_MODULES and module != "sys"
        return Known(Kind.DANGEROUS, module, "is handed on as a whole", "code") if is_strong else None
    known = classify(target)
    top = known.subject.partition(".")[0]
    match known.kind:
        case Kind.DANGEROUS if known.family != "interpreter":
            return known
        case Kind.DANGEROUS if known.subject in _STEERING:
            return Known(known.kind, known.subject, known.reason, "code")
        case Kind.DANGEROUS if top in _IMPORTERS and not known.subject.startswith(_NO_IMPORT):
            return Known(known.kind, known.subject, known.reason, "import")
        case Kind.TRAMPOLINE if shape_of(known.subject) in _IMPORTING:
            return Known(known.kind, known.subject, "imports a module that is named while it runs", "import")
        case Kind.LOADER:
            return Known(known.kind, known.subject, known.reason, "loader")
        case Kind.CODE | Kind.SCANNER | Kind.EXTENSION if known.subject not in _TYPES:
            return Known(known.kind, known.subject, known.reason, "code")
    return next(_path(target.name), None)


def _of_the_operating_system(name: str) -> Known | None:
    """Of `os` only what is in a table: every second function asks it for a path."""
    if not name:
        return Known(Kind.DANGEROUS, "os", "is handed on as a whole", "code")
    first = name.partition(".")[0]
    for table in DANGERS:
        reason = table.callables.get("os", {}).get(first)
        if reason is not None and (table.family != "interpreter" or f"os.{first}" in _STEERING):
            family = table.family if table.family != "interpreter" else "code"
            return Known(Kind.DANGEROUS, f"os.{first}", reason, family)
    return next(_path(name), None)


def _path(path: str) -> Iterator[Known]:
    """What a dotted name reaches, whatever it is looked up on."""
    parts = path.split(".")
    for index, part in enumerate(parts):
        if part in _LEADS_OUT:
            yield Known(Kind.CHAIN, path, "leads out of the object it is looked up on", "code")
        elif part in STRONG_MODULES and index < len(parts) - 1:
            known = _target(Global(part, ".".join(parts[index + 1 :])))
            if known is not None:
                yield known


def _named(names: Iterable[str]) -> Iterator[Known]:
    """What code might reach of which only the names are known: whatever is in a table with all its words."""
    words = {step for name in names for step in (name, *name.split("."))}
    modules = {canonical(word) for word in words} | {"builtins"}
    for table in DANGERS:
        if table.family == "interpreter":
            continue
        for module in sorted(modules & (table.modules.keys() | table.packages.keys())):
            reason = table.modules.get(module) or table.packages[module]
            yield Known(Kind.DANGEROUS, module, reason, table.family)
        yield from _rows(table.callables, modules, words, table.family)
    yield from _rows(loaders.CALLABLES, modules, words, "loader")
    yield from _rows(code_objects.CALLABLES, modules, words, "code")
    for word in sorted(words & (_LEADS_OUT | {"import_module"})):
        yield Known(Kind.CHAIN, word, "leads to whatever is named while it runs", "code")


def _rows(
    table: dict[str, dict[str, str]], modules: set[str], words: set[str], family: str
) -> Iterator[Known]:
    for module in sorted(modules & table.keys()):
        for name, reason in table[module].items():
            if words.issuperset(name.split(".")):
                yield Known(Kind.DANGEROUS, f"{module}.{name}", reason, family)
