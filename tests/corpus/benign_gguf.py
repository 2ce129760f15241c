"""GGUF by the `gguf` package, its forerunners and a llamafile by hand, safetensors, and templates.

The templates are our own, written in the manner of those that come with models.
"""

import json
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from safetensors.numpy import save

from tests.corpus.gguf_bytes import Writer, ggml, ggml_tensor, with_template
from tests.corpus.malicious_gguf import llamafile
from tests.corpus.programs import elf, pe
from tests.corpus.templates import CHATS, OTHERS

F32, F16, Q4_0, Q8_0 = 0, 1, 2, 8


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _gguf(Path(folder) / "model.gguf")
    yield from _old_gguf()
    yield from _ggml()
    yield "llamafile/model.llamafile", llamafile(pe(), with_template(CHATS["chatml"]))
    yield "llamafile/model-elf.llamafile", llamafile(elf(), with_template(CHATS["tools"]))
    for name, text in CHATS.items():
        yield f"jinja/{name}/chat_template.jinja", text.encode()
    for name, text in OTHERS.items():
        yield f"jinja/{name}", text.encode()
    yield from _safetensors()


def _gguf(path: Path) -> Iterator[tuple[str, bytes]]:
    for name, order in (("little", gguf.GGUFEndian.LITTLE), ("big", gguf.GGUFEndian.BIG)):
        yield f"gguf/{name}-endian.gguf", _written(gguf.GGUFWriter(path, "llama", endianess=order), path)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_custom_alignment(256)
    yield "gguf/alignment-256.gguf", _written(writer, path)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_chat_template([{"name": name, "template": text} for name, text in CHATS.items()])
    yield "gguf/many-templates.gguf", _written(writer, path)
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_token_list([f"word{index}" for index in range(2000)] + ["__class__", "os.system", "\x7fELF"])
    yield "gguf/vocabulary-only.gguf", _written(writer, path, tensors=False)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_uint16("split.no", 0)
    writer.add_uint16("split.count", 3)
    writer.add_int32("split.tensors.count", 9)
    yield "gguf/model-00001-of-00003.gguf", _written(writer, path)
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("empty", [])
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_description("Runs os.system? No: {{ this }} is no template.")
    yield "gguf/values-of-every-type.gguf", _written(writer, path)


def _written(writer: gguf.GGUFWriter, path: Path, *, tensors: bool = True) -> bytes:
    writer.add_name("tiny")
    writer.add_string("general.base_model.0.name", "Tiny")
    if tensors:
        writer.add_tensor("norm", np.ones(7, np.float32))
        writer.add_tensor("half", np.ones((3, 32), np.float16))
        writer.add_tensor("quantised", np.zeros((4, 36), np.uint8), raw_dtype=gguf.GGMLQuantizationType.Q4_0)
        writer.add_tensor("k", np.zeros((2, 210), np.uint8), raw_dtype=gguf.GGMLQuantizationType.Q6_K)
        writer.add_tensor("mx", np.zeros((2, 17), np.uint8), raw_dtype=gguf.GGMLQuantizationType.MXFP4)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


def _old_gguf() -> Iterator[tuple[str, bytes]]:
    for version, wide in ((1, 4), (2, 8)):
        writer = Writer(wide=wide)
        pairs = [writer.string("general.name", "tiny"), writer.strings("tokenizer.ggml.tokens", ["a", "b"])]
        data = bytes(64)
        tensors = [writer.tensor("a", [8], F32, 0), writer.tensor("b", [32], Q8_0, 32)]
        yield f"gguf/version-{version}.gguf", writer.file(pairs, tensors, data + bytes(2), version=version)


def _ggml() -> Iterator[tuple[str, bytes]]:
    words = [b"<unk>", b"a", b" the", "über".encode()]
    plain = ggml_tensor(b"norm", [8], F32, bytes(32)) + ggml_tensor(b"w", [32, 2], 2, bytes(40))
    yield "ggml/llama-unversioned.bin", ggml(b"lmgg", None, words, plain)
    yield "ggml/ggmf.bin", ggml(b"fmgg", 1, words, plain)
    for version in (1, 2, 3):
        head = ggml(b"tjgg", version, words, b"")
        first = ggml_tensor(b"norm", [8], F32, bytes(32), len(head))
        size = 18 if version == 3 else 20
        second = ggml_tensor(b"w", [32, 2], 2, bytes(2 * size), len(head) + len(first))
        yield f"ggml/ggjt-{version}.bin", head + first + second
    adapter = b"algg" + struct.pack("<3I", 1, 8, 16)
    yield "ggml/ggla-adapter.bin", adapter + ggml_tensor(b"w.loraA", [4, 8], F32, bytes(128), len(adapter))
    gpt2 = struct.pack("<6I", 3, 8, 4, 2, 1, 1) + struct.pack("<I", 3)
    gpt2 += b"".join(struct.pack("<I", len(word)) + word for word in (b"a", b"b", b"<|endoftext|>"))
    yield "ggml/gpt-2.bin", b"lmgg" + gpt2 + ggml_tensor(b"wte", [4, 3], F16, bytes(24))
    whisper = struct.pack("<11I", 2, 8, 4, 1, 1, 8, 4, 1, 1, 4, 1) + struct.pack("<2I", 4, 3) + bytes(48)
    whisper += struct.pack("<I", 2) + b"".join(struct.pack("<I", 1) + word for word in (b"a", b"b"))
    yield "ggml/whisper.bin", b"lmgg" + whisper + ggml_tensor(b"conv", [3, 4, 2], F16, bytes(48))


def _safetensors() -> Iterator[tuple[str, bytes]]:
    weights: dict[str, np.ndarray[Any, Any]] = {
        "a": np.ones((2, 3), np.float32),
        "b": np.zeros(0, np.int64),
        "c": np.arange(3, dtype=np.uint8),
    }
    yield (
        "safetensors/with-metadata.safetensors",
        save(
            weights,
            metadata={
                "format": "pt",
                "modelspec.title": "tiny",
                "ss_tag_frequency": json.dumps({"img": {"1girl": 3, "{{braces}}": 1}}),
                "chat_template": CHATS["chatml"],
                "note": "<script>alert(1)</script> __class__",
            },
        ),
    )
    small = {
        "F8_E4M3": 8,
        "F8_E5M2": 8,
        "F8_E8M0": 8,
        "F4": 4,
        "F6_E2M3": 6,
        "F6_E3M2": 6,
        "BF16": 16,
        "BOOL": 8,
    }
    header, place = {}, 0
    for dtype, bits in small.items():
        header[dtype] = {"dtype": dtype, "shape": [8], "data_offsets": [place, place + bits]}
        place += bits
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    yield "safetensors/new-dtypes.safetensors", len(text).to_bytes(8, "little") + text + bytes(place)
