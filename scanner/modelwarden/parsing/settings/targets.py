"""Keys that name a callable which a loader imports and calls with their siblings as arguments.

Hydra and OmegaConf write `_target_` (NeMo loads such configurations from its archives, CVE-2025-23304), configurations of latent
diffusion models `target` and `params`, Lightning's command line `class_path` and `init_args`. Sources: `hydra/_internal/utils.py`
(`_locate`), `hydra/_internal/instantiate/_instantiate2.py`, `omegaconf/grammar` (interpolations), `ldm/util.py`
(`instantiate_from_config`), `jsonargparse/typehints.py`.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation, UnresolvedImport
from modelwarden.domain.value import UNKNOWN, Global, Result, Value
from modelwarden.parsing.settings.tree import Locator, Node, Pairs, Place

TARGET = "_target_"
_ARGUMENTS = "_args_"
_MOST_ARGUMENTS = 16
_DEEPEST_ARGUMENT = 4
_LONGEST = 2_000
"""Of a name or an argument, in characters; no more is looked at."""

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_LEADS_OUT = re.compile(
    r"\.(?=_?(?:os|posix|nt|sys|subprocess|builtins|importlib|marshal|shutil|socket|ctypes|runpy|pty|pickle)\."
    r"(?:[a-z_]\w*|Popen|[CP]yDLL|CDLL)(?:\.|$)|__\w+__\.)"
)
"""Where a name walks from a library into a module that the library imported for its own use: `torch.serialization.os.system`."""

_LOOKUPS = frozenset(
    f"hydra.{room}.{name}"
    for room in ("utils", "_internal.utils")
    for name in ("get_class", "get_method", "get_object", "get_static_method", "_locate")
)
"""These import what their `path` names and return it."""
_INSTANTIATING = frozenset(("hydra.utils.instantiate", "hydra.utils.call"))
"""These instantiate the mapping they are given, which stands here and is met by itself."""

_INTERPOLATION = re.compile(r"\$\{([^${}]*)\}")
_KEYS = re.compile(r"[\w@-]+")
_PATH = re.compile(r"\s*(\.*)([\w@.\[\]-]*)\s*")
_ROUNDS = 16


class Targets:
    """The callables of one document. Remembers its mappings by key, for interpolations."""

    __slots__ = ("_by_key", "_locator", "_root")

    def __init__(self, root: Node, locator: Locator) -> None:
        self._root = root
        self._locator = locator
        self._by_key: dict[int, dict[str, Node]] = {}

    def observe(self, key: str, value: Node, place: Place) -> Iterator[Observation]:
        """What `key` of the mapping at `place` makes a loader call."""
        siblings = place.node
        if not isinstance(siblings, Pairs) or not isinstance(value, str):
            return
        match key:
            case "_target_":
                yield from self._call(value, siblings, place)
            case "target" if isinstance(siblings.last("params"), Pairs) or siblings.has("nemo_version"):
                given = siblings.last("params")
                yield from self._call(
                    value, given if isinstance(given, Pairs) else Pairs([]), place, strict=True
                )
            case "class_path":
                given = siblings.last("init_args")
                yield from self._call(
                    value, given if isinstance(given, Pairs) else Pairs([]), place, strict=True
                )

    def _call(self, text: str, given: Pairs, place: Place, *, strict: bool = False) -> Iterator[Observation]:
        span = self._locator.span(text)
        path = self._resolved(text, place)
        if path is None:
            yield UnresolvedImport(None, None, span)
        elif _names_something(path, strict=strict):
            yield from self._observe_path(path, given, place, span)

    def _observe_path(self, path: str, given: Pairs, place: Place, span: Span) -> Iterator[Observation]:
        if path in _INSTANTIATING:
            return
        if path not in _LOOKUPS:
            yield Call(dotted(path), self._arguments(given), How.TARGET, span)
            return
        looked_up = self._looked_up(given, place)
        if looked_up is None:
            yield UnresolvedImport(None, None, span)
        elif "." in looked_up:
            yield Import(dotted(looked_up), span)

    def _looked_up(self, given: Pairs, place: Place) -> str | None:
        """The `path` that a lookup is given; empty when there is none; None when it is computed."""
        path = given.last("path")
        positional = given.last(_ARGUMENTS)
        if path is None and isinstance(positional, list) and positional:
            path = positional[0]
        return self._resolved(path, place) if isinstance(path, str) else ""

    def _arguments(self, given: Pairs) -> tuple[Value, ...]:
        """Positional ones first, then the named ones in their order."""
        positional = given.last(_ARGUMENTS)
        values = list(positional[:_MOST_ARGUMENTS]) if isinstance(positional, list) else []
        values += [value for key, value in given.items[: 4 * _MOST_ARGUMENTS] if not _is_private(key)]
        return tuple(self._value(value, 0) for value in values[:_MOST_ARGUMENTS])

    def _value(self, node: Node, depth: int) -> Value:
        if isinstance(node, str):
            return node[:_LONGEST]
        if isinstance(node, int):
            return node
        if depth >= _DEEPEST_ARGUMENT:
            return UNKNOWN
        if isinstance(node, Pairs):
            return self._made(node, depth)
        if isinstance(node, list):
            return tuple(self._value(item, depth + 1) for item in node[:_MOST_ARGUMENTS])
        return UNKNOWN

    def _made(self, node: Pairs, depth: int) -> Value:
        """What a nested mapping becomes before it is handed over."""
        path = node.last(TARGET)
        if not isinstance(path, str) or not _names_something(path, strict=True):
            return UNKNOWN
        if path in _LOOKUPS:
            looked_up = node.last("path")
            return dotted(looked_up) if isinstance(looked_up, str) and looked_up else UNKNOWN
        if node.last("_partial_") is True:
            return dotted(path)
        given = [value for key, value in node.items[: 4 * _MOST_ARGUMENTS] if not _is_private(key)]
        return Result(dotted(path), tuple(self._value(value, depth + 1) for value in given[:_MOST_ARGUMENTS]))

    def _resolved(self, text: str, place: Place) -> str | None:
        """`text` with its interpolations put in.

        None when a resolver computes it. Empty when it points to nothing in this document: its loader stops there, unless it
        composes the document with others, which are scanned themselves.
        """
        for _ in range(_ROUNDS):
            found = _INTERPOLATION.search(text)
            if found is None:
                return text[:_LONGEST]
            inner = _PATH.fullmatch(found[1])
            if inner is None:
                return None
            value = self._at(inner[1], inner[2], place)
            if not isinstance(value, (str, int)):
                return ""
            text = f"{text[: found.start()]}{str(value)[:_LONGEST]}{text[found.end() :]}"
            if len(text) > 4 * _LONGEST:
                return ""
        return ""

    def _at(self, dots: str, path: str, place: Place) -> Node:
        """The node that an interpolation points to: from the top, or with dots from the mapping around it."""
        node: Node = self._root
        if dots:
            around: Place | None = place
            for _ in dots[1:_MOST_ARGUMENTS]:
                around = around.above if around is not None else None
            node = around.node if around is not None else None
        for key in _KEYS.findall(path)[:_MOST_ARGUMENTS]:
            if isinstance(node, Pairs):
                node = self._keyed(node).get(key)
            elif isinstance(node, list) and key.isdecimal() and len(key) < 9 and int(key) < len(node):
                node = node[int(key)]
            else:
                return None
        return node

    def _keyed(self, node: Pairs) -> dict[str, Node]:
        known = self._by_key.get(id(node))
        if known is None:
            known = self._by_key[id(node)] = dict(node.items)
        return known


def dotted(path: str) -> Global:
    """A dotted name as module and attribute: the module ends before the first class, else before the last name."""
    path = path[:_LONGEST]
    out = _LEADS_OUT.search(path)
    if out is not None:
        return Global(path[: out.start()], path[out.end() :])
    steps = path.split(".")
    end = next((index for index, step in enumerate(steps) if index and step[:1].isupper()), len(steps) - 1)
    return Global(".".join(steps[:end]), ".".join(steps[end:]))


def _names_something(path: str, *, strict: bool) -> bool:
    """Whether this can be imported. `strict`: the key is one that other kinds of file use too."""
    if strict:
        return len(path) <= _LONGEST and _NAME.fullmatch(path) is not None
    return "." in path.strip(".") and not path.startswith(".") and " " not in path


def _is_private(key: str) -> bool:
    return key.startswith("_") and key.endswith("_")
