"""What somebody has added to what comes with the program."""

from collections.abc import Container, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Things by their name, in the order they came.

    Each belongs to the plug-in it came with, under every name that was asked for, or to none (an empty name): the running program
    has added it, and no other process knows it.
    """

    def __init__(self) -> None:
        self._things: dict[str, tuple[T, set[str]]] = {}

    def __iter__(self) -> Iterator[T]:
        return iter([thing for thing, _ in self._things.values()])

    def __len__(self) -> int:
        return len(self._things)

    def __contains__(self, name: object) -> bool:
        return name in self._things

    def __getitem__(self, name: str) -> T:
        return self._things[name][0]

    def add(self, name: str, thing: T, plugin: str = "") -> None:
        """One more. Raises ValueError for a name that is taken."""
        if name in self._things:
            raise ValueError(f"{name} is there already")
        self._things[name] = thing, {plugin}

    def share(self, name: str, plugin: str) -> None:
        """It belongs to another plug-in, too. Raises KeyError."""
        self._things[name][1].add(plugin)

    def remove(self, name: str) -> None:
        """Forget one. Raises KeyError."""
        del self._things[name]

    def forget(self, plugin: str) -> None:
        """Forget all that came with a plug-in."""
        for name, (_, plugins) in list(self._things.items()):
            plugins.discard(plugin)
            if not plugins:
                del self._things[name]

    def of(self, plugins: Container[str]) -> tuple[T, ...]:
        """What the running program has added, and what came with these plug-ins."""
        return tuple(
            [
                thing
                for thing, owners in self._things.values()
                if any(not one or one in plugins for one in owners)
            ]
        )

    @property
    def local(self) -> bool:
        """Whether the running program has added something itself."""
        return any("" in plugins for _, plugins in self._things.values())
