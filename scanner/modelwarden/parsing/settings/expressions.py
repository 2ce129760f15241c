"""A Python expression that a loader evaluates out of a configuration: what it calls, read from its syntax tree."""

import ast
from collections.abc import Iterator

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Observation
from modelwarden.domain.value import UNKNOWN, Global, Result, Value

_LONGEST = 20_000
_MOST_CALLS = 200
_HARMLESS_PLACES = ("os.path.", "os.environ.", "os.getenv", "handlers.", "logging.")
"""What ordinary configurations of logging call for the name of a file or for a handler."""


def calls(text: str, span: Span) -> Iterator[Observation]:
    """Every call in the expression `text`. A text that is no expression states nothing: evaluating it fails."""
    if "(" not in text or len(text) > _LONGEST:
        return
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    found = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and found < _MOST_CALLS:
            path = _dotted(node.func)
            if path.startswith(_HARMLESS_PLACES):
                continue
            found += 1
            yield Call(_callee(node.func, path), _arguments(node), How.TARGET, span)


def _callee(function: ast.expr, path: str) -> Value:
    """What is called: a name, or an attribute of what `__import__` of a constant gives."""
    if path:
        module, _, name = path.rpartition(".")
        return Global(module or "builtins", name)
    names: list[str] = []
    while isinstance(function, ast.Attribute):
        names.append(function.attr)
        function = function.value
    if isinstance(function, ast.Call) and names:
        made = _dotted(function.func)
        given = _arguments(function)
        if made in ("__import__", "importlib.import_module") and given and isinstance(given[0], str):
            return Global(given[0], ".".join(reversed(names)))
        return Result(Global("builtins", "getattr"), (UNKNOWN, ".".join(reversed(names))))
    return UNKNOWN


def _dotted(node: ast.expr) -> str:
    """`a.b.c` as it is written; empty for anything but names and attributes."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(names))) if isinstance(node, ast.Name) else ""


def _arguments(call: ast.Call) -> tuple[Value, ...]:
    values = (*call.args, *(keyword.value for keyword in call.keywords))
    return tuple(
        one.value if isinstance(one, ast.Constant) and isinstance(one.value, (str, int)) else UNKNOWN
        for one in values[:16]
    )
