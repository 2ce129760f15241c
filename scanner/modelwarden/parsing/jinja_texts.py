"""Which texts the expressions of a Jinja template can be: constants folded by hand, with bounds, and nothing ever called.

A name to look up may be put together from pieces, reversed, formatted or passed on in variables. A pattern is a text in which
`DATA` stands for what whoever renders the template supplies, and `BUILT` for what the template makes from something else. All is
blind to the order of statements: a variable is everything that is ever assigned to it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice, product
from typing import TypeAlias, Union

from jinja2 import nodes

DATA = "\ue000"
BUILT = "\ue001"
_MARKS = re.compile(f"[{DATA}{BUILT}]+")
_DEEP = 40
_ALTERNATIVES = 12
_LONG = 200
"""No longer text is a name that anybody looks up, in characters."""
_STEPS = 200_000
"""How many expressions are folded in all."""
_INTERNAL = re.compile(r"__\w+__|_\w+__\w+")


class Kind(Enum):
    """A value that is no known text."""

    DATA = "data"
    """supplied by whoever renders"""
    MADE = "made"
    """made by the template; as text it may hold anything"""
    LAZY = "lazy"
    """an iterator over data; as text it names Python's internals"""
    ITSELF = "itself"
    """a variable within its own value: nothing new, until something is added"""
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class _Mapping:
    """A dictionary, of which only the values matter: which one is taken is not asked."""

    values: "tuple[Folded, ...]"


Folded: TypeAlias = Union[str, int, Kind, _Mapping, "tuple[Folded, ...]"]

_GLOBALS = frozenset(
    ("lipsum", "cycler", "joiner", "namespace", "range", "dict", "self", "caller", "varargs", "kwargs")
)
_LAZY = frozenset(
    "map select reject selectattr rejectattr groupby batch slice items dictsort xmlattr".split()
)
"""Filters that make an iterator."""
_FROM_LAZY = frozenset("list first last join sort unique sum min max random".split())
"""Filters that take items out of an iterator."""
_SAME = frozenset("string safe escape e forceescape list default d trim".split())
_DECODING = frozenset(("fromhex", "decode", "encode", "translate", "maketrans", "format_map"))
"""Methods that make any text out of any other."""
_TO_TEXT: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "capitalize": str.capitalize,
    "swapcase": str.swapcase,
    "reverse": lambda text: text[::-1],
    "trim": str.strip,
    "strip": str.strip,
    "lstrip": str.lstrip,
    "rstrip": str.rstrip,
}
"""Filters and methods of texts without arguments that give a text."""


class Texts:
    """Values of expressions, by what is assigned to variables anywhere in the template."""

    def __init__(self, every: Sequence[nodes.Node]) -> None:
        self._every = every
        self._assigned: dict[str, list[nodes.Node]] = defaultdict(list)
        self._looped: dict[str, list[nodes.Node]] = defaultdict(list)
        self._macros: dict[str, nodes.Macro] = {}
        self._steps = _STEPS
        self._following: set[str] = set()
        for node in every:
            self._collect(node)
        for node in every:
            if isinstance(node, nodes.Call):
                self._pass_arguments(node)

    def of(self, expression: nodes.Node) -> list[str]:
        """The texts that `expression` may be; marks stand for what is not known."""
        return [value for value in self._values(expression, 0) if isinstance(value, str)]

    def as_names(self, expression: nodes.Node, *, always: bool) -> tuple[set[str], set[str]]:
        """The constant names `expression` may be, and the computed ones with `…` for each unknown part.

        Of what is supplied as data only those count that a constant makes look internal; with `always`, all.
        """
        constant: set[str] = set()
        computed: set[str] = set()
        for value in self._values(expression, 0):
            text = (
                value if isinstance(value, str) else _as_text(value) if always or value is Kind.MADE else ""
            )
            if not text:
                continue
            if not _MARKS.search(text):
                constant.add(text)
            elif always or BUILT in text or "__" in text:
                computed.add(_MARKS.sub("…", text))
        return constant, computed

    def loose_internals(self) -> set[str]:
        """Constant texts that are names of internals and stand where a lookup may get them, though none was seen to."""
        compared: set[int] = set()
        for node in self._every:
            if isinstance(node, nodes.Compare):
                compared |= _constants_within(node.expr)
                for operand in node.ops:
                    compared |= _constants_within(operand.expr)
            elif isinstance(node, nodes.Output):
                compared |= {id(part) for part in node.nodes}
        return {
            node.value
            for node in self._every
            if isinstance(node, nodes.Const)
            and isinstance(node.value, str)
            and id(node) not in compared
            and _INTERNAL.fullmatch(node.value)
        }

    def _collect(self, node: nodes.Node) -> None:
        match node:
            case nodes.Assign(target=target, node=value):
                self._bind(target, value)
            case nodes.AssignBlock(target=nodes.Name(name=name)):
                self._assigned[name].append(node)
            case nodes.For(target=nodes.Name(name=name), iter=iterated):
                self._looped[name].append(iterated)
            case nodes.With(targets=targets, values=values):
                for target, value in zip(targets, values, strict=False):
                    self._bind(target, value)
            case nodes.Macro(name=name):
                self._macros[name] = node
                self._defaults(node)

    def _bind(self, target: nodes.Node, value: nodes.Node) -> None:
        match target, value:
            case nodes.Name(name=name), nodes.Call(node=nodes.Name(name="namespace" | "dict"), kwargs=pairs):
                self._assigned[name].append(value)
                for pair in pairs:
                    self._assigned[f"{name}.{pair.key}"].append(pair.value)
            case nodes.Name(name=name), _:
                self._assigned[name].append(value)
            case nodes.NSRef(name=name, attr=attribute), _:
                self._assigned[f"{name}.{attribute}"].append(value)
            case nodes.Tuple(items=targets), nodes.Tuple(items=values) | nodes.List(items=values):
                for inner, part in zip(targets, values, strict=False):
                    self._bind(inner, part) if isinstance(inner, nodes.Name) else None

    def _defaults(self, macro: nodes.Macro) -> None:
        for argument, default in zip(reversed(macro.args), reversed(macro.defaults), strict=False):
            self._assigned[argument.name].append(default)

    def _pass_arguments(self, call: nodes.Call) -> None:
        if not isinstance(call.node, nodes.Name):
            return
        macro = self._macros.get(call.node.name)
        if macro is None:
            return
        for argument, value in zip(macro.args, call.args, strict=False):
            self._assigned[argument.name].append(value)
        for pair in call.kwargs:
            self._assigned[pair.key].append(pair.value)

    def _values(self, node: nodes.Node, depth: int) -> list[Folded]:
        """What `node` may be, at most `_ALTERNATIVES` values."""
        self._steps -= 1
        if depth > _DEEP or self._steps < 0:
            return [Kind.MADE]
        return _distinct(self._fold(node, depth + 1))

    def _fold(self, node: nodes.Node, depth: int) -> Iterable[Folded]:
        match node:
            case nodes.Const(value=bool()) | nodes.Const(value=None):
                return [Kind.NUMBER]
            case nodes.Const(value=str(text)) | nodes.TemplateData(data=text):
                return [_MARKS.sub("", text)]
            case nodes.Const(value=int(number)):
                return [number]
            case nodes.Name(name=name):
                return self._variable(name, depth)
            case nodes.Concat(nodes=parts):
                return self._combined(parts, depth, lambda texts: "".join(map(_as_text, texts)))
            case nodes.Add(left=left, right=right):
                return self._combined((left, right), depth, _added)
            case nodes.Mul(left=left, right=right):
                return self._combined((left, right), depth, _repeated)
            case nodes.Mod(left=left, right=right):
                return self._combined((left, right), depth, lambda pair: _percent(pair[0], _flat(pair[1])))
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                return [*self._values(left, depth), *self._values(right, depth)]
            case nodes.BinExpr() | nodes.UnaryExpr() | nodes.Compare() | nodes.Test():
                return [Kind.NUMBER]
            case nodes.CondExpr(expr1=yes, expr2=no):
                return [*self._values(yes, depth), *(self._values(no, depth) if no is not None else [])]
            case nodes.List(items=items) | nodes.Tuple(items=items):
                return self._combined(items[:_LONG], depth, tuple)
            case nodes.Dict(items=pairs):
                return [_Mapping(tuple(v for pair in pairs[:_LONG] for v in self._values(pair.value, depth)))]
            case nodes.Filter(node=operand, name=name, args=arguments):
                return self._filtered(operand, name, arguments, depth)
            case nodes.Getattr() | nodes.Getitem():
                return self._item(node, depth)
            case nodes.Call():
                return self._called(node, depth)
            case nodes.AssignBlock(body=body, filter=None):
                return self._block(body, depth)
            case nodes.AssignBlock():
                return [Kind.MADE]
        return [Kind.DATA]

    def _variable(self, name: str, depth: int) -> list[Folded]:
        assigned, looped = self._assigned.get(name, ()), self._looped.get(name, ())
        if not assigned and not looped:
            return [Kind.MADE if name in _GLOBALS else Kind.DATA]
        if name in self._following:
            return [Kind.ITSELF]
        self._following.add(name)
        found: list[Folded] = []
        for value in islice(assigned, _ALTERNATIVES):
            found += self._values(value, depth)
        for iterated in islice(looped, _ALTERNATIVES):
            for sequence in self._values(iterated, depth):
                found += sequence if isinstance(sequence, tuple) else [Kind.DATA]
        self._following.discard(name)
        return found

    def _combined(
        self, parts: Sequence[nodes.Node], depth: int, combine: Callable[[tuple[Folded, ...]], Folded]
    ) -> list[Folded]:
        each = [self._values(part, depth) for part in parts]
        return [combine(chosen) for chosen in islice(product(*each), _ALTERNATIVES)]

    def _filtered(
        self, operand: nodes.Node | None, name: str, arguments: Sequence[nodes.Node], depth: int
    ) -> list[Folded]:
        if operand is None:
            return [Kind.MADE]
        if name in _LAZY:
            held = self._values(operand, depth)
            return [
                Kind.LAZY
                if all(value in (Kind.DATA, Kind.LAZY, Kind.ITSELF) for value in held)
                else Kind.MADE
            ]
        if name in ("default", "d"):
            return [
                *self._values(operand, depth),
                *(value for one in arguments for value in self._values(one, depth)),
            ]
        parts = (operand, *arguments[:8])
        return self._combined(parts, depth, lambda values: _applied(name, values[0], values[1:]))

    def _item(self, node: nodes.Getattr | nodes.Getitem, depth: int) -> list[Folded]:
        if isinstance(node, nodes.Getattr):
            if isinstance(node.node, nodes.Name) and f"{node.node.name}.{node.attr}" in self._assigned:
                return self._variable(f"{node.node.name}.{node.attr}", depth)
            return _members(self._values(node.node, depth))
        held = self._values(node.node, depth)
        if isinstance(node.arg, nodes.Slice):
            return [_sliced(value, node.arg) for value in held]
        chosen = self._values(node.arg, depth)
        picked = [_picked(value, index) for value, index in islice(product(held, chosen), _ALTERNATIVES)]
        return [*picked, *(inner for value in held if isinstance(value, _Mapping) for inner in value.values)]

    def _called(self, call: nodes.Call, depth: int) -> list[Folded]:
        match call.node:
            case nodes.Getattr(node=held, attr="format") if not call.kwargs:
                return self._combined(
                    (held, *call.args), depth, lambda values: _formatted(values[0], values[1:])
                )
            case nodes.Getattr(node=separator, attr="join") if len(call.args) == 1:
                return self._combined(
                    (separator, call.args[0]), depth, lambda pair: _applied("join", pair[1], pair[:1])
                )
            case nodes.Getattr(node=held, attr=method) if method in _TO_TEXT or method == "replace":
                return self._filtered(held, method, call.args, depth)
            case nodes.Name(name=name) if name in self._macros:
                return self._block(self._macros[name].body, depth)
            case nodes.Name(name="dict" | "namespace") if call.kwargs:
                return [
                    _Mapping(
                        tuple(v for pair in call.kwargs[:_LONG] for v in self._values(pair.value, depth))
                    ),
                    Kind.MADE,
                ]
            case nodes.Name(name=name) if name in _GLOBALS:
                return [Kind.MADE]
            case nodes.Getattr(node=held, attr=method):
                return self._combined(
                    (held, *call.args[:8]), depth, lambda values: _of_method(method, values)
                )
        return [Kind.DATA]

    def _block(self, body: Sequence[nodes.Node], depth: int) -> list[Folded]:
        """The text that statements print, when they do nothing but print."""
        printed: list[nodes.Node] = []
        for statement in body:
            if not isinstance(statement, nodes.Output):
                return [Kind.MADE]
            printed += statement.nodes
        return self._combined(printed[:_LONG], depth, lambda values: "".join(map(_as_text, values)))


def format_fields(pattern: str) -> set[str]:
    """The attributes that `pattern.format(…)` looks up: `{0.__class__}`, `{0[key]}`."""
    found: set[str] = set()
    for written in re.findall(r"\{([^{}:!]*)", pattern):
        found |= {part for part in re.split(r"[.\[\]]", written)[1:] if part}
    return found


def _constants_within(node: nodes.Node) -> set[int]:
    """The constants of an operand: itself, or the items of a list."""
    if isinstance(node, nodes.List | nodes.Tuple):
        return {id(item) for item in node.items}
    return {id(node)}


def _distinct(values: Iterable[Folded]) -> list[Folded]:
    """The first few different ones; a text too long to be a name is no longer followed."""
    found: dict[Folded, None] = {}
    for value in values:
        found[Kind.DATA if isinstance(value, str) and len(value) > _LONG else value] = None
        if len(found) >= _ALTERNATIVES:
            break
    return list(found)


def _as_text(value: Folded) -> str:
    match value:
        case str():
            return value[: _LONG + 1]
        case int():
            return str(value) if abs(value) < 1 << 64 else DATA
        case Kind.DATA | Kind.NUMBER:
            return DATA
    return BUILT


def _flat(value: Folded) -> tuple[Folded, ...]:
    return value if isinstance(value, tuple) else (value,)


def _added(pair: tuple[Folded, ...]) -> Folded:
    left, right = pair
    if isinstance(left, tuple) and isinstance(right, tuple):
        return (left + right)[:_LONG]
    if isinstance(left, str) or isinstance(right, str):
        return _as_text(left) + _as_text(right)
    if Kind.MADE in pair or Kind.ITSELF in pair:
        return Kind.MADE
    return Kind.NUMBER if all(isinstance(one, int) or one is Kind.NUMBER for one in pair) else Kind.DATA


def _repeated(pair: tuple[Folded, ...]) -> Folded:
    match pair:
        case (str(text), int(times)) | (int(times), str(text)):
            return text * times if times >= 0 and len(text) * times <= _LONG else Kind.MADE
        case (str(), _) | (_, str()):
            return Kind.MADE
    return Kind.NUMBER


def _percent(pattern: Folded, values: tuple[Folded, ...]) -> Folded:
    """`pattern % values` for the plain conversions."""
    if not isinstance(pattern, str):
        return Kind.MADE if pattern is Kind.MADE else Kind.NUMBER
    remaining = iter(values)

    def convert(written: re.Match[str]) -> str:
        if written[0] == "%%":
            return "%"
        value = next(remaining, Kind.MADE)
        if written[0][-1] == "c" and isinstance(value, int):
            return chr(value) if 0 <= value < 0x110000 else BUILT
        return _as_text(value) if written[0][-1] in "scdi" and len(written[0]) == 2 else BUILT

    return re.sub(r"%(?:\([^)]*\))?[-+ #0-9.*]*[a-zA-Z%]", convert, pattern)


def _formatted(pattern: Folded, values: tuple[Folded, ...]) -> Folded:
    """`pattern.format(*values)` for plain fields."""
    if not isinstance(pattern, str):
        return Kind.DATA if pattern is Kind.DATA else Kind.MADE
    count = iter(range(len(values)))

    def fill(written: re.Match[str]) -> str:
        index = int(written[1]) if written[1] else next(count, len(values))
        if index >= len(values):
            return BUILT
        value = values[index]
        if written[2] == ":c" and isinstance(value, int) and 0 <= value < 0x110000:
            return chr(value)
        return _as_text(value) if not written[2] else BUILT

    return re.sub(r"\{(\d{0,3})([:!][^{}]*)?\}", fill, pattern)


def _applied(name: str, value: Folded, arguments: tuple[Folded, ...]) -> Folded:
    """A filter, or the method of a text that does the same."""
    if name == "format":
        return _percent(value, arguments)
    if name == "join":
        separator = arguments[0] if arguments else ""
        items = tuple(value) if isinstance(value, str) else value
        if isinstance(items, tuple):
            return _as_text(separator).join(map(_as_text, items))
        return Kind.MADE if value is Kind.MADE else Kind.DATA
    if value is Kind.ITSELF:
        return Kind.MADE if arguments else value
    if value is Kind.LAZY:
        return Kind.DATA if name in _FROM_LAZY else Kind.MADE
    if isinstance(value, str):
        return _of_text(name, value, arguments)
    if isinstance(value, tuple):
        return _of_sequence(name, value)
    if name == "string" and isinstance(value, int):
        return str(value) if abs(value) < 1 << 64 else Kind.DATA
    if value is Kind.DATA and any(isinstance(one, str) and "__" in one for one in arguments):
        return Kind.MADE
    return Kind.NUMBER if name in ("int", "length", "count", "float", "abs", "round") else value


def _of_method(name: str, values: tuple[Folded, ...]) -> Folded:
    """What a method gives that is not known here: of data data, of what the template made anything."""
    made = name in _DECODING or any(isinstance(one, str) and "__" in one for one in values[1:])
    held = values[0]
    if made or held in (Kind.MADE, Kind.LAZY, Kind.ITSELF) or isinstance(held, tuple | _Mapping):
        return Kind.MADE
    if isinstance(held, str) and (DATA not in held or BUILT in held or "_" in held):
        return Kind.MADE
    return Kind.DATA


def _members(held: Sequence[Folded]) -> list[Folded]:
    """Attributes of values: those of a mapping are its values, those of what the template made may be anything."""
    found: list[Folded] = []
    for value in held:
        if isinstance(value, _Mapping):
            found += value.values
        else:
            found.append(value if value in (Kind.MADE, Kind.ITSELF) else Kind.DATA)
    return found


def _of_text(name: str, text: str, arguments: tuple[Folded, ...]) -> Folded:
    if name in _TO_TEXT and not arguments:
        return _TO_TEXT[name](text)
    if name == "replace":
        if len(arguments) >= 2 and not _MARKS.search(text) and all(map(_is_constant, arguments)):
            return text.replace(_as_text(arguments[0]), _as_text(arguments[1]))[: _LONG + 1]
        return Kind.MADE
    if name == "list":
        return tuple(text)
    if name in ("first", "last"):
        return (text[:1] if name == "first" else text[-1:]) or Kind.DATA
    if name in _SAME:
        return text
    return Kind.NUMBER if name in ("int", "length", "count", "float") else Kind.MADE


def _of_sequence(name: str, items: "tuple[Folded, ...]") -> Folded:
    if name in ("first", "last"):
        return items[0 if name == "first" else -1] if items else Kind.DATA
    if name == "reverse":
        return items[::-1]
    return items if name in ("list", "unique", "sort") else Kind.MADE


def _is_constant(value: Folded) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and not _MARKS.search(value))


def _sliced(value: Folded, cut: nodes.Slice) -> Folded:
    bounds: list[int | None] = []
    for bound in (cut.start, cut.stop, cut.step):
        match bound:
            case None:
                bounds.append(None)
            case nodes.Const(value=int(number)):
                bounds.append(number)
            case nodes.Neg(node=nodes.Const(value=int(number))):
                bounds.append(-number)
            case _:
                return Kind.MADE if not isinstance(value, Kind) else value
    if bounds[2] == 0 or not isinstance(value, str | tuple):
        return value
    if isinstance(value, str) and _MARKS.search(value):
        return Kind.MADE
    return value[bounds[0] : bounds[1] : bounds[2]]


def _picked(value: Folded, index: Folded) -> Folded:
    if isinstance(value, str | tuple):
        if isinstance(index, int) and -len(value) <= index < len(value):
            return value[index] if isinstance(value, tuple) or not _MARKS.search(value) else Kind.MADE
        return Kind.MADE if index is Kind.MADE else Kind.DATA
    if value is Kind.ITSELF:
        return value
    return Kind.MADE if value is Kind.MADE and isinstance(index, int) else Kind.DATA
