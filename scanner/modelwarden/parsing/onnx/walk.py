"""A walk through every message of an ONNX model in which an operator or the name of a file can stand.

Messages of one singular field are merged before they are looked at, as protobuf's parsers do: a tensor can be in several.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from modelwarden.parsing.onnx.schema import CHILDREN, PASSED, SCALARS, SINGULAR, Kind
from modelwarden.parsing.protobuf import BYTES, Field, MalformedMessage, Wire

_DEPTH = 200
"""Messages within messages. Parsers of protobuf stop at 100."""
_TEXT = 64 << 10
_EXTERNAL = 1
"""`TensorProto.DataLocation.EXTERNAL`"""
_CONTEXT = frozenset({"ep_cache_context", "embed_mode"})
"""Attributes of `com.microsoft::EPContext`: a compiled model, or with `embed_mode` 0 the path of one."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node calls an operator. `offset` and `size` of its message in bytes."""

    domain: str
    operator: str
    name: str
    offset: int
    size: int
    context: "Field | None" = None
    embedded: bool = True


@dataclass(frozen=True, slots=True)
class External:
    """A tensor whose numbers are elsewhere. `entries`: keys and values as written, in their order."""

    name: str
    entries: tuple[tuple[str, str], ...]
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A field of the model itself that `onnx.proto` does not know, with a payload."""

    number: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A message that cannot be read on from `offset`."""

    kind: Kind
    reason: str
    offset: int


Found: TypeAlias = Node | External | Unknown | Broken


@dataclass(slots=True)
class _Message:
    """What is wanted of one message, in all its occurrences so far."""

    kind: Kind
    offset: int
    size: int
    values: dict[int, Field] = field(default_factory=dict[int, Field])
    slots: "dict[int, _Message]" = field(default_factory=dict[int, "_Message"])
    entries: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    context: dict[str, Field] = field(default_factory=dict[str, Field])


def walk(wire: Wire, known: dict[int, int]) -> Iterator[Found]:
    """Everything that is found, in the order of the file. `known`: the fields of a model. Raises LimitReached."""
    return _Walk(wire, known).run()


class _Walk:
    def __init__(self, wire: Wire, known: dict[int, int]) -> None:
        self._wire = wire
        self._known = known
        self._stack: list[tuple[_Message, Iterator[Field], bool]] = []

    def run(self) -> Iterator[Found]:
        model = _Message(Kind.MODEL, 0, self._wire.size)
        self._stack.append((model, self._wire.fields(clipped=True), True))
        while self._stack:
            message, fields, closes = self._stack[-1]
            try:
                step = next(fields, None)
            except MalformedMessage as error:
                yield Broken(message.kind, str(error), error.offset)
                step = None
            if step is not None:
                yield from self._step(message, step)
                continue
            self._stack.pop()
            if closes:
                yield from self._close(message, self._stack[-1][0] if self._stack else None)

    def _step(self, message: _Message, step: Field) -> Iterator[Found]:
        kind = message.kind
        child = CHILDREN[kind].get(step.number) if step.wire == BYTES else None
        if child is not None:
            yield from self._enter(message, child, step)
        elif (step.number, step.wire) in SCALARS.get(kind, ()):
            message.values[step.number] = step
        elif kind is Kind.MODEL and step.wire == BYTES and step.number not in self._known:
            yield Unknown(step.number, step.start, step.size)

    def _enter(self, parent: _Message, kind: Kind, step: Field) -> Iterator[Found]:
        if len(self._stack) >= _DEPTH:
            yield Broken(kind, "messages are nested too deep", step.start)
            return
        singular = (parent.kind, step.number) in SINGULAR
        if singular and step.number in parent.slots:
            message = parent.slots[step.number]
        else:
            message = _Message(kind, step.start, step.size)
            if singular:
                parent.slots[step.number] = message
        fields = self._wire.fields(step.start, step.end, clipped=True, passed=PASSED.get(kind))
        self._stack.append((message, fields, not singular))

    def _close(self, message: _Message, parent: _Message | None) -> Iterator[Found]:
        """What there is to say of a message that is complete, and of what is merged in it."""
        for inner in message.slots.values():
            yield from self._close(inner, message)
        if message.kind is Kind.ENTRY and parent is not None:
            parent.entries.append((self._text(message, 1), self._text(message, 2)))
        elif message.kind is Kind.ATTRIBUTE and parent is not None and 1 in message.values:
            name = self._text(message, 1)
            value = message.values.get(3 if name == "embed_mode" else 4)
            if name in _CONTEXT and value is not None:
                parent.context[name] = value
        elif message.kind is Kind.TENSOR:
            place = message.values.get(14)
            if place is not None and place.value == _EXTERNAL:
                entries = tuple(message.entries)
                yield External(self._text(message, 8), entries, message.offset, message.size)
        elif message.kind is Kind.NODE and 4 in message.values:
            yield self._node(message)

    def _node(self, message: _Message) -> Node:
        operator, domain = self._text(message, 4), self._text(message, 7)
        context, mode = message.context.get("ep_cache_context"), message.context.get("embed_mode")
        return Node(
            domain, operator, self._text(message, 3), message.offset, message.size,
            context if operator == "EPContext" else None, mode is None or mode.value != 0,
        )  # fmt: skip

    def _text(self, message: _Message, number: int) -> str:
        value = message.values.get(number)
        return "" if value is None else self._wire.text(value, _TEXT)
