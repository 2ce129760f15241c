"""SavedModel, MetaGraphDef and GraphDef as protobuf's text format writes them (`.pbtxt`).

Specification: <https://protobuf.dev/reference/protobuf/textformat-spec/>. Read token by token, without recursion: which node
a field belongs to is decided by the fields around it, so texts that merely quote a graph are texts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from modelwarden.domain.format import Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.parsing.tensorflow.binary import KERAS, asset_facts, keras_facts
from modelwarden.parsing.tensorflow.operators import Operators

_TOKEN = re.compile(
    rb"""[\s,;]+ | \#[^\n]* | (?P<name>[A-Za-z_]\w*) | (?P<text>"(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
    | (?P<number>[-+]?[0-9.][\w.+-]*|-) | (?P<mark>[{}<>:\[\]])""",
    re.VERBOSE | re.DOTALL,
)
_MARK = b"\xef\xbb\xbf"
"""A byte order mark, which editors put in front."""
_ESCAPE = re.compile(
    rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
_LETTERS = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_OPENING = (b"{", b"<")
_CLOSING = (b"}", b">")
_INPUTS = 16
_TEXTS = 1_000
_NESTED = 100
"""The depth of messages that protobuf's parsers go along with."""


class MalformedText(Exception):
    """The text at `offset` is not in the text format. What was seen before stands."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Event:
    """A message begins (`value` None) or ends (`ends`), or a field has a value. `path`: names of the fields, the own one last."""

    path: tuple[str, ...]
    value: bytes | None
    ends: bool
    offset: int


def events(text: bytes) -> Iterator[Event]:
    """What stands in a text, in its order. Raises MalformedText."""
    path: tuple[str, ...] = ()
    listing: list[bool] = []
    name = ""
    valued = in_list = False
    parts: list[bytes] = []
    begin = 0
    position = len(_MARK) if text.startswith(_MARK) else 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise MalformedText("there is no such token", position)
        offset, position = position, match.end()
        kind, token = match.lastgroup, match[0]
        if kind is None:
            continue
        if kind == "text" and name and (valued or in_list):
            begin = begin if parts else offset
            parts.append(unescape(token[1:-1]))
            # Texts side by side are one; in a list, what stands between is a comma.
            following = _TOKEN.match(text, position)
            blank = following is not None and following.lastgroup is None and not following[0].strip()
            after = following.end() if following is not None and blank else position
            if text[after : after + 1] in (b'"', b"'", b"#"):
                continue
            yield Event((*path, name), b"".join(parts), False, begin)
            parts = []
            valued = False
            name = name if in_list else ""
        elif kind in ("name", "number", "text") and (valued or in_list):
            yield Event((*path, name), token, False, offset)
            valued = token == b"-"
            name = name if valued or in_list else ""
        elif kind == "name":
            name = token.decode()
        elif token == b":" and name:
            valued = True
        elif token in _OPENING and name:
            if len(path) == _NESTED:
                raise MalformedText("messages are nested too deep", offset)
            path = (*path, name)
            listing.append(in_list)
            yield Event(path, None, False, offset)
            name, valued, in_list = "", False, False
        elif token in _CLOSING and path:
            yield Event(path, None, True, offset)
            in_list, valued = listing.pop(), False
            name, path = path[-1] if in_list else "", path[:-1]
        elif token == b"[" and name:
            in_list = True
        elif token == b"]" and in_list:
            in_list = valued = False
            name = ""
        elif token == b"[":
            position = text.find(b"]", position) + 1
            if not position:
                raise MalformedText("a bracket is not closed", offset)
            name = "[…]"
        else:
            raise MalformedText(f"{token[:20].decode('utf-8', 'replace')!r} has no place here", offset)
    if path or valued or parts:
        raise MalformedText("it is cut off", len(text))


def unescape(text: bytes) -> bytes:
    """What stands between quotes, its escapes resolved."""
    return _ESCAPE.sub(_escaped, text) if b"\\" in text else text


def _escaped(match: re.Match[bytes]) -> bytes:
    octal, hexadecimal, short, long, letter = match.groups()
    if octal is not None:
        return bytes([int(octal, 8) & 0xFF])
    if hexadecimal is not None:
        return bytes([int(hexadecimal, 16)])
    code = short or long
    if code is not None:
        point = int(code, 16)
        return chr(point).encode("utf-8", "replace") if point < 0x11_0000 else b"?"
    return _LETTERS.get(letter, letter)


@dataclass(slots=True)
class TextNode:
    """A NodeDef that was read from text."""

    offset: int
    op: str = ""
    name: str = ""
    inputs: list[str] = field(default_factory=list)
    attributes: dict[str, list[str]] = field(default_factory=dict)
    key: str = ""
    pending: list[str] = field(default_factory=list)
    end: int = 0

    @property
    def span(self) -> Span:
        """From its opening brace to its closing one."""
        return Span(self.offset, self.end - self.offset)

    def texts(self, attribute: str) -> list[str]:
        """The texts of an attribute."""
        return self.attributes.get(attribute, [])

    def take(self, path: tuple[str, ...], value: bytes) -> None:
        """A field of the node has a value; `path` is below the node."""
        text = value.decode("utf-8", "replace")
        if path == ("op",):
            self.op = text
        elif path == ("name",):
            self.name = text
        elif path == ("input",) and len(self.inputs) < _INPUTS:
            self.inputs.append(text)
        elif path == ("attr", "key"):
            self.key = text
        elif path[:2] == ("attr", "value") and path[2:] in _STRINGS and len(self.pending) < _TEXTS:
            self.pending.append(text)

    def close_attribute(self) -> None:
        """An entry of `attr` ends: key and value may stand in either order."""
        if self.pending:
            self.attributes.setdefault(self.key, []).extend(self.pending)
        self.key = ""
        self.pending = []


_STRINGS = (("s",), ("list", "s"), ("tensor", "string_val"))


@dataclass(slots=True)
class _Function:
    name: str = ""
    nodes: list[TextNode] = field(default_factory=list)


@dataclass(slots=True)
class _Asset:
    tensor: str = ""
    filename: str = ""


@dataclass(slots=True)
class _Object:
    identifier: str = ""
    metadata: bytes = b""


class TextGraphFile:
    """Collects what a text holds as its events come."""

    def __init__(self) -> None:
        self._nodes: list[TextNode] = []
        self._functions: list[_Function] = []
        self._assets: set[str] = set()
        self._depth = 0
        self._node: TextNode | None = None
        self._function: _Function | None = None
        self._asset = _Asset()
        self._object = _Object()

    def facts(self, text: bytes) -> Iterator[Fact]:
        """The facts about a text, and at its end a `Gap` when it is broken."""
        broken: MalformedText | None = None
        try:
            for event in events(text):
                if self._node is not None:
                    self._in_node(self._node, event)
                else:
                    yield from self._outside_nodes(event, below_root(event.path))
        except MalformedText as error:
            broken = error
            if self._node is not None:
                self._end_node(self._node, error.offset)
        operators = Operators()
        names = frozenset(function.name for function in self._functions)
        yield from operators.facts(self._nodes.copy, names, self._assets)
        for function in self._functions:
            yield from operators.facts(function.nodes.copy, names, self._assets, function.name)
        if broken is not None:
            yield Gap(Shortfall.MALFORMED, f"the text is broken: {broken}", Span(broken.offset))

    def _in_node(self, node: TextNode, event: Event) -> None:
        below = event.path[self._depth :]
        if event.value is not None:
            node.take(below, event.value)
        elif event.ends and below == ("attr",):
            node.close_attribute()
        elif event.ends and not below:
            self._end_node(node, event.offset + 1)

    def _end_node(self, node: TextNode, end: int) -> None:
        node.close_attribute()
        node.end = end
        self._node = None
        if node.op:
            (self._nodes if self._function is None else self._function.nodes).append(node)

    def _outside_nodes(self, event: Event, path: tuple[str, ...]) -> Iterator[Fact]:
        starts = event.value is None and not event.ends
        text = (event.value or b"").decode("utf-8", "replace")
        if path in (("node",), ("library", "function", "node_def")) and starts:
            self._node = TextNode(event.offset)
            self._depth = len(event.path)
        elif path == ("library", "function"):
            self._function = _Function() if starts else None
            if self._function is not None:
                self._functions.append(self._function)
        elif path == ("library", "function", "signature", "name") and self._function is not None:
            self._function.name = text
        elif path == ("asset_file_def",) and event.ends:
            self._assets.add(self._asset.tensor.partition(":")[0])
            yield from asset_facts(self._asset.filename, Span(event.offset))
            self._asset = _Asset()
        elif path == ("asset_file_def", "filename"):
            self._asset.filename = text
        elif path == ("asset_file_def", "tensor_info", "name"):
            self._asset.tensor = text
        elif path == (*_OBJECT, "identifier"):
            self._object.identifier = text
        elif path == (*_OBJECT, "metadata"):
            self._object.metadata = event.value or b""
        elif path == _OBJECT and event.ends:
            if self._object.identifier.startswith(KERAS):
                yield from keras_facts(self._object.metadata, Span(event.offset))
            self._object = _Object()


_OBJECT = ("object_graph_def", "nodes", "user_object")


def below_root(path: tuple[str, ...]) -> tuple[str, ...]:
    """A path below its GraphDef or MetaGraphDef, in whichever of the three messages that stands."""
    if path[:1] == ("meta_graphs",):
        path = path[1:]
    return path[1:] if path[:1] == ("graph_def",) else path
