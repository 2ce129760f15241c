"""What the nodes of a graph call: every operator told once for a kind of place and for what it is given."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Protocol

from modelwarden.domain.format import Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Operator, Reference, Role, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.parsing.tensorflow.operands import ATTRIBUTES, INPUTS, PASSING, READERS

DOMAIN = "tensorflow"
FUNCTION_DOMAIN = "tensorflow.function"
"""Of a node that calls a function of the graph's own library by name. The runtime looks there first."""

_DISTINCT = 20_000
"""More different operators in one file, each of the files they are given counted, are beyond reason."""
_WAITING = 100_000
"""Nodes of one graph whose inputs are looked up."""
_HOPS = 5
"""How many operators may stand between a constant and the one that takes it as a file's name."""
_ELSEWHERE = re.compile(r"[/\\]|[A-Za-z][A-Za-z0-9+.-]*:|~")


class Node(Protocol):
    """A NodeDef (`tensorflow/core/framework/node_def.proto`), however it is written."""

    @property
    def op(self) -> str:
        """The operator's or function's name."""
        ...

    @property
    def name(self) -> str:
        """The node's own name."""
        ...

    @property
    def inputs(self) -> list[str]:
        """What it takes: names of nodes, with an output behind a colon."""
        ...

    @property
    def span(self) -> Span:
        """Where it stands."""
        ...

    def texts(self, attribute: str) -> list[str]:
        """The text or texts that an attribute holds; of a tensor its strings, as far as they are few and short."""
        ...


def leads_elsewhere(location: str) -> bool:
    """Whether a file's name is absolute or an address: it means the same wherever the model lies."""
    return _ELSEWHERE.match(location) is not None


class Operators:
    """The operators of one file."""

    def __init__(self) -> None:
        self._told: set[tuple[str, bool, str]] = set()
        self._full = False

    def facts(
        self,
        nodes: Callable[[], Iterable[Node]],
        functions: Collection[str],
        assets: Collection[str],
        function: str | None = None,
    ) -> Iterator[Fact]:
        """The facts about the nodes of a graph, or of its `function`. `nodes` gives them anew each time it is called.

        `functions`: names of the graph's own functions. `assets`: constants that a loader replaces by the path of an asset.
        """
        waiting: list[Node] = []
        for node in nodes():
            op = node.op
            if op in INPUTS and len(waiting) < _WAITING:
                waiting.append(node)
                if len(waiting) == _WAITING:
                    detail = f"{_WAITING:,} of its nodes work on files: the files of further ones were not looked up"
                    yield Gap(Shortfall.LIMIT, detail, node.span)
            elif op in ATTRIBUTES and not (self._full and (op, function is None, "") in self._told):
                for text in node.texts(ATTRIBUTES[op]) or [""]:
                    yield from self._state(node, functions, function, text)
            elif (op, function is None, "") not in self._told:
                yield from self._state(node, functions, function, "")
        if not waiting:
            return
        constants = _constants(nodes, {_source(node, INPUTS[node.op]) for node in waiting})
        for node in waiting:
            source = _source(node, INPUTS[node.op])
            table = node.op.startswith("InitializeTable")
            texts = [] if table and source in assets else constants.get(source, [])
            for text in texts or [""]:
                yield from self._state(node, functions, function, text)

    def _state(
        self, node: Node, functions: Collection[str], function: str | None, argument: str
    ) -> Iterator[Fact]:
        op = node.op
        argument = shorten(argument)
        if len(self._told) >= _DISTINCT:
            if not self._full:
                self._full = True
                detail = f"it has more than {_DISTINCT:,} different operators, or as many files for them: the others are not told"
                yield Gap(Shortfall.LIMIT, detail, node.span)
            if op not in INPUTS and op not in ATTRIBUTES:
                return
            argument = ""
        key = (op, function is None, argument)
        if key in self._told:
            return
        self._told.add(key)
        place = f' in function "{shorten(function, 60)}"' if function is not None else ""
        detail = f'node "{shorten(node.name, 80)}"{place}'
        domain = FUNCTION_DOMAIN if op in functions else DOMAIN
        yield Operator(domain, shorten(op), detail, node.span, argument)
        if op in READERS and leads_elsewhere(argument):
            yield Reference(Role.INPUT, argument, f"{op}, {detail}", node.span)


def _source(node: Node, position: int) -> str:
    """The name of the node that gives the input at `position`, or nothing."""
    data = [name for name in node.inputs if not name.startswith("^")]
    return data[position].partition(":")[0] if position < len(data) else ""


def _constants(nodes: Callable[[], Iterable[Node]], wanted: set[str]) -> dict[str, list[str]]:
    """The texts of the constants behind nodes of these names: themselves, or what they pass on."""
    found: dict[str, list[str]] = {}
    asked = {name: {name} for name in wanted if name}
    for _ in range(_HOPS):
        passed: dict[str, set[str]] = {}
        for node in nodes():
            op = node.op
            if (op == "Const" or op in PASSING) and (name := node.name) in asked:
                if op == "Const":
                    for asker in asked[name]:
                        found[asker] = node.texts("value")
                else:
                    passed.setdefault(_source(node, 0), set()).update(asked[name])
        if not passed:
            break
        asked = passed
    return found
