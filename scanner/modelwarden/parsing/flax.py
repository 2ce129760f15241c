"""What a tree of Flax holds that its reader, or a program behind it, would not take for names and numbers."""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Call, Gap, How, Patch, Place, Program, Quirk, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.domain.value import Global
from modelwarden.parsing.msgpack import MOST_VALUES, Broken, TooMany, Value, Walk
from modelwarden.parsing.native import program_at
from modelwarden.parsing.rest import rest_behind
from modelwarden.source.memory import MemorySource
from modelwarden.source.slice import SliceSource

_ARRAY, _COMPLEX, _SCALAR, _TIMESTAMP = 1, 2, 3, -1
_METHODS = frozenset(
    "__build_class__ __builtins__ __call__ __code__ __del__ __getattr__ __getattribute__ __getstate__ __globals__ __import__ "
    "__init__ __init_subclass__ __new__ __reduce__ __reduce_ex__ __setstate__ __subclasses__".split()
)
"""Keys that mean something only when they become attributes of an object or class."""
_CLASSES = frozenset(("__class__", "py/object", "py/reduce", "py/type"))
_DOTTED = re.compile(rb"([A-Za-z_][\w.]*)\.([A-Za-z_]\w*)")
_ITEM_BYTES = {
    "bool": 1, "bool_": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "int64": 8, "uint64": 8,
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "complex64": 8, "complex128": 16,
    "float8_e4m3fn": 1, "float8_e5m2": 1, "float8_e4m3b11fnuz": 1, "float8_e4m3fnuz": 1, "float8_e5m2fnuz": 1,
    "float8_e4m3": 1, "float8_e3m4": 1, "float8_e8m0fnu": 1, "int4": 1, "uint4": 1, "int2": 1, "uint2": 1, "float4_e2m1fn": 1,
}  # fmt: skip
_OBJECTS = re.compile(rb"(?:[|<>=]?O\d*|object_?)|.*[,(\[].*O.*", re.DOTALL)
_MOST_DIMENSIONS = 64
_SMALL = 1 << 12
_TOO_SHORT = 8
"""No pickle, program or archive that does something is that short."""


def begins_a_tree(start: bytes, size: int, *, named: bool) -> bool:
    """Whether `size` bytes that begin with `start` are a tree. `named`: the name claims it, so a map need not hold an array."""
    values = Walk(_Beginning(start, size))
    seen, arrays = 0, 0
    try:
        for value in values:
            seen += 1
            arrays += value.kind == "ext" and value.code in (_ARRAY, _SCALAR)
            is_container = value.kind in ("map", "array")
            if seen == 1 and not is_container and value.kind not in ("ext", "bin"):
                return False
            if value.offset + (0 if is_container else value.length) >= len(start):
                break
    except (Broken, TooMany):
        # A hostile tree may break where it likes, but a text or a picture breaks at once.
        return (named and seen > 3) or arrays > 0
    complete_but_small = seen == 1 and values.offset < min(size, len(start))
    return arrays > 0 or (named and not complete_but_small)


class _Beginning:
    """The first bytes of a source that is longer: behind them is nothing to read."""

    def __init__(self, start: bytes, size: int) -> None:
        self.size = size
        self._start = MemorySource(start)

    def read(self, offset: int, length: int) -> bytes:
        return self._start.read(offset, length)


def observe_tree(source: ByteSource, most: int = MOST_VALUES) -> Iterator[Fact]:
    """What is odd about the tree, and its bytes values as children."""
    walk = Walk(source, most=most)
    owner = b""
    try:
        for value in walk:
            if value.is_key:
                owner = (
                    source.read(value.offset, min(value.length, 32)) if value.kind in ("str", "bin") else b""
                )
                yield from _key(owner, value)
            else:
                yield from _value(source, walk, value, owner)
                owner = b""
    except Broken as error:
        yield Gap(Shortfall.MALFORMED, f"{shorten(walk.path()) or 'the tree'}: {error}", Span(walk.offset))
        return
    except TooMany as error:
        detail = f"{error}: only {walk.offset:,} of {source.size:,} bytes were read"
        yield Gap(Shortfall.LIMIT, detail, Span(walk.offset, source.size - walk.offset))
        return
    yield from rest_behind(source, walk.offset, "tree")


def _key(name: bytes, value: Value) -> Iterator[Fact]:
    text = name.decode("utf-8", "replace")
    if text in _METHODS:
        yield Patch(None, How.SETITEM, Span(value.offset, value.length), text)


def _value(source: ByteSource, walk: Walk, value: Value, owner: bytes) -> Iterator[Fact]:
    span = Span(value.offset, value.length)
    if value.kind == "str" and owner.decode("utf-8", "replace") in _CLASSES:
        match = _DOTTED.fullmatch(source.read(value.offset, min(value.length, 256)))
        if match is not None:
            yield Call(Global(match[1].decode(), match[2].decode()), (), How.CLASS_NAME, span)
    elif value.kind == "bin" and value.length > _TOO_SHORT:
        yield Child(_member(walk, value), SliceSource(source, value.offset, value.length))
    elif value.kind != "ext" or value.code == _TIMESTAMP:
        return
    elif value.code in (_ARRAY, _SCALAR):
        yield from _array(source, walk, value)
    elif value.code != _COMPLEX or value.length > 32:
        # Another reader's extension: what it holds is decoded by that reader's own code.
        yield Child(_member(walk, value), SliceSource(source, value.offset, value.length))


def _member(walk: Walk, value: Value) -> str:
    return shorten(walk.path()) or f"+{value.offset}"


def _array(source: ByteSource, walk: Walk, value: Value) -> Iterator[Fact]:
    """Shape, data type, bytes: as `_ndarray_from_bytes` reads them."""
    name, span = shorten(walk.path()) or "array", Span(value.offset, value.length)
    inner = Walk(source, value.offset, value.offset + value.length)
    parts: list[Value] = []
    try:
        for part in inner:
            parts.append(part)
            if len(parts) > _MOST_DIMENSIONS + 4:
                raise Broken("it has too many parts")
    except (Broken, TooMany) as error:
        yield Gap(Shortfall.MALFORMED, f"{name}: the array cannot be understood: {error}", span)
        return
    kinds = [part.kind for part in parts]
    sound = kinds[:2] == ["array", "array"] and (parts[0].length, parts[1].length) == (3, len(parts) - 4)
    if not sound or kinds[-2] not in ("str", "bin") or kinds[-1] not in ("str", "bin"):
        yield Gap(Shortfall.MALFORMED, f"{name}: it is no array of shape, data type and bytes", span)
        yield Child(name, SliceSource(source, value.offset, value.length))
        return
    held = SliceSource(source, parts[-1].offset, parts[-1].length)
    dtype = source.read(parts[-2].offset, min(parts[-2].length, 256))
    if _OBJECTS.fullmatch(dtype) is not None:
        detail = f"{name} is an array of objects, which Flax never writes"
        yield Anomaly(Quirk.OBJECT_ARRAY, "array", detail, span)
        yield Child(name, held)
    else:
        yield from _fits(source, parts, dtype.decode("utf-8", "replace"), name, span)
        yield from _no_numbers(held, name, span)
    if inner.offset < value.offset + value.length:
        rest = value.offset + value.length - inner.offset
        yield Anomaly(
            Quirk.TRAILING_DATA, name, f"{rest} bytes follow the array {name}", Span(inner.offset, rest)
        )
        yield Child(f"{name}+{inner.offset}", SliceSource(source, inner.offset, rest))


def _fits(source: ByteSource, parts: list[Value], dtype: str, name: str, span: Span) -> Iterator[Fact]:
    """The shape against the bytes."""
    count = 1
    for part in parts[2:-2]:
        first = source.read(part.offset - 1, 1)[0]
        size = int.from_bytes(source.read(part.offset, part.length), "big") if part.length else first
        count = min(count * size, 1 << 70)
    item = _ITEM_BYTES.get(dtype)
    if item is not None and count * item != parts[-1].length:
        detail = f"{name}: {parts[-1].length} bytes are no {count} numbers of the type {dtype}"
        yield Gap(Shortfall.MALFORMED, detail, span)


def _no_numbers(held: ByteSource, name: str, span: Span) -> Iterator[Fact]:
    """The bytes of an array, when their beginning and end show beyond doubt that they are something else."""
    start = held.read(0, _SMALL)
    kind = program_at(held)
    if kind:
        yield Program(kind, Place.DATA, name, span)
    is_pickle = start[:1] == b"\x80" and held.read(held.size - 1, 1) == b"." and start[1:2] in b"\2\3\4\5"
    if is_pickle and re.search(
        rb"c[A-Za-z_][\w.]+\n[A-Za-z_]\w*\n|\x8c.[A-Za-z_][\w.]+\x94?\x8c", start, re.DOTALL
    ):
        yield Child(name, held)
    elif start[:2] in (b"PK", b"#!"):
        yield Child(f"{name}+0", held)
