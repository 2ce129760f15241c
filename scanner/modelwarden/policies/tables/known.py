"""What is known of a global: the one place that reads all tables, so that one name has one answer."""

from enum import StrEnum
from functools import lru_cache

from modelwarden.domain.record import record
from modelwarden.domain.value import Global
from modelwarden.policies.tables import (
    code_execution,
    code_objects,
    file_write,
    harmless,
    install,
    interpreter,
    loaders,
    native,
    network,
    process,
    scanners,
    trampolines,
)
from modelwarden.policies.tables.harmless import is_vetted_module
from modelwarden.policies.tables.names import canonical, original
from modelwarden.policies.tables.standard_modules import is_standard

DANGERS = tuple(
    table.TABLE for table in (process, code_execution, native, install, file_write, network, interpreter)
)
_PARTS_MAX = 16
_PACKAGE_STEPS = 3


class Kind(StrEnum):
    """What a global is to a loader. `INSTANCE`: a class that may be instantiated, and whose constructor is not vetted."""

    DANGEROUS = "dangerous"
    TRAMPOLINE = "trampoline"
    LOADER = "loader"
    CODE = "code"
    SCANNER = "scanner"
    EXTENSION = "extension"
    CHAIN = "chain"
    HARMLESS = "harmless"
    INSTANCE = "instance"
    UNKNOWN = "unknown"


VETTED = frozenset({Kind.HARMLESS, Kind.INSTANCE})


@record
class Known:
    """The answer of `classify`.

    `subject` is the canonical name (`posix.system` -> `os.system`); `reason` completes "… , which …"; `family` is set for
    `DANGEROUS`.
    """

    kind: Kind
    subject: str
    reason: str = ""
    family: str = ""


_EXTENSIONS = {
    "add_extension": "registers a name for an extension code",
    "remove_extension": "removes a name for an extension code",
    "clear_extension_cache": "clears the cache of extension codes",
}


@lru_cache(maxsize=1024)
def classify(target: Global) -> Known:
    """What `target` is. Dotted names are judged at every segment; aliases and vendored copies under their usual name."""
    module = canonical(target.module)
    copied = original(target.module)
    parts = target.name.split(".")
    for place in dict.fromkeys((module, target.module, copied)):
        known = _walk(place, parts) if target.name else _module(place)
        # a copy may be worse than its original, so only what is bad about the original counts
        if known is not None and (place != copied or place == module or known.kind not in VETTED):
            return known
    return (
        _chain(module, parts)
        or _reexported(module, parts)
        or _compiled(module, parts)
        or Known(Kind.UNKNOWN, _join(module, target.name))
    )


def module_reason(name: str) -> str:
    """Why the module `name` must not be handed around as an object, or an empty string."""
    for place in (canonical(name), name, original(name)):
        known = _module(place)
        if known is not None and known.reason:
            return known.reason
    return ""


_REEXPORTED = {
    "exec": "builtins",
    "eval": "builtins",
    "__import__": "builtins",
    "bltn_open": "builtins",
    "CodeType": "types",
    "FunctionType": "types",
    "LambdaType": "types",
    "MethodType": "types",
    "ABCMeta": "abc",
    "EnumMeta": "enum",
    "EnumType": "enum",
    "Unpickler": "pickle",
    "_Unpickler": "pickle",
    "loads": "pickle",
    "import_module": "importlib",
    "system": "os",
    "popen": "os",
    "Popen": "subprocess",
}
"""Names that mean one thing wherever a library has imported them: name -> the module they come from."""
_RENAMED = {"bltn_open": "open"}
_METACLASS = ("Meta", "Metaclass", "MetaClass")


def _reexported(module: str, parts: list[str]) -> Known | None:
    """What a library imports for its own use and so hands on: `unittest.mock.CodeType`, `joblib.numpy_pickle.Unpickler`.

    Only in the standard library and in libraries we know; elsewhere anybody may have named a function `system`.
    """
    name = parts[-1]
    if len(parts) > 1 or not (is_standard(module) or is_vetted_module(module.partition(".")[0])):
        return None
    if name in _REEXPORTED:
        known = _lookup(_REEXPORTED[name], _RENAMED.get(name, name))
        return None if known is None or known.kind in VETTED else known
    if name.endswith(_METACLASS):
        return Known(Kind.CODE, _join(module, name), "builds a class from a table of attributes")
    return None


def _compiled(module: str, parts: list[str]) -> Known | None:
    """Cython's `__pyx_unpickle_Name`: makes an instance of a compiled class of that module and fills it with plain values."""
    name = parts[-1]
    if len(parts) == 1 and name.startswith("__pyx_unpickle_"):
        return Known(Kind.INSTANCE, _join(module, name))
    return None


def is_notable(target: Global) -> bool:
    """Whether a global is known to do something: neither harmless nor unknown."""
    return classify(target).kind not in (*VETTED, Kind.UNKNOWN)


def _join(module: str, name: str) -> str:
    return f"{module}.{name}" if name else module


def _module(module: str) -> Known | None:
    """What the module object itself is."""
    found = _whole_module(module)
    if found is not None:
        return found
    if module in trampolines.GATEWAYS:
        return Known(Kind.DANGEROUS, module, "hands out a module from which code can be run", "interpreter")
    return Known(Kind.HARMLESS, module) if is_vetted_module(module) else None


def _whole_module(module: str) -> Known | None:
    """The row of the module or of a package above it."""
    top = module.partition(".")[0]
    if top in scanners.PACKAGES:
        return Known(Kind.SCANNER, module, scanners.PACKAGES[top])
    if module.endswith(".__main__") or module.startswith("test.test_"):
        return Known(Kind.DANGEROUS, module, "is a program that runs when it is imported", "code")
    for table in DANGERS:
        reason = table.modules.get(module)
        if reason is not None:
            return Known(Kind.DANGEROUS, module, reason, table.family)
    steps = module.split(".", _PACKAGE_STEPS)[:_PACKAGE_STEPS]
    for end in range(len(steps), 0, -1):
        package = ".".join(steps[:end])
        for table in DANGERS:
            reason = table.packages.get(package)
            if reason is not None:
                return Known(Kind.DANGEROUS, module, reason, table.family)
    return None


def _exact(module: str, name: str) -> Known | None:
    """The row of the pair itself."""
    subject = _join(module, name)
    if name in trampolines.CALLABLES.get(module, {}):
        return Known(Kind.TRAMPOLINE, subject, "reaches whatever its operand names")
    if reason := loaders.CALLABLES.get(module, {}).get(name):
        return Known(Kind.LOADER, subject, reason)
    if reason := code_objects.CALLABLES.get(module, {}).get(name):
        return Known(Kind.CODE, subject, reason)
    if module == "copyreg" and name in _EXTENSIONS:
        return Known(Kind.EXTENSION, subject, _EXTENSIONS[name])
    if name in harmless.names(module):
        return Known(Kind.HARMLESS, subject)
    if name in harmless.instances(module) or ("." not in name and _is_namespace(module)):
        return Known(Kind.INSTANCE, subject)
    for table in DANGERS:
        if reason := table.callables.get(module, {}).get(name):
            return Known(Kind.DANGEROUS, subject, reason, table.family)
    made, _, last = name.rpartition(".")
    if last == "__new__" and (made in harmless.names(module) or made in harmless.instances(module)):
        return Known(Kind.HARMLESS, subject)  # what NEWOBJ_EX is spelled as below protocol 4
    return None


def _is_namespace(module: str) -> bool:
    return module.partition(".")[0] in harmless.NAMESPACES


def _lookup(module: str, name: str) -> Known | None:
    """The row of the pair, else of its whole module."""
    known = _exact(module, name)
    if known is None and (whole := _whole_module(module)) is not None:
        known = Known(whole.kind, _join(module, name), whole.reason, whole.family)
    return known


def _walk(module: str, parts: list[str]) -> Known | None:
    """Judges each prefix of a dotted name, then the name as one below submodules of `module`."""
    if (known := _exact(module, ".".join(parts))) is not None:
        return known
    for end in range(1, min(len(parts), _PARTS_MAX + 1)):
        known = _exact(module, ".".join(parts[:end]))
        if known is None or known.kind in VETTED:
            continue
        if known.kind is Kind.TRAMPOLINE:
            return Known(Kind.CHAIN, known.subject, f"walks through {known.subject}")
        return known
    if (known := _lookup(module, ".".join(parts))) is not None:
        return known
    for end in range(1, min(len(parts), _PARTS_MAX)):
        known = _lookup(_join(module, ".".join(parts[:end])), ".".join(parts[end:]))
        if known is not None:
            return known
    return None


def _chain(module: str, parts: list[str]) -> Known | None:
    """A name that walks out of `module`: through another module, or through special attributes."""
    name = ".".join(parts)
    if len(parts) > _PARTS_MAX:
        return Known(Kind.CHAIN, _join(module, name), f"walks through {len(parts)} attributes")
    walked = [part for part in parts if part in trampolines.WALKS]
    walked += [part for part in parts[:-1] if part.startswith("__") and part.endswith("__")]
    if walked:
        return Known(Kind.CHAIN, _join(module, name), f"walks through {walked[0]}")
    for index, part in enumerate(parts):
        step = part if part in trampolines.STRONG_MODULES else part.removeprefix("_")
        if step in trampolines.STRONG_MODULES:
            return Known(
                Kind.CHAIN,
                _join(canonical(step), ".".join(parts[index + 1 :])),
                f"walks through the module {step}",
            )
        for end in range(index + 1, len(parts)):
            known = _lookup(canonical(".".join([step, *parts[index + 1 : end]])), ".".join(parts[end:]))
            if known is not None and known.kind not in (*VETTED, Kind.TRAMPOLINE):
                return Known(Kind.CHAIN, known.subject, f"walks through the module {step}")
    return None
