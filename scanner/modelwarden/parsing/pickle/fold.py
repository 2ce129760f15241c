"""What harmless-looking lookups stand for: `getattr(os, "system")` is `os.system`, worked out without running anything."""

from collections.abc import Container

from modelwarden.domain.value import UNKNOWN, Global, Result, Value

_GETATTR = frozenset({("builtins", "getattr"), ("__builtin__", "getattr"), ("inspect", "getattr_static")})
_IMPORT_MODULE = frozenset({("importlib", "import_module"), ("importlib._bootstrap", "_gcd_import")})
_IMPORT = frozenset({("builtins", "__import__"), ("__builtin__", "__import__"), ("importlib", "__import__")})
_RESOLVE = frozenset({("pkgutil", "resolve_name"), ("pydoc", "locate")})
_PARTIAL = frozenset({("functools", "partial"), ("_functools", "partial")})
_OBJECT = ("builtins", "object")
_TYPE_LOOKUPS = frozenset({("dill._dill", "_load_type"), ("cloudpickle.cloudpickle", "_builtin_type")})
PLAIN_TYPES = {
    name: Global("builtins", name)
    for name in "bool bytearray bytes complex dict float frozenset int list range set slice str tuple".split()
} | {"PartialType": Global("functools", "partial"), "NoneType": Global("types", "NoneType")}
"""Types that dill and cloudpickle look up by name and that hold no code."""
_OPERATORS = ("operator", "_operator")

INSTANTIATORS = frozenset(
    {("copyreg", "_reconstructor"), ("copyreg", "__newobj__"), ("copyreg", "__newobj_ex__")}
    | {("copy_reg", "_reconstructor"), ("copy_reg", "__newobj__"), ("copy_reg", "__newobj_ex__")}
)
"""These do what NEWOBJ does: make an instance of their first argument."""


def attribute(value: Value, name: str) -> Value:
    """`value.name` when `value` is a global or a module."""
    if isinstance(value, Global):
        return Global(value.module, f"{value.name}.{name}" if value.name else name)
    return UNKNOWN


def instantiated(
    callee: Global, arguments: tuple[Value, ...], harmless: Container[tuple[str, str]]
) -> Value | None:
    """The class that a call of an instantiator makes an instance of, or None for any other callee.

    `_reconstructor(cls, base, state)` also runs `base.__init__`: with a base that is not harmless it is a call like any other.
    """
    if callee.name.endswith(".__new__"):  # how protocol 2 spells what NEWOBJ_EX does
        made = arguments[0] if arguments else UNKNOWN
        return made if made == Global(callee.module, callee.name.removesuffix(".__new__")) else None
    if (callee.module, callee.name) not in INSTANTIATORS:
        return None
    if callee.name == "_reconstructor":
        match arguments:
            case (_, Global(module, name), *_) if (module, name) in harmless or (module, name) == _OBJECT:
                pass
            case _:
                return None
    return arguments[0] if arguments else UNKNOWN


def result(callee: Global, arguments: tuple[Value, ...]) -> Value:
    """What calling `callee` returns, as far as it is a lookup; else a `Result` that remembers the call."""
    pair = (callee.module, callee.name)
    match arguments:
        case (owner, str(name), *_) if pair in _GETATTR:
            found = attribute(owner, name)
            if found is not UNKNOWN:
                return found
        case (str(module),) if pair in _IMPORT_MODULE:
            return Global(module, "")
        case (str(module), *rest) if pair in _IMPORT:
            # __import__("a.b") returns the package a unless a fromlist is given
            return Global(module if len(rest) > 2 else module.partition(".")[0], "")
        case (tuple() as items, int(index)) if pair[0] in _OPERATORS and pair[1] == "getitem":
            item: Value = items[index] if -len(items) <= index < len(items) else UNKNOWN
            if item is not UNKNOWN:
                return item
        case (str(name),) if pair in _TYPE_LOOKUPS and name in PLAIN_TYPES:
            return PLAIN_TYPES[name]
        case (str(path), *_) if pair in _RESOLVE:
            module, colon, name = path.partition(":")
            if not colon:
                module, _, name = path.rpartition(".")
            return Global(module or name, name if module else "")
    return _unresolved(callee, arguments)


def resolve_call(callee: Value, arguments: tuple[Value, ...]) -> tuple[Value, tuple[Value, ...]]:
    """What is really called when a partial, an attrgetter or a methodcaller is: the callee and its arguments."""
    for _ in range(8):  # partials of partials; an attacker's ninth is reported as an unknown call
        if not (isinstance(callee, Result) and isinstance(callee.callee, Global)):
            break
        pair = (callee.callee.module, callee.callee.name)
        given = callee.arguments
        if pair in _PARTIAL and given:
            callee, arguments = given[0], given[1:] + arguments
        elif pair[0] in _OPERATORS and pair[1] == "methodcaller" and given and arguments:
            if not isinstance(given[0], str):
                break
            callee, arguments = attribute(arguments[0], given[0]), given[1:]
        else:
            break
    return callee, arguments


def resolve_result(callee: Value, arguments: tuple[Value, ...]) -> Value:
    """What a call returns, given its resolved callee; an attrgetter looks up its names on the argument."""
    if isinstance(callee, Global):
        return result(callee, arguments)
    match callee:
        case Result(Global(module, "attrgetter"), (str(names), *_)) if module in _OPERATORS and arguments:
            found = arguments[0]
            for name in names.split("."):
                found = attribute(found, name)
            return found
    return _unresolved(callee, arguments)


def _unresolved(callee: Value, arguments: tuple[Value, ...]) -> Result:
    return Result(callee, arguments, 1 + _weight(callee) + _weight(arguments))


def _weight(value: Value) -> int:
    match value:
        case Result(weight=weight):
            return weight
        case tuple():
            return 1 + sum(map(_weight, value))
    return 1
