"""Frozen records: what `@dataclass(frozen=True, slots=True)` makes, without compiling source text for every class.

A dataclass costs half a millisecond at import; the whole start of the command has some forty. Type checkers see dataclasses
(PEP 681). What a class defines itself is kept: a record that is hashed all day has a `__hash__` of its own. A class below a
record adds no fields. Not supported, because nothing here needs it: default factories, fields left out of comparison.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast, dataclass_transform, overload

T = TypeVar("T")
_MISSING = object()


@overload
def record(cls: type[T], /) -> type[T]: ...


@overload
def record(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True)
def record(cls: type[T] | None = None, /, *, kw_only: bool = False) -> type[T] | Callable[[type[T]], type[T]]:
    """Class decorator. Defaults stand in the class body and must be immutable; with `kw_only` fields are given by name."""
    return _record(cls, kw_only) if cls is not None else lambda cls: _record(cls, kw_only)


def replace(one: T, **changes: object) -> T:
    """A copy of a record with some fields changed. Raises TypeError for a field it has not."""
    return type(one)(**{**dict(zip(_fields(type(one)), _values(one), strict=True)), **changes})


def _record(cls: type[T], kw_only: bool) -> type[T]:
    names: tuple[str, ...] = tuple(cls.__annotations__)
    body = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    blank = {name: body.pop(name, _MISSING) for name in names}
    required = tuple(name for name, default in blank.items() if default is _MISSING)
    count = len(names)
    positions = 0 if kw_only else count

    def complete(given: tuple[object, ...], named: dict[str, object]) -> Iterable[object]:
        """The values of all fields, in their order. Raises TypeError as a constructor does."""
        if len(given) > positions:
            raise TypeError(f"{cls.__name__}() takes {positions} values, {len(given)} were given")
        values = blank | named
        if len(values) != count:
            raise TypeError(f"{cls.__name__}() has no {next(name for name in named if name not in blank)!r}")
        for name, value in zip(names, given):  # noqa: B905  # the others have their default, or are named
            if name in named:
                raise TypeError(f"{cls.__name__}() got {name!r} twice")
            values[name] = value
        for name in required:
            if values[name] is _MISSING:
                raise TypeError(f"{cls.__name__}() lacks {name!r}")
        return values.values()

    def init(self: object, *given: object, **named: object) -> None:
        values = complete(given, named) if named or len(given) != count else given
        for setter, value in zip(setters, values):  # noqa: B905  # as many as there are; this is the hot path
            setter(self, value)

    generated: dict[str, object] = {
        "__slots__": names,
        "__fields__": names,
        "__match_args__": names[:positions],
        "__qualname__": cls.__qualname__,
        "__init__": init,
        "__eq__": _equal,
        "__hash__": _hash,
        "__repr__": _shown,
        "__reduce__": _reduced,
        "__setattr__": _frozen,
        "__delattr__": _frozen,
    }
    made: Any = type(cls.__name__, cls.__bases__, generated | body)
    setters = tuple(vars(made)[name].__set__ for name in names)
    return cast(type[T], made)


def _fields(cls: type) -> tuple[str, ...]:
    return cast(Any, cls).__fields__  # type: ignore[no-any-return]  # set by `_record`


def _values(self: object) -> tuple[object, ...]:
    return tuple([getattr(self, name) for name in _fields(type(self))])


def _equal(self: object, other: object) -> bool:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


def _shown(self: object) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in _fields(type(self)))
    return f"{type(self).__qualname__}({shown})"


def _reduced(self: object) -> tuple[object, ...]:
    return _remade, (type(self), _values(self))


def _remade(cls: type[T], values: tuple[object, ...]) -> T:
    """How a record comes out of another process."""
    return cls(**dict(zip(_fields(cls), values, strict=True)))


def _frozen(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name!r} cannot be set")
