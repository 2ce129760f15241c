"""The decoded tree of a configuration, with repeated keys as they were written, and where its texts stand in the bytes."""

from collections.abc import Iterator
from typing import TypeAlias, Union

from modelwarden.domain.location import Span

Node: TypeAlias = Union[str, int, float, bool, list["Node"], "Pairs", None]


class Pairs:
    """A mapping as it is written: pairs of key and value, repeated keys included."""

    __slots__ = ("items",)

    def __init__(self, items: list[tuple[str, Node]]) -> None:
        self.items = items

    def last(self, key: str) -> Node:
        """The value a loader takes, which is the last one of that key; None when there is none."""
        return next((value for name, value in reversed(self.items) if name == key), None)

    def has(self, key: str) -> bool:
        """Whether the key occurs."""
        return any(name == key for name, _ in self.items)


class Place:
    """A mapping or list and the one it stands in."""

    __slots__ = ("above", "node")

    def __init__(self, node: Pairs | list[Node], above: "Place | None") -> None:
        self.node = node
        self.above = above


def places(root: Node) -> Iterator[Place]:
    """Every mapping and list of the tree, once, in the order of the document. Shared and cyclic ones (YAML) are no trap."""
    if not isinstance(root, (Pairs, list)):
        return
    pending = [Place(root, None)]
    seen: set[int] = set()
    while pending:
        place = pending.pop()
        if id(place.node) in seen:
            continue
        seen.add(id(place.node))
        yield place
        inner = [
            child for child in children(place.node) if isinstance(child, (Pairs, list)) and _holds(child)
        ]
        pending.extend(Place(child, place) for child in reversed(inner))


def _holds(node: Pairs | list[Node]) -> bool:
    return bool(node.items if isinstance(node, Pairs) else node)


def children(node: Pairs | list[Node]) -> Iterator[Node]:
    """The values of a mapping, or the items of a list."""
    if isinstance(node, Pairs):
        for _, value in node.items:
            yield value
    else:
        yield from node


def plain(value: object) -> Node:
    """A tree of dicts and lists, as tomllib gives it, with `Pairs` for dicts. Such parsers bound their depth themselves."""
    if isinstance(value, dict):
        return Pairs([(str(key), plain(inner)) for key, inner in value.items()])
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (str, int, float)) else None


class Locator:
    """Finds texts of the tree in the bytes it came from. They are asked for about in their order, so it goes on from the last."""

    __slots__ = ("_at", "_data", "_misses")

    _MOST_MISSES = 16

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._misses = 0

    def span(self, text: str) -> Span:
        """Where `text` stands; the whole document when it is written in another way, with escapes for instance."""
        wanted = text.encode("utf-8", "replace")
        if wanted and self._misses < self._MOST_MISSES:
            for start in (self._at, 0):
                found = self._data.find(wanted, start)
                if found >= 0:
                    self._at = found + len(wanted)
                    return Span(found, len(wanted))
            self._misses += 1
        return Span(0, len(self._data))
