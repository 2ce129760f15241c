"""Lists and tables whose items live in modules that are loaded when somebody looks: starting must be fast."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

T = TypeVar("T")


class LazySequence(Sequence[T]):
    """`load(name)` for every name, in their order."""

    def __init__(self, names: Iterable[str], load: Callable[[str], T]) -> None:
        self._names = tuple(names)
        self._load = load

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...

    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return tuple(map(self._load, self._names[index]))
        return self._load(self._names[index])


class LazyMapping(Mapping[str, T]):
    """`load(names[key])` for every key, in their order."""

    def __init__(self, names: Mapping[str, str], load: Callable[[str], T]) -> None:
        self._names = names
        self._load = load

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __getitem__(self, key: str) -> T:
        return self._load(self._names[key])


class LazyContainer(Container[T]):
    """What `load` returns, loaded when something is first looked for in it."""

    def __init__(self, load: Callable[[], Container[T]]) -> None:
        self._load = load
        self._loaded: Container[Any] | None = None  # who asks may ask for anything

    def __contains__(self, item: object) -> bool:
        if self._loaded is None:
            self._loaded = self._load()
        return item in self._loaded
