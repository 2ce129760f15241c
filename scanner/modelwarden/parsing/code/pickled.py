"""Functions and classes that a pickle builds out of its own bytes: what cloudpickle, dill and `types.CodeType` are given.

Sources: `_code_reduce`, `_make_function`, `_make_skeleton_class` in `cloudpickle/cloudpickle.py`; `save_code`, `_create_code`,
`_create_function` in `dill/_dill.py`; the constructor of `types.CodeType` in `Objects/codeobject.c` of CPython 3.6 to 3.14.
"""

from collections.abc import Sequence
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import INSTANTIATING, Call, CodeBlob
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result, Value
from modelwarden.parsing.code.blob import code_blob
from modelwarden.parsing.code.code import Code, Constant, Version, parameters, with_nested
from modelwarden.parsing.marshal.decode import decode
from modelwarden.parsing.pickle.fold import PLAIN_TYPES

_NESTED: Final = 16
_PARTS: Final = 64
_CEILING: Final = 1 << 20

_NEWEST: Final[tuple[Version, ...]] = ((3, 11), (3, 12), (3, 13), (3, 14))
_OLDER: Final[tuple[Version, ...]] = ((3, 8), (3, 9), (3, 10))
_OLDEST: Final[tuple[Version, ...]] = ((3, 6), (3, 7))

_LIBRARIES: Final = frozenset(("cloudpickle", "dill"))
_TYPE_LOOKUPS: Final = frozenset(("_builtin_type", "_load_type"))
_CODE_TYPES: Final = frozenset(("CodeType", "_create_code"))
_FUNCTION_TYPES: Final = frozenset(
    "FunctionType LambdaType _make_function _make_skel_func make_skel_func _create_function".split()
)
_CLASS_MAKERS: Final = frozenset("_make_skeleton_class _make_skeleton_enum _create_type".split())
_STATE_SETTERS: Final = frozenset(
    "_function_setstate _fill_function _class_setstate _rehydrate_skeleton_class".split()
)
_CELLS: Final = frozenset("_make_cell _make_empty_cell _create_cell CellType".split())
_OF_TYPES: Final = _FUNCTION_TYPES | _CODE_TYPES | {"CellType"}
_METACLASSES: Final = frozenset(("type", "ABCMeta", "EnumMeta", "EnumType"))
_PLAIN_TYPES: Final = frozenset(
    "bytes bytearray str int float complex bool tuple list dict set frozenset object property staticmethod classmethod "
    "slice range GenericAlias UnionType".split()
)
"""To call these does no more than make a value."""


class Explainer:
    """What the calls of one pickle mean that build functions and classes, or parts of them, out of what is in the file."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._parts: list[Call] = []
        self._stated = False

    def take(self, call: Call) -> tuple[Call | CodeBlob, ...]:
        """What is to be judged in place of `call`: code that it builds, or itself; nothing for a part of what others build.

        A call that builds something out of what is not in the file, or is not known, is to be judged as any call.
        """
        if (found := self._code(call)) is not None:
            self._stated = True
            return found
        if _looks_up_plain_type(call):
            return ()
        if self._is_part(call):
            if not self._stated and len(self._parts) < _PARTS:
                self._parts.append(call)
            return ()
        return (call,)

    def rest(self) -> tuple[Call, ...]:
        """At the end: parts of something that never came. They are to be judged as any call."""
        return () if self._stated else tuple(self._parts)

    def _code(self, call: Call) -> tuple[Call | CodeBlob, ...] | None:
        """The code that a call carries or builds, with the call where that is to be judged too; None for any other call."""
        match call:
            case Call(Global("marshal", "loads"), (Blob(offset, length), *_)):
                return (decode(self._source, offset, length), call)
        maker = _maker(call.callee)
        if maker in _CODE_TYPES:
            code = code_from_arguments(call.arguments, self._source)
            return None if code is None else (code_blob(with_nested([code]), call.span),)
        if maker in _CLASS_MAKERS:
            return _class(call.arguments, call.span)
        return None

    def _is_part(self, call: Call) -> bool:
        maker = _maker(call.callee)
        first = call.arguments[0] if call.arguments else None
        known = (
            self._stated and first is UNKNOWN
        )  # what builds it was too long to be kept, and has been judged
        if maker in _FUNCTION_TYPES:
            return known or _is_made(first, _CODE_TYPES)
        if maker in _STATE_SETTERS:
            return known or _is_made(first, _FUNCTION_TYPES | _CLASS_MAKERS)
        if maker in _TYPE_LOOKUPS:
            return isinstance(first, str) and first.isidentifier() and first[0] != "_"
        match call:
            case Call(Global("builtins", "getattr"), (Global("dill", "_dill"), "_setattr", *_)):
                return True
            case Call(Global() as setter, (cell, "cell_contents", _)) if str(setter) == "dill._dill._setattr":
                return known or _is_made(cell, _CELLS)
        is_instance = call.how in INSTANTIATING and _is_made(call.callee, _CLASS_MAKERS)
        is_plain = isinstance(call.callee, Result) and maker in _PLAIN_TYPES
        return is_instance or is_plain or maker in _CELLS


def _looks_up_plain_type(call: Call) -> bool:
    """Whether the call is a library's way to name a type that holds no code."""
    match call:
        case Call(Global(_, name), (str(kind),)):
            return name in _TYPE_LOOKUPS and _maker(call.callee) == name and kind in PLAIN_TYPES
    return False


def code_from_arguments(arguments: Sequence[Value], source: ByteSource) -> Code | None:
    """The code object that `types.CodeType` or dill's `_create_code` would make of these arguments; None when they are not known.

    Bytes are read from `source` where a `Blob` does not hold them.
    """
    return _code(arguments, source, 0)


def _code(arguments: Sequence[Value], source: ByteSource, depth: int) -> Code | None:
    # the bytecode is the first bytes with a tuple, the constants, behind it; dill puts a table of lines before everything
    for index in range(len(arguments) - 5):
        if _is_bytes(arguments[index]) and isinstance(arguments[index + 1], tuple):
            break
    else:
        return None
    numbers = [number for number in arguments[:index] if isinstance(number, int) or number is UNKNOWN]
    bytecode, constants, names, variables, filename, name, *rest = arguments[index:]
    newest = len(rest) > 1 and not isinstance(rest[0], int)
    qualified = rest[0] if newest else name
    tail = [value for value in rest if isinstance(value, tuple)]
    free, cells = _names(tail[0] if tail else ()), _names(tail[1] if len(tail) > 1 else ())
    variable_names, global_names = _names(variables), _names(names)
    raw = _bytes(bytecode, source)
    if raw is None or free is None or cells is None or variable_names is None or global_names is None:
        return None
    exceptions = _bytes(rest[3], source) if newest and len(rest) > 3 else b""
    if newest:
        variable_names += tuple(cell for cell in cells if cell not in variable_names) + free
    count = len(numbers)
    known = [number if isinstance(number, int) else 0 for number in numbers]
    return Code(
        name=qualified if isinstance(qualified, str) else "",
        filename=filename if isinstance(filename, str) else "",
        bytecode=raw,
        constants=tuple(_constant(constant, source, depth) for constant in _items(constants)),
        names=global_names,
        variables=variable_names,
        cells=cells + free,
        parameters=parameters(known[0], known[2 if count == 6 else 1], known[-1]) if count >= 4 else 0,
        exceptions=exceptions or b"",
        versions=_NEWEST if newest else _OLDER if count == 6 else _OLDEST if count == 5 else (),
    )


def _constant(value: Value, source: ByteSource, depth: int) -> Constant:
    match value:
        case str() | int():
            return value
        case Result(callee, arguments) if _maker(callee) in _CODE_TYPES and depth < _NESTED:
            return _code(arguments, source, depth + 1) or UNKNOWN
    return UNKNOWN


def _class(arguments: tuple[Value, ...], span: Span) -> tuple[CodeBlob, ...] | None:
    """A class by value: its functions are facts of their own; its bases are used while it is made."""
    match arguments:
        case (metaclass, str(name), bases, *_) if _type_name(metaclass) in _METACLASSES:
            reaches = tuple(base for base in _items(bases) if isinstance(base, Global))
            return (CodeBlob(name, reaches, (), (), decoded=True, span=span),)
    return None


def _type_name(value: Value) -> str:
    match value:
        case Global("builtins" | "abc" | "enum", name):
            return name
    return _maker(value) if isinstance(value, Result) else ""


def _maker(callee: Value) -> str:
    """The last word of a callee of these libraries or of `types`, looked up directly or by `_builtin_type("…")`; else nothing."""
    match callee:
        case Global("types", name) if name in _OF_TYPES:
            return name
        case Global(module, name) if not _LIBRARIES.isdisjoint(module.split(".")):
            return name
        case Result(Global() as lookup, (str(name), *_)) if _maker(lookup) in _TYPE_LOOKUPS:
            return name
    return ""


def _is_made(value: Value | None, makers: frozenset[str]) -> bool:
    """Whether one of `makers`, or `marshal.loads` of a constant, which has its own fact, makes this value."""
    match value:
        case Result(Global("marshal", "loads"), (Blob(), *_)):
            return True
        case Result(callee):
            return _maker(callee) in makers
    return False


def _items(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else ()


def _names(value: Value) -> tuple[str, ...] | None:
    """A tuple of names; None when any of them is not known."""
    if not isinstance(value, tuple):
        return None
    names = tuple(name for name in value if isinstance(name, str))
    return names if len(names) == len(value) else None


def _is_bytes(value: Value) -> bool:
    match value:
        case Blob() | Result(Global("_codecs" | "codecs", "encode")):
            return True
    return False


def _bytes(value: Value, source: ByteSource) -> bytes | None:
    """The bytes of a constant; before protocol 3 they are text that `_codecs.encode` turns into bytes. None when not known."""
    match value:
        case Blob(length=length, start=start) if length == len(start):
            return start
        case Blob(offset, length, start) if length <= _CEILING:
            data = source.read(offset, length)
            return data if data.startswith(start) else start  # encoded: its start is all there is
        case Result(Global("_codecs" | "codecs", "encode"), (str(text), "latin1" | "latin-1")):
            return text.encode("latin-1", "replace")
    return None
