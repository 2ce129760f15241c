"""GGUF and its forerunners written by hand, so that every field can lie."""

import struct
from collections.abc import Iterable, Sequence

ALIGNMENT = 32
STRING, ARRAY, UINT32, UINT64 = 8, 9, 4, 10
TEMPLATE = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] }}{% endfor %}"


class Writer:
    """Fields in one order of bytes; `wide` is the width of counts, 4 in version 1."""

    def __init__(self, order: str = "<", wide: int = 8) -> None:
        self.order = order
        self.count_code = "Q" if wide == 8 else "I"

    def u32(self, value: int) -> bytes:
        return struct.pack(f"{self.order}I", value)

    def u64(self, value: int) -> bytes:
        return struct.pack(f"{self.order}Q", value)

    def count(self, value: int) -> bytes:
        return struct.pack(self.order + self.count_code, value)

    def text(self, value: str | bytes) -> bytes:
        data = value if isinstance(value, bytes) else value.encode()
        return self.count(len(data)) + data

    def string(self, key: str, value: str) -> bytes:
        return self.text(key) + self.u32(STRING) + self.text(value)

    def number(self, key: str, value: int) -> bytes:
        return self.text(key) + self.u32(UINT32) + self.u32(value)

    def strings(self, key: str, values: Sequence[str]) -> bytes:
        head = self.text(key) + self.u32(ARRAY) + self.u32(STRING) + self.count(len(values))
        return head + b"".join(map(self.text, values))

    def tensor(self, name: str, dimensions: Sequence[int], kind: int, begin: int) -> bytes:
        sizes = b"".join(map(self.count, dimensions))
        return self.text(name) + self.u32(len(dimensions)) + sizes + self.u32(kind) + self.u64(begin)

    def file(
        self,
        pairs: Sequence[bytes],
        tensors: Sequence[bytes] = (),
        data: bytes = b"",
        version: int = 3,
        alignment: int = ALIGNMENT,
        counts: tuple[int, int] | None = None,
    ) -> bytes:
        """A whole file; `counts` of tensors and keys other than the true ones make it lie."""
        said = counts or (len(tensors), len(pairs))
        head = b"GGUF" + self.u32(version) + self.count(said[0]) + self.count(said[1])
        head += b"".join(pairs) + b"".join(tensors)
        return head + bytes(-len(head) % alignment) + data


LE = Writer()
NAME = LE.string("general.name", "tiny")


def model(*pairs: bytes, tail: bytes = b"") -> bytes:
    """Two tensors, a name, and whatever keys are given."""
    tensors = [LE.tensor("a", [4, 2], 0, 0), LE.tensor("b", [32], 2, 32)]
    return LE.file([NAME, *pairs], tensors, bytes(64) + tail)


def with_template(text: str, key: str = "tokenizer.chat_template") -> bytes:
    """A model with a chat template."""
    return model(LE.string(key, text))


def ggml(
    magic: bytes, version: int | None, words: Iterable[bytes], tensors: bytes, numbers: int = 7
) -> bytes:
    """A file of llama.cpp before GGUF. GGMF and GGJT have a score behind each word."""
    listed = list(words)
    head = magic + (b"" if version is None else struct.pack("<I", version))
    head += struct.pack(f"<{numbers}I", len(listed), *[2] * (numbers - 1))
    score = b"" if magic == b"lmgg" else struct.pack("<f", 0.0)
    return head + b"".join(struct.pack("<I", len(word)) + word + score for word in listed) + tensors


def ggml_tensor(
    name: bytes, dimensions: Sequence[int], kind: int, data: bytes, at: int | None = None
) -> bytes:
    """A tensor; `at` is where it will begin when its numbers are aligned."""
    head = struct.pack(f"<3I{len(dimensions)}I", len(dimensions), len(name), kind, *dimensions) + name
    return head + (b"" if at is None else bytes(-(at + len(head)) % 32)) + data
