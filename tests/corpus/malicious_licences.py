"""Models whose headers state a licence with duties. Nothing in them is hostile; the folder's name is the rule they show."""

import json
import struct
from collections.abc import Iterator

from tests.corpus.gguf_bytes import Writer
from tests.corpus.malicious_onnx import block, node, number


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of path below `malicious/` and file content."""
    folder = "licence-obligation"
    writer = Writer()
    for technique, licence in (("gguf-agpl", "agpl-3.0"), ("gguf-llama", "llama3.1")):
        pairs = [writer.string("general.architecture", "llama"), writer.string("general.license", licence)]
        yield f"{folder}/{technique}/model.gguf", writer.file(pairs)
    yield f"{folder}/safetensors-non-commercial/model.safetensors", _safetensors("license", "cc-by-nc-4.0")
    yield (
        f"{folder}/safetensors-modelspec/model.safetensors",
        _safetensors("modelspec.license", "CreativeML Open RAIL-M"),
    )
    graph = block(7, node("Identity"), block(2, "g"))
    entry = block(14, block(1, "license"), block(2, "GPL-3.0-only"))
    yield f"{folder}/onnx-gpl/model.onnx", number(1, 8) + graph + entry
    configuration = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "license": "mrl"}
    yield f"{folder}/configuration-research-only/config.json", json.dumps(configuration, indent=2).encode()


def _safetensors(key: str, licence: str) -> bytes:
    tensor = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
    header = json.dumps({"__metadata__": {key: licence}, "w": tensor}).encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + struct.pack("<2f", 0.5, 1.5)
