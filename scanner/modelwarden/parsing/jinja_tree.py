"""What a Jinja template uses, from jinja2's own syntax tree; without one, from its tokens.

The tree is walked with a stack of our own: `a.b.c…` and `a+a+a…` make trees as deep as the text is long.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import Environment, TemplateError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from modelwarden.parsing.jinja_texts import Texts, format_fields

_IDENTIFIERS_AT_MOST = 20_000
"""Names of each kind that are kept; no real template comes near."""


@dataclass(slots=True)
class Uses:
    """What was seen; `computed` holds the names it computes, with `…` for each part that is not constant."""

    names: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    filters: set[str] = field(default_factory=set)
    computed: set[str] = field(default_factory=set)
    parsed: bool = True


class _Generation(Extension):
    """`{% generation %}…{% endgeneration %}`, which transformers adds to mark what the assistant said."""

    tags = {"generation"}  # noqa: RUF012  # as the base class has it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """The statements inside."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


_ENVIRONMENT = Environment(  # noqa: S701  # nothing is rendered, so there is nothing to escape
    extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n", _Generation], optimized=False
)

_ATTRIBUTE_AT = {
    "attr": 0, "groupby": 0, "selectattr": 0, "rejectattr": 0, "sum": 0, "min": 1, "max": 1, "unique": 1, "join": 1, "sort": 2,
}  # fmt: skip
"""Filter -> which of its arguments names an attribute, when the keyword `attribute` does not. Source: `jinja2/filters.py`."""
_APPLYING = frozenset(("map", "select", "reject"))
"""Filters whose first argument names another filter or test."""


def read(text: str) -> Uses:
    """What `text` uses. Never raises."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the lexer decodes escapes, and Python warns of those it does not know
        try:
            tree = _ENVIRONMENT.parse(text)
        except (TemplateError, RecursionError, ValueError, OverflowError):
            return _from_tokens(text)
        return _from_tree(tree)


def _from_tree(tree: nodes.Template) -> Uses:
    uses = Uses()
    every = list(_walk(tree))
    texts = Texts(every)
    for node in every:
        _note(node, uses, texts)
    uses.attributes |= texts.loose_internals()
    return uses


def _walk(tree: nodes.Node) -> Iterator[nodes.Node]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.iter_child_nodes())


def _note(node: nodes.Node, uses: Uses, texts: Texts) -> None:
    match node:
        case nodes.Name(name=name, ctx="load"):
            uses.names.add(name)
        case nodes.Getattr(attr=attribute):
            uses.attributes.add(attribute)
        case nodes.NSRef(attr=attribute):
            uses.attributes.add(attribute)
        case nodes.Getitem(arg=subscript) if not isinstance(subscript, nodes.Slice):
            _looked_up(subscript, uses, texts)
        case nodes.Filter(name=name):
            uses.filters.add(name)
            _attribute_of_filter(node, name, uses, texts)
        case nodes.Test(name=name):
            uses.filters.add(name)
        case nodes.Call(node=nodes.Getattr(node=held, attr="format" | "format_map")):
            for value in texts.of(held):
                uses.attributes |= format_fields(value)
        case nodes.Include() | nodes.Import() | nodes.FromImport() | nodes.Extends():
            uses.names.add(type(node).__name__.lower())


def _looked_up(
    expression: nodes.Node, uses: Uses, texts: Texts, *, dotted: bool = False, always: bool = False
) -> None:
    """Note what `expression` may be as the name of an attribute; with `always`, also when nothing is known of it."""
    constant, computed = texts.as_names(expression, always=always)
    for name in constant:
        uses.attributes.update(name.split(".") if dotted else (name,))
    uses.computed |= computed


def _attribute_of_filter(node: nodes.Filter, name: str, uses: Uses, texts: Texts) -> None:
    arguments = list(node.args)
    first = arguments[0] if arguments else None
    if name in _APPLYING and isinstance(first, nodes.Const):
        name = str(first.value)
        del arguments[0]
        uses.filters.add(name)
    position = _ATTRIBUTE_AT.get(name)
    named: list[nodes.Node] = [pair.value for pair in node.kwargs if pair.key in ("attribute", "name")]
    if position is not None and position < len(arguments):
        named.append(arguments[position])
    for expression in named:
        _looked_up(expression, uses, texts, dotted=name != "attr", always=name == "attr")
    if name == "attr" and (node.dyn_args is not None or node.dyn_kwargs is not None):
        uses.computed.add("…")


def _from_tokens(text: str) -> Uses:
    """What stands behind dots and in subscripts of a text that other engines may parse though jinja2 does not."""
    uses = Uses(parsed=False)
    before = ""
    try:
        for _, kind, value in _ENVIRONMENT.lex(text):
            if kind == "whitespace":
                continue
            if kind == "name":
                behind = {".": uses.attributes, "|": uses.filters}
                behind.get(before, uses.names).add(value)
            elif kind == "string" and before in ("[", "("):
                uses.attributes.add(_unescaped(value))
            before = value
            if len(uses.names) > _IDENTIFIERS_AT_MOST or len(uses.attributes) > _IDENTIFIERS_AT_MOST:
                break
    except (TemplateError, ValueError):
        pass
    return uses


def _unescaped(literal: str) -> str:
    try:
        return literal[1:-1].encode("ascii", "backslashreplace").decode("unicode-escape")
    except UnicodeDecodeError:
        return literal[1:-1]
