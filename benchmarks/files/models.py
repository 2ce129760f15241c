"""Models of other formats. HDF5 is written by h5py, everything else by hand, after the published schemas."""

import json
import random
import struct
import zipfile
from pathlib import Path

import h5py
import numpy as np

from benchmarks.files.protobuf import field

_SPARSE = 20 * 10**9
_BLOCK = 1 << 20


def keras_h5(path: Path, layers: int = 200, units: int = 350) -> None:
    """A Keras model in HDF5 as `model.save("….h5")` lays it out: 200 dense layers, 100 MB."""
    weights = np.random.default_rng(4)
    config = {
        "name": "sequential",
        "layers": [
            {
                "module": "keras.layers",
                "class_name": "Dense",
                "config": {
                    "name": f"dense_{number}",
                    "trainable": True,
                    "units": units,
                    "activation": "relu",
                },
                "registered_name": None,
                "build_config": {"input_shape": [None, units]},
            }
            for number in range(layers)
        ],
    }
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"], file.attrs["backend"] = "3.8.0", "tensorflow"
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config})
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [f"dense_{number}".encode() for number in range(layers)]
        for number in range(layers):
            layer = group.create_group(f"dense_{number}")
            layer.attrs["weight_names"] = [f"dense_{number}/kernel".encode(), f"dense_{number}/bias".encode()]
            layer[f"dense_{number}/kernel"] = weights.random((units, units), np.float32)
            layer[f"dense_{number}/bias"] = np.zeros(units, np.float32)


def saved_model(directory: Path, nodes: int = 50_000) -> None:
    """A TensorFlow SavedModel whose graph has 50,000 nodes (`saved_model.proto`, `graph.proto`, `node_def.proto`)."""
    (directory / "variables").mkdir(parents=True)
    kind = field(5, field(1, "T") + field(2, field(6, 1)))
    graph = bytearray()
    for number in range(nodes):
        operator = ("Const", "MatMul", "AddV2", "Relu", "Identity")[number % 5]
        name = f"model/dense_{number // 5}/{operator}"
        inputs = b"".join(
            field(3, f"model/dense_{(number - back) // 5}/Relu") for back in (5, 6) if number > back
        )
        shape = field(5, field(1, "_output_shapes") + field(2, field(1, field(7, field(2, field(1, 128))))))
        graph += field(1, field(1, name) + field(2, operator) + inputs + kind + shape)
    meta = field(1, field(4, "serve") + field(5, "2.21.0")) + field(
        2, bytes(graph) + field(4, field(1, 1_994))
    )
    (directory / "saved_model.pb").write_bytes(field(1, 1) + field(2, meta))


def onnx_external(directory: Path, tensors: int = 50, size: int = 10_000_000) -> None:
    """An ONNX model of 50 tensors whose 500 MB lie in a file beside it (`onnx.proto`)."""
    directory.mkdir()
    elements = size // 4
    graph = bytearray()
    for number in range(tensors):
        source = f"x{number}" if number else "input"
        graph += field(
            1, field(1, source) + field(1, f"w{number}") + field(2, f"x{number + 1}") + field(4, "Mul")
        )
    graph += field(2, "main")
    for number in range(tensors):
        place = {"location": "weights.bin", "offset": str(number * size), "length": str(size)}
        entries = b"".join(field(13, field(1, key) + field(2, value)) for key, value in place.items())
        graph += field(5, field(1, elements) + field(2, 1) + field(8, f"w{number}") + entries + field(14, 1))
    shape = field(1, field(1, 1) + field(2, field(1, field(1, elements))))
    graph += field(11, field(1, "input") + field(2, shape)) + field(
        12, field(1, f"x{tensors}") + field(2, shape)
    )
    model = field(1, 9) + field(2, "bench") + field(7, bytes(graph)) + field(8, field(2, 17))
    (directory / "model.onnx").write_bytes(model)
    block = random.Random(5).randbytes(_BLOCK)
    with (directory / "weights.bin").open("wb") as out:
        for _ in range(tensors * size // _BLOCK + 1):
            out.write(block)
        out.truncate(tensors * size)


def safetensors(path: Path, size: int = _SPARSE, tensors: int = 200) -> None:
    """A safetensors file of 20 GB, without using the disk."""
    each = size // tensors // 4 * 4
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    for number in range(tensors):
        place = [number * each, (number + 1) * each]
        header[f"layers.{number}.weight"] = {"dtype": "F32", "shape": [each // 4], "data_offsets": place}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        out.truncate(8 + len(text) + tensors * each)


def gguf(path: Path, size: int = _SPARSE, tensors: int = 200) -> None:
    """A GGUF file of 20 GB with a vocabulary of 32,000 tokens, without using the disk."""

    def text(value: str) -> bytes:
        data = value.encode()
        return struct.pack("<Q", len(data)) + data

    tokens = struct.pack("<IQ", 8, 32_000) + b"".join(text(f"▁token{number}") for number in range(32_000))
    template = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] }}{% endfor %}"
    values = {
        "general.architecture": struct.pack("<I", 8) + text("llama"),
        "general.alignment": struct.pack("<II", 4, 32),
        "tokenizer.ggml.tokens": struct.pack("<I", 9) + tokens,
        "tokenizer.chat_template": struct.pack("<I", 8) + text(template),
    }
    elements = size // tensors // 4 // 32 * 32
    head = b"GGUF" + struct.pack("<IQQ", 3, tensors, len(values))
    head += b"".join(text(key) + value for key, value in values.items())
    for number in range(tensors):
        head += text(f"blk.{number}.weight") + struct.pack("<IQIQ", 1, elements, 0, number * elements * 4)
    head += bytes(-len(head) % 32)
    with path.open("wb") as out:
        out.write(head)
        out.truncate(len(head) + tensors * elements * 4)


def archive(path: Path, members: int = 5_000) -> None:
    """A ZIP archive of 5,000 members: texts, arrays and pickles."""
    import pickle

    weights = np.random.default_rng(6)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for number in range(members):
            match number % 5:
                case 0:
                    out.writestr(f"models/{number}.pkl", pickle.dumps({"id": number, "values": [0.5] * 20}))
                case 1:
                    out.writestr(f"configurations/{number}.json", json.dumps({"id": number, "rate": 0.1}))
                case 2:
                    out.writestr(f"data/{number}.bin", weights.bytes(2_000))
                case _:
                    out.writestr(f"notes/{number}.txt", f"experiment {number}\n" * 30)
