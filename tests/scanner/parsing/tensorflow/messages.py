"""TensorFlow's messages written by hand, field by field."""


def varint(number: int) -> bytes:
    """A number as protobuf writes it."""
    data = b""
    while number >= 0x80:
        data += bytes([number & 0x7F | 0x80])
        number >>= 7
    return data + bytes([number])


def field(number: int, payload: bytes | str | int) -> bytes:
    """A field of bytes or text, or a number."""
    if isinstance(payload, int):
        return varint(number << 3) + varint(payload)
    data = payload.encode() if isinstance(payload, str) else payload
    return varint(number << 3 | 2) + varint(len(data)) + data


def attribute(key: str, value: bytes) -> bytes:
    """An entry of NodeDef.attr; `value` is an AttrValue."""
    return field(5, field(1, key) + field(2, value))


def text(value: bytes | str) -> bytes:
    """AttrValue.s."""
    return field(2, value)


def node(op: str, name: str = "node", *inputs: str, attributes: bytes = b"") -> bytes:
    """A NodeDef."""
    taken = b"".join(field(3, one) for one in inputs)
    return field(1, name) + field(2, op) + taken + (attributes or attribute("T", field(6, 1)))


def constant(name: str, *values: bytes | str) -> bytes:
    """A NodeDef of a constant text."""
    strings = b"".join(field(8, value) for value in values)
    return node("Const", name, attributes=attribute("value", field(8, field(1, 7) + strings)))


def graph(*nodes: bytes, functions: tuple[bytes, ...] = ()) -> bytes:
    """A GraphDef."""
    library = field(2, b"".join(field(1, one) for one in functions)) if functions else b""
    return b"".join(field(1, one) for one in nodes) + library


def function(name: str, *nodes: bytes) -> bytes:
    """A FunctionDef."""
    return field(1, field(1, name)) + b"".join(field(3, one) for one in nodes)


def meta_graph(graph_def: bytes, *rest: bytes) -> bytes:
    """A MetaGraphDef."""
    return field(1, field(5, "2.21.0")) + field(2, graph_def) + b"".join(rest)


def saved_model(*meta_graphs: bytes) -> bytes:
    """A SavedModel."""
    return field(1, 1) + b"".join(field(2, one) for one in meta_graphs)


WRITING = (constant("where", "/tmp/x"), constant("what", "text"), node("WriteFile", "write", "where", "what"))
"""Nodes that write a file."""
