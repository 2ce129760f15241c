"""Hostile ONNX models put together field by field. Inert: nothing they name exists, or it echoes a line. No library is needed."""

from collections.abc import Iterator

EXTERNAL = 1
UP = "../../../modelwarden-sample"


def varint(value: int) -> bytes:
    """`value` in base 128, the lowest digit first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def number(field: int, value: int) -> bytes:
    """A field that holds a number."""
    return varint(field << 3) + varint(value)


def block(field: int, *parts: bytes | str) -> bytes:
    """A field that holds text, bytes or the fields of a message."""
    payload = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return varint(field << 3 | 2) + varint(len(payload)) + payload


def entry(key: str, value: str) -> bytes:
    """One line of a tensor's external data."""
    return block(13, block(1, key), block(2, value))


def outside(location: str, *more: bytes, name: str = "w") -> bytes:
    """The fields of a tensor whose numbers are elsewhere."""
    return b"".join((
        number(1, 4), number(2, 1), block(8, name), entry("location", location), *more, number(14, EXTERNAL)
    ))  # fmt: skip


def node(operator: str, *attributes: bytes, domain: str = "") -> bytes:
    """A node as a field of a graph."""
    named = block(7, domain) if domain else b""
    return block(1, block(1, "x"), block(2, "y"), block(4, operator), *attributes, named)


def attribute(name: str, field: int, *parts: bytes | str) -> bytes:
    """An attribute as a field of a node; `field` is where its value stands."""
    return block(5, block(1, name), block(field, *parts))


def graph(*parts: bytes) -> bytes:
    """The fields of a graph."""
    value = block(1, "y")
    return b"".join((*parts, block(2, "g"), block(12, value)))


def model(*parts: bytes, more: bytes = b"") -> bytes:
    """A whole model with one graph."""
    return number(1, 8) + block(2, "modelwarden") + block(7, graph(*parts)) + more + block(8, number(2, 18))


IDENTITY = node("Identity")


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    for name, data in _escapes():
        yield f"path-escape/onnx-{name}/model.onnx", data
    for name, data in _python():
        yield f"python-operator/onnx-{name}/model.onnx", data
    yield (
        "out-of-bounds/onnx-negative-offset/model.onnx",
        model(block(5, outside("w.bin", entry("offset", "-1")))),
    )
    yield (
        "out-of-bounds/onnx-address-in-memory/model.onnx",
        model(block(5, outside("*/_ORT_MEM_ADDR_/*", entry("offset", "4096")))),
    )
    yield (
        "header-disagreement/onnx-key-that-becomes-an-attribute/model.onnx",
        model(block(5, outside("w.bin", entry("__class__", "x")))),
    )
    yield "content-absent/onnx-without-its-weights/model.onnx", model(block(5, outside("w.bin")))
    yield "malformed/onnx-cut-off/model.onnx", model(IDENTITY)[:-30]


def _escapes() -> Iterator[tuple[str, bytes]]:
    up = outside(UP)
    yield "initializer", model(IDENTITY, block(5, up))
    yield "constant-attribute", model(node("Constant", attribute("value", 5, up)))
    yield "list-of-tensors-in-an-attribute", model(node("Acme", attribute("values", 10, up), domain="acme"))
    inner = graph(IDENTITY, block(5, up))
    yield "if-subgraph", model(node("If", attribute("then_branch", 6, inner)))
    yield "list-of-graphs", model(node("Acme", attribute("branches", 11, inner), domain="acme"))
    deep = inner
    for _ in range(8):
        deep = graph(node("If", attribute("then_branch", 6, deep)))
    yield "subgraphs-eight-deep", model(node("Loop", attribute("body", 6, deep)))
    body = block(7, node("Constant", attribute("value", 5, up))[2:])
    yield "function", model(IDENTITY, more=block(25, block(1, "F"), body, block(10, "acme")))
    default = block(11, block(1, "value"), block(5, up))
    yield "default-of-a-function", model(IDENTITY, more=block(25, block(1, "F"), default, block(10, "acme")))
    indices = number(1, 4) + number(2, 7) + block(8, "i")
    yield (
        "sparse-initializer-values",
        model(IDENTITY, block(15, block(1, up), block(2, indices), number(3, 4))),
    )
    yield (
        "sparse-initializer-indices",
        model(IDENTITY, block(15, block(1, indices), block(2, up), number(3, 4))),
    )
    yield "sparse-attribute", model(node("Constant", attribute("sparse_value", 22, block(1, up))))
    for place, field in (("initialization", 1), ("algorithm", 2)):
        yield f"training-{place}", model(IDENTITY, more=block(20, block(field, graph(block(5, up)))))
    yield "second-graph-that-parsers-merge", model(IDENTITY, more=block(7, block(5, up)))
    spread = attribute("value", 5, number(14, EXTERNAL))[2:] + block(5, entry("location", UP))
    yield "tensor-in-two-pieces", model(node("Constant", block(5, spread)))
    yield "place-stated-before-the-location", model(block(5, number(14, EXTERNAL), entry("location", UP)))
    yield "location-stated-twice", model(block(5, outside("w.bin", entry("location", UP))))
    for name, location in (
        ("absolute", "/modelwarden-sample"), ("inside-then-out", "a/../../modelwarden-sample"),
        ("backslashes", "..\\..\\modelwarden-sample"), ("drive", "C:\\modelwarden-sample"),
        ("other-machine", "\\\\host.invalid\\share\\x"), ("url", "https://host.invalid/x"),
        ("file-url", "file:///modelwarden-sample"), ("home", "~/modelwarden-sample"), ("nul", "w.bin\0../x"),
    ):  # fmt: skip
        yield name, model(block(5, outside(location)))
    context = attribute("embed_mode", 3)[:0] + block(5, block(1, "embed_mode"), number(3, 0))
    compiled = attribute("ep_cache_context", 4, UP)
    yield "compiled-model", model(node("EPContext", context, compiled, domain="com.microsoft"))
    strange = b"".join(number(1000 + index, 1) for index in range(40))
    yield "behind-unknown-fields", strange + model(block(5, up))
    shuffled = block(7, graph(block(5, up))) + number(1, 8)
    yield "graph-before-the-version", shuffled


def _python() -> Iterator[tuple[str, bytes]]:
    pyop = node("PyOp", attribute("module", 4, "modelwarden_sample"), domain="ai.onnx.contrib")
    yield "pyop", model(pyop)
    yield "pyop-in-a-subgraph", model(node("If", attribute("then_branch", 6, graph(pyop))))
    yield (
        "pyop-in-a-function",
        model(IDENTITY, more=block(25, block(1, "F"), block(7, pyop[2:]), block(10, "acme"))),
    )
    yield "python-op-of-training", model(node("PythonOp", domain="com.microsoft"))
