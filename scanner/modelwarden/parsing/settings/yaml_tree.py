"""YAML as PyYAML's parser gives it, event by event: no constructor ever sees it, and no alias is expanded.

An attacker's way into YAML are its tags: `yaml.load` with an unsafe loader imports, instantiates and calls what `!!python/…`
names. The parser has resolved handles (`%TAG`), verbatim tags and percent-escapes when it hands out a tag. Sources:
the specification (https://yaml.org/spec/1.1), `yaml/constructor.py` for what each tag does.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelwarden.domain.format import Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation, UnresolvedImport
from modelwarden.domain.value import UNKNOWN, Global, Value
from modelwarden.parsing.settings.tree import Node, Pairs

if TYPE_CHECKING:
    from yaml.events import Event

_PREFIX = "tag:yaml.org,2002:python/"
_DEEPEST = 1_000
_MOST_ARGUMENTS = 16
_LONGEST = 2_000
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_CONSTANTS: dict[str, Node] = {
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}


class NotUnderstood(Exception):
    """The document cannot be parsed; `str()` says why. What was handed out before it stands."""


class Document:
    """One document of the file, decoded."""

    __slots__ = ("root",)

    def __init__(self, root: Node) -> None:
        self.root = root


class _Offsets:
    """From characters to bytes of UTF-8, for places that are asked for about in their order."""

    __slots__ = ("_byte", "_character", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._character = self._byte = 0

    def byte(self, character: int) -> int:
        """How many bytes stand before that character."""
        if character < self._character:
            return len(self._text[:character].encode("utf-8", "replace"))
        self._byte += len(self._text[self._character : character].encode("utf-8", "replace"))
        self._character = character
        return self._byte


class _Open:
    """A mapping or sequence that is being read. `key`: the key whose value comes next, of a mapping."""

    __slots__ = ("anchor", "key", "node", "start", "tag", "waiting")

    def __init__(self, node: Pairs | list[Node], tag: str, anchor: str, start: int) -> None:
        self.node = node
        self.tag = tag
        self.anchor = anchor
        self.start = start
        self.key = ""
        self.waiting = isinstance(node, Pairs)

    def add(self, node: Node) -> None:
        """The next node: a key or a value of a mapping, or an item."""
        if isinstance(self.node, list):
            self.node.append(node)
        elif self.waiting:
            self.key = node if isinstance(node, str) else str(node) if isinstance(node, int) else ""
            self.waiting = False
        else:
            self.node.items.append((self.key, node))
            self.waiting = True


def documents(text: str, scope: Scope) -> Iterator[Document | Observation]:
    """All documents, and before each what its tags name.

    Raises NotUnderstood, and LimitReached.
    """
    # Heavy, and needed for a YAML with keys or tags of ours alone.
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stack: list[_Open] = []
    anchors: dict[str, Node] = {}
    facts: list[Observation] = []
    root: Node = None
    offsets = _Offsets(text)
    try:
        for event in yaml.parse(text, Loader=loader):
            done: Node
            tag, start = "", 0
            if isinstance(event, yaml.ScalarEvent):
                done = _scalar(event.value, event.implicit[0] and not event.style)
                tag, anchor, start = event.tag or "", event.anchor or "", _index(event)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                if len(stack) >= _DEEPEST:
                    raise NotUnderstood(f"nested more than {_DEEPEST} levels deep")
                opened: Pairs | list[Node] = Pairs([]) if isinstance(event, yaml.MappingStartEvent) else []
                one = _Open(opened, event.tag or "", event.anchor or "", _index(event))
                if one.anchor:
                    anchors[one.anchor] = opened
                stack.append(one)
                continue
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                one = stack.pop()
                done, tag, anchor, start = one.node, one.tag, one.anchor, one.start
            elif isinstance(event, yaml.AliasEvent):
                done, anchor = anchors.get(event.anchor or ""), ""
            elif isinstance(event, yaml.DocumentEndEvent):
                yield from facts
                yield Document(root)
                anchors, facts, root = {}, [], None
                continue
            else:
                continue
            if tag.startswith(_PREFIX):
                scope.budget.spend_members()
                facts += _tagged(tag[len(_PREFIX) :], done, Span(offsets.byte(start), len(tag)))
            if anchor:
                anchors[anchor] = done
            if stack:
                stack[-1].add(done)
            else:
                root = done
    except (yaml.YAMLError, NotUnderstood) as error:
        for inner, outer in zip(reversed(stack), reversed(stack[:-1]), strict=False):
            outer.add(inner.node)
        yield from facts
        yield Document(stack[0].node if stack else root)
        raise NotUnderstood(_reason(error)) from error


def _index(event: "Event") -> int:
    mark = event.start_mark
    return mark.index if mark is not None else 0


def _scalar(text: str, plain: bool) -> Node:
    if plain:
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
    return text


def _reason(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).partition("\n")[0]


def _tagged(kind: str, node: Node, span: Span) -> Iterator[Observation]:
    """What the tag `!!python/<kind>` on `node` makes an unsafe loader do."""
    action, colon, path = kind.partition(":")
    if not colon or action not in ("name", "module", "object", "object/apply", "object/new"):
        return
    if action == "module":
        yield Import(Global(path, ""), span) if path else UnresolvedImport(None, None, span)
        return
    module, _, name = path[:_LONGEST].rpartition(".")
    target = Global(module or "builtins", name)
    if action == "name":
        yield Import(target, span)
    else:
        how = How.TAG if action == "object/apply" else How.NEWOBJ
        yield Call(target, _arguments(node) if action != "object" else (), how, span)


def _arguments(node: Node) -> tuple[Value, ...]:
    """A sequence is the arguments; a mapping has them under `args` and `kwds`."""
    if isinstance(node, Pairs):
        args, named = node.last("args"), node.last("kwds")
        values = list(args) if isinstance(args, list) else []
        values += [value for _, value in named.items] if isinstance(named, Pairs) else []
    else:
        values = node if isinstance(node, list) else []
    return tuple(_value(value) for value in values[:_MOST_ARGUMENTS])


def _value(node: Node) -> Value:
    if isinstance(node, str):
        return node[:_LONGEST]
    if isinstance(node, int):
        return node
    if isinstance(node, list):
        return tuple(item[:_LONGEST] if isinstance(item, str) else UNKNOWN for item in node[:_MOST_ARGUMENTS])
    return UNKNOWN
