"""MessagePack as Flax writes it, by hand."""

import struct


def text(value: str) -> bytes:
    data = value.encode()
    return (
        bytes((0xA0 | len(data),)) + data if len(data) < 32 else b"\xda" + struct.pack(">H", len(data)) + data
    )


def blob(data: bytes) -> bytes:
    return b"\xc6" + struct.pack(">I", len(data)) + data


def table(**entries: bytes) -> bytes:
    return (
        b"\xde"
        + struct.pack(">H", len(entries))
        + b"".join(text(key) + value for key, value in entries.items())
    )


def extension(code: int, data: bytes) -> bytes:
    return b"\xc9" + struct.pack(">Ib", len(data), code) + data


def array(
    data: bytes, dtype: str = "uint8", shape: tuple[int, ...] | None = None, rest: bytes = b""
) -> bytes:
    sizes = (len(data),) if shape is None else shape
    shaped = bytes((0x90 | len(sizes),)) + b"".join(b"\xce" + struct.pack(">I", size) for size in sizes)
    return extension(1, b"\x93" + shaped + text(dtype) + blob(data) + rest)


KERNEL = array(struct.pack("<6f", *range(6)), "float32", (2, 3))


def checkpoint(**more: bytes) -> bytes:
    """A layer, and what is to stand beside it."""
    return table(params=table(Dense_0=table(kernel=KERNEL)), **more)
