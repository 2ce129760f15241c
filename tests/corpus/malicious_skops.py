"""skops schemas that name what no model needs. Assembled by hand; nothing is ever built from them."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import TypeAlias

Node: TypeAlias = "dict[str, Node] | list[Node] | str | int"


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    for name, schema in SCHEMAS.items():
        yield f"dangerous-call/skops/{name}.skops", packed(schema)
    caller = node("operator", "methodcaller", "OperatorFuncNode", attrs=listed(text("system")))
    yield "import-trampoline/skops/methodcaller.skops", packed(caller)


def node(module: str, name: str, loader: str, **more: Node) -> Node:
    """One node of a schema."""
    return {"__class__": name, "__module__": module, "__loader__": loader, **more}


def text(value: str) -> Node:
    """A string as skops writes it."""
    return node("builtins", "str", "JsonNode", content=json.dumps(value))


def listed(*nodes: Node) -> Node:
    """A list of nodes."""
    return node("builtins", "list", "ListNode", content=list(nodes))


def packed(schema: "Node | bytes") -> bytes:
    """A skops file with nothing but its schema; the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        data = schema if isinstance(schema, bytes) else json.dumps(schema).encode()
        archive.writestr(zipfile.ZipInfo("schema.json"), data)
    return out.getvalue()


SCHEMAS: dict[str, Node] = {
    "function": node("os", "system", "FunctionNode"),
    "function-in-content": node(
        "builtins", "function", "FunctionNode", content={"module_path": "os", "function": "system"}
    ),
    "object": node("subprocess", "Popen", "ObjectNode", content=text("echo modelwarden sample")),
    "method": node("os", "environ", "MethodNode", content={"func": "putenv", "obj": text("x")}),
    "nested-in-lists": listed(listed(node("posix", "system", "FunctionNode"))),
    "behind-a-model": node(
        "sklearn.linear_model._logistic",
        "LogisticRegression",
        "ObjectNode",
        content={"coef_": node("builtins", "exec", "FunctionNode")},
    ),
}
