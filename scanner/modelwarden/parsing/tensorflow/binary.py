"""SavedModel, MetaGraphDef and GraphDef as protobuf writes them.

Source: `tensorflow/core/protobuf/saved_model.proto`, `meta_graph.proto`, `saved_object_graph.proto`, and in
`tensorflow/core/framework` `graph.proto`, `node_def.proto`, `function.proto`, `attr_value.proto`, `tensor.proto`.

Repeated fields of several messages written one behind the other merge, as in any protobuf parser, and unknown fields are
passed by. Of a message that is cut off, what there is of it counts.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Reference, Role, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.parsing.protobuf import BYTES, Field, MalformedMessage, Wire
from modelwarden.parsing.tensorflow.operands import GRAPH_ATTRIBUTES, GRAPH_INPUTS
from modelwarden.parsing.tensorflow.operators import Operators, leads_elsewhere

_NAME = 1_000
_TEXT = 4_096
_INPUTS = 16
_TEXTS = 1_000
"""Texts of one attribute that are read: the first of them, and the last."""
CONFIGURATION = 16 << 20
"""Longest Keras configuration that is read."""
FIELDS = 10_000_000
"""Fields that are looked at in one file, some of them more than once. The largest real graphs have a tenth."""
_UNUSED = re.compile(
    rb"(?:[\x08\x10\x18\x20\x28\x30\x38\x40\x48\x50\x58\x60\x68\x70\x78][\x80-\xff]{0,9}[\x00-\x7f]"
    rb"|[\x0a\x12\x1a\x22\x2a\x32\x3a\x42\x4a\x52\x5a\x62\x6a\x72\x7a]\x00)++"
)
"""Numbers, and messages without content: nothing that is looked for."""
_LONG = 1 << 10
"""Messages from this length on may hold very many of those."""
_FUNCTIONS = 1_000_000
_GRAPHS_DEEP = 3
_GRAPHS = 1_000
"""Graphs within constants of graphs: how deep, and how many."""


class Messages:
    """The messages of one source. What is broken in them is remembered: the first of it becomes a `Gap` at the end."""

    def __init__(self, source: ByteSource, most: int = FIELDS) -> None:
        self.wire = Wire(source, most)
        self._broken: MalformedMessage | None = None
        self._limit = ""

    def fields(self, message: Field | None = None, number: int = 0) -> Iterator[Field]:
        """The fields of bytes in a message, or in the whole source; only those of one `number` unless it is 0."""
        start, end = (message.start, message.end) if message is not None else (0, self.wire.size)
        try:
            passed = _UNUSED if end - start >= _LONG else None
            for field in self.wire.fields(start, end, clipped=True, passed=passed):
                if field.wire == BYTES and number in (0, field.number):
                    yield field
        except MalformedMessage as error:
            self._broken = self._broken or error
        except LimitReached as limit:
            self._limit = str(limit)

    def text(self, message: Field, number: int, limit: int = _NAME) -> str:
        """The text that a message's field holds; the last one counts."""
        found: Field | None = None
        for field in self.fields(message, number):
            found = field
        return self.wire.text(found, limit) if found is not None else ""

    def gaps(self) -> Iterator[Gap]:
        """What of the messages could not be understood, or was not read."""
        if self._limit:
            yield Gap(Shortfall.LIMIT, f"it holds {self._limit}: the rest was not read")
        if self._broken is not None:
            yield Gap(Shortfall.MALFORMED, f"a message is broken: {self._broken}", Span(self._broken.offset))


@dataclass(slots=True)
class BinaryNode:
    """A NodeDef at `field`."""

    messages: Messages
    field: Field
    op: str

    @property
    def name(self) -> str:
        return self.messages.text(self.field, 1)

    @property
    def inputs(self) -> list[str]:
        found: list[str] = []
        for field in self.messages.fields(self.field, 3):
            found.append(self.messages.wire.text(field, _NAME))
            if len(found) == _INPUTS:
                break
        return found

    @property
    def span(self) -> Span:
        return Span(self.field.start, self.field.size)

    def texts(self, attribute: str) -> list[str]:
        return [self.messages.wire.text(field, _TEXT) for field in self.payloads(attribute)]

    def payloads(self, attribute: str) -> list[Field]:
        """Where the texts of an attribute stand: AttrValue.s, AttrValue.list.s, AttrValue.tensor.string_val."""
        messages = self.messages
        found: list[Field] = []
        for entry in messages.fields(self.field, 5):
            if messages.text(entry, 1) != attribute:
                continue
            for value in messages.fields(entry, 2):
                for field in messages.fields(value):
                    inner = {1: 2, 8: 8}.get(field.number)
                    for text in messages.fields(field, inner) if inner else [field] * (field.number == 2):
                        if len(found) == _TEXTS:
                            found.pop()
                        found.append(text)
        return found


class GraphFile:
    """The facts about a file of one of the three kinds."""

    def __init__(self, source: ByteSource, most: int = FIELDS) -> None:
        self._messages = Messages(source, most)
        self._operators = Operators()
        self._carried_at: set[int] = set()

    def saved_model(self) -> Iterator[Fact]:
        """The facts about a SavedModel."""
        for field in self._messages.fields(number=2):
            yield from self._meta_graph(field)
        yield from self._messages.gaps()

    def meta_graph(self) -> Iterator[Fact]:
        """The facts about a MetaGraphDef."""
        yield from self._meta_graph(None)
        yield from self._messages.gaps()

    def graph(self) -> Iterator[Fact]:
        """The facts about a GraphDef."""
        yield from self._graph(None, frozenset(), 0)
        yield from self._messages.gaps()

    def node(self) -> Iterator[Fact]:
        """The facts about a single NodeDef."""
        messages = self._messages
        whole = Field(1, BYTES, 0, 0, messages.wire.size)
        node = BinaryNode(messages, whole, messages.text(whole, 2))
        yield from self._operators.facts(lambda: [node] if node.op else [], frozenset(), frozenset())
        yield from messages.gaps()

    def _meta_graph(self, message: Field | None) -> Iterator[Fact]:
        assets = self._assets(message)
        for field in self._messages.fields(message):
            if field.number == 2:
                yield from self._graph(field, assets, 0)
            elif field.number == 6:
                yield from self._asset(field)
            elif field.number == 7:
                yield from self._object_graph(field)

    def _assets(self, message: Field | None) -> frozenset[str]:
        """Names of the constants that a loader feeds with assets: AssetFileDef.tensor_info, and the collection of TF 1."""
        messages = self._messages
        found: set[str] = set()
        for field in messages.fields(message):
            if field.number == 6:
                for info in messages.fields(field, 1):
                    found.add(messages.text(info, 1).partition(":")[0])
            elif field.number == 4 and messages.text(field, 1) == "asset_filepaths":
                for value in messages.fields(field, 2):
                    for nodes in messages.fields(value, 1):
                        for name in messages.fields(nodes, 1):
                            found.add(messages.wire.text(name, _NAME).partition(":")[0])
        return frozenset(found)

    def _asset(self, message: Field) -> Iterator[Fact]:
        """An asset is looked for in the directory `assets`; a loader joins the name without looking at it."""
        yield from asset_facts(self._messages.text(message, 2, _TEXT), Span(message.start, message.size))

    def _object_graph(self, message: Field) -> Iterator[Fact]:
        """Keras before 2.5 kept its configuration in the object graph, and later versions still read it there."""
        messages = self._messages
        for item in messages.fields(message, 1):
            for user in messages.fields(item, 4):
                if messages.text(user, 1).startswith(KERAS):
                    for metadata in messages.fields(user, 3):
                        text = messages.wire.payload(metadata, CONFIGURATION + 1)
                        yield from keras_facts(text, Span(metadata.start, metadata.size))

    def _graph(self, message: Field | None, assets: frozenset[str], depth: int) -> Iterator[Fact]:
        messages = self._messages
        functions = self._functions(message)
        yield from self._nodes(message, 1, functions, assets, None, depth)
        for library in messages.fields(message, 2):
            for function in messages.fields(library, 1):
                name = self._function_name(function)
                yield from self._nodes(function, 3, functions, assets, name, depth)

    def _functions(self, message: Field | None) -> frozenset[str]:
        """The names of a graph's own functions."""
        found: set[str] = set()
        for library in self._messages.fields(message, 2):
            for function in self._messages.fields(library, 1):
                if len(found) < _FUNCTIONS:
                    found.add(self._function_name(function))
        return frozenset(found)

    def _function_name(self, message: Field) -> str:
        name = ""
        for signature in self._messages.fields(message, 1):
            name = self._messages.text(signature, 1) or name
        return name

    def _nodes(
        self,
        message: Field | None,
        number: int,
        functions: Collection[str],
        assets: frozenset[str],
        function: str | None,
        depth: int,
    ) -> Iterator[Fact]:
        """The facts about the nodes that are the fields `number` of a message, and about the graphs that they hold."""
        carriers: dict[int, BinaryNode] = {}

        def nodes() -> Iterator[BinaryNode]:
            for field in self._messages.fields(message, number):
                node = BinaryNode(self._messages, field, self._messages.text(field, 2))
                if node.op in GRAPH_INPUTS or node.op in GRAPH_ATTRIBUTES:
                    carriers[field.start] = node
                yield node

        yield from self._operators.facts(nodes, functions, assets, function)
        for graph in self._carried(list(carriers.values()), message, number):
            if graph.start in self._carried_at:
                continue
            self._carried_at.add(graph.start)
            if depth == _GRAPHS_DEEP or len(self._carried_at) > _GRAPHS:
                detail = (
                    "graphs within graphs are nested too deep, or too many: the rest of them was not read"
                )
                yield Gap(Shortfall.LIMIT, detail, Span(graph.start, graph.size))
                return
            yield from self._graph(graph, assets, depth + 1)

    def _carried(self, carriers: list[BinaryNode], message: Field | None, number: int) -> Iterator[Field]:
        """Where the serialised graphs stand that nodes run."""
        wanted: set[str] = set()
        for carrier in carriers:
            if carrier.op in GRAPH_ATTRIBUTES:
                yield from carrier.payloads(GRAPH_ATTRIBUTES[carrier.op])
            else:
                inputs = carrier.inputs[GRAPH_INPUTS[carrier.op] :]
                wanted.update(name.partition(":")[0] for name in inputs[:1])
        if wanted:
            for field in self._messages.fields(message, number):
                if self._messages.text(field, 1) in wanted:
                    yield from BinaryNode(self._messages, field, "Const").payloads("value")


KERAS = "_tf_keras"
"""How the identifiers of all objects begin that Keras revives from their configuration."""


def keras_facts(metadata: bytes, span: Span) -> Iterator[Fact]:
    """The facts about a Keras configuration in JSON."""
    if len(metadata) > CONFIGURATION:
        yield Gap(
            Shortfall.LIMIT,
            f"a Keras configuration of {span.length:,} bytes is too long: none of it was read",
            span,
        )
        return
    if metadata.strip():
        # Most graphs hold none: its parser is loaded for those that do.
        from modelwarden.parsing.keras_config import observe_config

        yield from observe_config(metadata, span)


def asset_facts(name: str, span: Span) -> Iterator[Reference]:
    """An asset's name that leads out of the directory of assets."""
    if leads_elsewhere(name) or ".." in name.replace("\\", "/").split("/"):
        yield Reference(Role.INPUT, shorten(name), "asset", span)
