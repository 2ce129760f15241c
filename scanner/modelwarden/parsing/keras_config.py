"""The JSON of a Keras model's configuration, as facts: every class, function, Lambda and file that loading it would reach.

Keras builds a model out of objects `{"module", "class_name", "config", "registered_name"}` that stand at any depth: layers, what
wrappers wrap, nested models, losses, activations, the arguments of nodes. Whatever such an object names is looked up and called
with a configuration that the file chooses; before Keras 3.9 in any module (CVE-2025-1550), later among Keras's own functions
(CVE-2025-8747, CVE-2025-9906). Sources: `keras/src/saving/serialization_lib.py`, `keras/src/layers/core/lambda_layer.py`,
`keras/src/utils/torch_utils.py` (CVE-2025-49655), `keras/src/layers/preprocessing/index_lookup.py` (CVE-2025-12058);
for Keras 2 `keras/saving/legacy/serialization.py`, `keras/layers/core/lambda_layer.py` and `keras/layers/core/tf_op_layer.py`,
whose layers call a function or operator of TensorFlow by name.

Objects without a module are looked up among Keras's own by their name alone; they are stated as names of the module `keras`.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from modelwarden.domain.format import Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import (
    Anomaly,
    Call,
    Gap,
    How,
    Operator,
    Quirk,
    Reference,
    Role,
    Setting,
    Shortfall,
)
from modelwarden.domain.preview import shorten
from modelwarden.domain.value import UNKNOWN, Global, Value
from modelwarden.parsing.keras_function import Layer, function, plain_name, torch_module
from modelwarden.parsing.texts import texts_of

Json: TypeAlias = object
"""What `json.loads` returns."""
_Object: TypeAlias = dict[str, Json]

_CEILING: Final = 16 << 20
"""JSON grows about twentyfold in memory; a vocabulary of a million words fits."""
_CONTAINERS: Final = 1_000_000
"""Each takes hundreds of bytes and some microseconds; a model has a few for each layer."""
_KERAS: Final = frozenset(("", "keras", "tf_keras", "tensorflow", "keras_core"))
_PLAIN: Final = frozenset(
    "__keras_tensor__ __tensor__ __numpy__ __bytes__ __ellipsis__ __slice__ __tuple__".split()
)
"""Values that Keras writes as objects; it looks up nothing for them."""
_LAMBDA: Final = "__lambda__"
_FUNCTIONS: Final = ("function", "output_shape", "mask")
"""The fields of a Lambda that may hold a function."""
_FILES: Final[dict[str, dict[str, Role]]] = {
    "StringLookup": {"vocabulary": Role.INPUT},
    "IntegerLookup": {"vocabulary": Role.INPUT},
    "IndexLookup": {"vocabulary": Role.INPUT},
    "TextVectorization": {"vocabulary": Role.INPUT},
    "WordPieceTokenizer": {"vocabulary": Role.INPUT},
    "BytePairTokenizer": {"vocabulary": Role.INPUT, "merges": Role.INPUT},
    "TFSMLayer": {"filepath": Role.LINKED},
}
"""Layers that read a file whose path, or URL, stands in a field of their configuration."""
_REGISTERED: Final = "Custom"
"""The package of what was registered without one."""
_PYTHON: Final = frozenset(
    (
        "__build_class__ __import__ abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr "
        "classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float "
        "format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len license "
        "list locals map max memoryview min next object open ord pow print property quit range repr reversed round set "
        "setattr slice sorted staticmethod str sum super tuple type vars zip"
    ).split()
)
"""What Python itself has in `builtins`; any other function of this module is Keras's own or a registered one."""
_OPERATION: Final = "TFOpLambda"
_NODE: Final = "TensorFlowOpLayer"
_DOWNLOADER: Final = "get_file"
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,15}://")
_ITEMS: Final = 16
_NESTED: Final = 3


def observe_config(
    text: bytes, span: Span, longest: int = _CEILING, objects: int = _CONTAINERS
) -> Iterator[Fact]:
    """The facts of a configuration; `span` is where it stands. Never raises of itself; takes time in proportion to `text`."""
    if len(text) > longest:
        detail = f"a configuration of {max(span.length, len(text)):,} bytes is too long: none of it was read"
        yield Gap(Shortfall.LIMIT, detail, span)
        return
    if text.count(b"{") + text.count(b"[") > objects:
        detail = f"a configuration of more than {objects:,} objects: none of them was looked at"
        yield Gap(Shortfall.LIMIT, detail, span)
        return
    yield from texts_of(text, "the configuration", span)
    reading = _Reading(span)
    yield from reading.parse(text)
    yield from reading.facts()


class _Reading:
    """One configuration: the values still to be looked at, and what has been told already."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._roots: list[Json] = []
        self._told: set[int] = set()
        self._repeated: dict[str, None] = {}

    def parse(self, text: bytes) -> Iterator[Fact]:
        import json  # only when a configuration is met

        try:
            document: Json = json.loads(text, object_pairs_hook=self._pairs)
        except RecursionError:
            yield Gap(
                Shortfall.LIMIT, "the configuration is nested too deeply: none of it was read", self._span
            )
            return
        except ValueError as error:
            detail = f"the configuration cannot be understood: {shorten(str(error))}"
            yield Gap(Shortfall.MALFORMED, detail, self._span)
            return
        self._roots.insert(0, document)
        for key in self._repeated:
            detail = "an object has this key twice; Keras takes the last, other readers the first"
            yield Anomaly(Quirk.HEADER_DISAGREEMENT, shorten(key), detail, self._span)

    def _pairs(self, pairs: list[tuple[str, Json]]) -> _Object:
        """An object; what a later value of the same key hides is looked at as well."""
        members = dict(pairs)
        if len(members) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen and len(self._repeated) < _ITEMS:
                    self._repeated[key] = None
                seen.add(key)
            self._roots.append([value for key, value in pairs if members[key] is not value])
            self._roots.append(dict(reversed(pairs)))
        return members

    def facts(self) -> Iterator[Fact]:
        """Everything that is stated at any depth, in the order of the text."""
        stack: list[tuple[Json, str]] = [(root, "") for root in reversed(self._roots)]
        walked: set[int] = set()
        while stack:
            value, holder = stack.pop()
            if id(value) in walked:  # repeated keys bring the same parts up again
                continue
            walked.add(id(value))
            if isinstance(value, dict):
                if value.get("safe_mode") is False:
                    yield Setting("safe_mode", "false", holder, self._span)
                name = value.get("class_name")
                if isinstance(name, str) and ("config" in value or "spec_name" in value):
                    holder = plain_name(value.get("config")) or holder
                    yield from self._object(value, name, holder)
                stack.extend((one, holder) for one in reversed(list(value.values())) if _is_nested(one))
            elif isinstance(value, list):
                stack.extend((one, holder) for one in reversed(value) if _is_nested(one))

    def _object(self, node: _Object, name: str, holder: str) -> Iterator[Fact]:
        if id(node) in self._told or name in _PLAIN:
            return
        config = node.get("config")
        if name == _LAMBDA:
            yield from function(node, Layer(holder, self._span))
        elif name == "function":
            if isinstance(config, str):
                yield from self._named(node, config, _node_arguments(node), holder)
        elif name == "__typespec__":
            yield from self._named(node, _text(node.get("spec_name")), (), holder)
        elif not _is_keras(node):
            yield from self._named(node, name, (*_arguments(config), *_node_arguments(node)), holder)
        elif name == "Lambda" and isinstance(config, dict):
            yield from self._lambda(config, holder)
        else:
            yield from self._named(node, name, _node_arguments(node), holder)
            if isinstance(config, dict):
                yield from self._files(name, config, holder)

    def _named(self, node: _Object, name: str, arguments: tuple[Value, ...], holder: str) -> Iterator[Fact]:
        """A class or function is looked up by name and called."""
        module = _text(node.get("module"))
        names = [name]
        registered = _text(node.get("registered_name"))
        if module and registered and registered != "function" and ">" not in registered:
            names.append(registered)  # Keras 2 looks for it in the module too
        if module == "builtins" and _PYTHON.isdisjoint(names):
            module = ""
        if not module and ">" in name:
            package, _, name = name.partition(">")
            module, names = ("" if package == _REGISTERED else package), [name]
        for one in dict.fromkeys(names):
            if one:
                yield Call(Global(module or "keras", one), arguments, How.CLASS_NAME, self._span)
        if name == _DOWNLOADER:
            for url in _texts(arguments):
                if _URL.match(url):
                    yield Reference(Role.DOWNLOAD, url, holder or name, self._span)

    def _lambda(self, config: _Object, holder: str) -> Iterator[Fact]:
        """A Lambda: code of its own, or a function by name that is called with arguments of the file's choice."""
        arguments = _arguments(config.get("arguments"))
        for field in _FUNCTIONS:
            value = config.get(field)
            if isinstance(value, dict) and value.get("class_name") == "function":
                self._told.add(id(value))
                yield from self._named(value, _text(value.get("config")), arguments, holder)
                continue
            if isinstance(value, dict) and value.get("class_name") == _LAMBDA:
                self._told.add(id(value))
            kind = _text(config.get(f"{field}_type"))
            module = _text(config.get("module" if field == "function" else f"{field}_module"))
            if isinstance(value, str) and (kind == "function" or (field != "function" and not kind)):
                if kind:
                    yield Call(Global(module or "keras", value), arguments, How.CLASS_NAME, self._span)
                continue
            if field == "function" or kind == "lambda" or isinstance(value, dict) or _is_code(value):
                yield from function(value, Layer(holder, self._span, module))

    def _files(self, name: str, config: _Object, holder: str) -> Iterator[Fact]:
        for field, role in _FILES.get(name, {}).items():
            location = config.get(field)
            if isinstance(location, str) and location:
                yield Reference(role, location, holder or name, self._span)
        if name == _OPERATION:
            module, _, function_name = _text(config.get("function")).rpartition(".")
            if function_name:
                place = f"tensorflow.{module}" if module else "tensorflow"
                yield Call(Global(place, function_name), (), How.CLASS_NAME, self._span)
        elif name == _NODE:
            operator = _operator(config.get("node_def"))
            if operator:
                yield Operator("tensorflow", operator, holder or name, self._span)
        elif name == "TorchModuleWrapper":
            child: Child | Gap | None = torch_module(config.get("module"), Layer(holder, self._span))
            if child is not None:
                yield child


def _is_nested(value: Json) -> bool:
    return isinstance(value, (dict, list)) and bool(value)


def _is_code(value: Json) -> bool:
    """Whether a field holds a function as Keras 2 writes it: text, the defaults, the closure. A shape holds numbers."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], str)


def _is_keras(node: _Object) -> bool:
    return _text(node.get("module")).partition(".")[0] in _KERAS


def _operator(value: Json) -> str:
    """The operator of a graph's node, which Keras 2 writes as JSON within the JSON, behind its name."""
    import json

    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and text.lstrip().startswith("{"):
            try:
                node: Json = json.loads(text)
            except (ValueError, RecursionError):
                return ""
            return _text(node.get("op")) if isinstance(node, dict) else ""
    return ""


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _arguments(config: Json) -> tuple[Value, ...]:
    """What a class or function is given, as far as it is literal."""
    values = list(config.values()) if isinstance(config, dict) else config if isinstance(config, list) else []
    return tuple(_value(value) for value in values[:_ITEMS])


def _node_arguments(node: _Object) -> tuple[Value, ...]:
    """What a function or layer is called with while the graph is built; Keras 3 writes it beside the configuration."""
    nodes = node.get("inbound_nodes")
    if not isinstance(nodes, list):
        return ()
    found: list[Value] = []
    for call in nodes[:_ITEMS]:
        if isinstance(call, dict):
            given = (*_arguments(call.get("args")), *_arguments(call.get("kwargs")))
            found += [value for value in given if value is not UNKNOWN]
    return tuple(found[:_ITEMS])


def _value(value: Json, depth: int = 0) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, list) and depth < _NESTED:
        return tuple(_value(one, depth + 1) for one in value[:_ITEMS])
    if isinstance(value, dict) and value.get("class_name") == "function":
        name = value.get("config")
        return Global(_text(value.get("module")) or "keras", name) if isinstance(name, str) else UNKNOWN
    return UNKNOWN


def _texts(values: tuple[Value, ...]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, str))
