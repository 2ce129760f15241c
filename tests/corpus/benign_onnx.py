"""Harmless ONNX models as onnx, onnxscript and skl2onnx write them. Needs `requirements.txt`."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxscript import FLOAT, script
from onnxscript import opset18 as op

_VALUE = helper.make_tensor_value_info
_OPSETS = [helper.make_opsetid("", 18)]


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    for name, model in (
        ("identity", _model([helper.make_node("Identity", ["x"], ["y"])])),
        ("linear", _model([helper.make_node("Mul", ["x", "w"], ["y"])], [_tensor("w")])),
        ("if-loop-and-scan", _control_flow()),
        ("function", _function()),
        ("sparse-initializer", _sparse()),
        ("training", _training()),
        ("texts-that-look-dangerous", _texts()),
        ("known-custom-domains", _domains()),
    ):
        yield f"onnx/{name}.onnx", model.SerializeToString()
    identity = _model([helper.make_node("Identity", ["x"], ["y"])]).SerializeToString()
    yield "onnx/without-a-suffix", identity
    yield "onnx/named-bin.bin", identity
    yield from _beside()
    yield "onnx/onnxscript.onnx", _scripted()
    yield from _converted()


def _tensor(name: str) -> TensorProto:
    return numpy_helper.from_array(np.arange(4, dtype=np.float32), name)


def _model(
    nodes: list[onnx.NodeProto], tensors: list[TensorProto] | None = None, **more: object
) -> onnx.ModelProto:
    one = [_VALUE("x", TensorProto.FLOAT, [4])]
    graph = helper.make_graph(nodes, "g", one, [_VALUE("y", TensorProto.FLOAT, [4])], tensors or [])
    return helper.make_model(graph, opset_imports=_OPSETS, ir_version=8, producer_name="modelwarden", **more)


def _control_flow() -> onnx.ModelProto:
    out = [_VALUE("z", TensorProto.FLOAT, [4])]
    branch = helper.make_graph(
        [helper.make_node("Constant", [], ["z"], value=_tensor("c"))], "branch", [], out
    )
    body = helper.make_graph(
        [helper.make_node("Identity", ["cond"], ["more"]), helper.make_node("Identity", ["s"], ["z"])],
        "body",
        [
            _VALUE("i", TensorProto.INT64, []),
            _VALUE("cond", TensorProto.BOOL, []),
            _VALUE("s", TensorProto.FLOAT, [4]),
        ],
        [_VALUE("more", TensorProto.BOOL, []), *out],
    )
    scan = helper.make_graph(
        [helper.make_node("Add", ["a", "b"], ["z"])], "scan",
        [_VALUE("a", TensorProto.FLOAT, []), _VALUE("b", TensorProto.FLOAT, [])], [_VALUE("z", TensorProto.FLOAT, [])],
    )  # fmt: skip
    nodes = [
        helper.make_node("If", ["c"], ["p"], then_branch=branch, else_branch=branch),
        helper.make_node("Loop", ["n", "c", "p"], ["q"], body=body),
        helper.make_node("Scan", ["s0", "q"], ["y"], body=scan, num_scan_inputs=1),
    ]
    return _model(
        nodes, [numpy_helper.from_array(np.array(True), "c"), numpy_helper.from_array(np.array(3), "n")]
    )


def _function() -> onnx.ModelProto:
    function = helper.make_function(
        "custom", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], _OPSETS
    )
    return _model([helper.make_node("Twice", ["x"], ["y"], domain="custom")], functions=[function])


def _sparse() -> onnx.ModelProto:
    model = _model([helper.make_node("Mul", ["x", "w"], ["y"])])
    indices = numpy_helper.from_array(np.array([0, 3]), "w_indices")
    model.graph.sparse_initializer.append(
        helper.make_sparse_tensor(numpy_helper.from_array(np.ones(2, np.float32), "w"), indices, [4])
    )
    return model


def _training() -> onnx.ModelProto:
    model = _model([helper.make_node("Mul", ["x", "w"], ["y"])], [_tensor("w")])
    one = helper.make_graph(
        [helper.make_node("Identity", ["w"], ["w2"])], "t", [], [_VALUE("w2", TensorProto.FLOAT, [4])]
    )
    model.training_info.append(helper.make_training_info(one, [("w", "w2")], one, [("w", "w2")]))
    return model


def _texts() -> onnx.ModelProto:
    """Words that must not be taken for what they spell: only operators and locations count."""
    model = _model([helper.make_node("Identity", ["x"], ["y"], name="PyOp", doc_string="os.system('echo')")])
    helper.set_model_props(model, {"location": "../../etc/passwd", "classes": "eval,exec,PyFunc"})
    model.doc_string = "import os; os.system('echo modelwarden')"
    words = numpy_helper.from_array(
        np.array([b"../../etc/passwd", b"PythonOp", b"/bin/sh"], dtype=object), "words"
    )
    model.graph.initializer.append(words)
    return model


def _domains() -> onnx.ModelProto:
    nodes = [
        helper.make_node("FusedMatMul", ["x", "x"], ["m"], domain="com.microsoft"),
        helper.make_node("Scaler", ["m"], ["y"], domain="ai.onnx.ml", offset=[0.0], scale=[1.0]),
    ]
    model = _model(nodes)
    model.opset_import.extend([helper.make_opsetid("com.microsoft", 1), helper.make_opsetid("ai.onnx.ml", 3)])
    return model


def _beside() -> Iterator[tuple[str, bytes]]:
    """Models whose numbers stand in safetensors files beside them, as onnx-safetensors writes them."""
    from safetensors.numpy import save

    numbers: dict[str, Any] = {name: np.arange(512, dtype=np.float32) for name in ("w", "v")}
    nodes = [helper.make_node("Mul", ["x", "w"], ["p"]), helper.make_node("Mul", ["p", "v"], ["y"])]
    for folder, locations in (
        ("one-file-for-all", {"w": "part..0.safetensors", "v": "part..0.safetensors"}),
        ("one-file-per-tensor", {"w": "./w.safetensors", "v": "v.safetensors"}),
    ):
        outside = [_outside(name, location) for name, location in locations.items()]
        yield f"onnx/{folder}/model.onnx", _model(nodes, outside).SerializeToString()
        for location in dict.fromkeys(locations.values()):
            held = {name: numbers[name] for name in numbers if locations[name] == location}
            yield f"onnx/{folder}/{location.removeprefix('./')}", save(held)
    inside = _model([helper.make_node("Constant", [], ["y"], value=_outside("w", "data/w.safetensors"))])
    yield "onnx/in-an-attribute/model.onnx", inside.SerializeToString()
    yield "onnx/in-an-attribute/data/w.safetensors", save({"w": numbers["w"]})
    # What versions before 1.10 leave behind when they load such a model and save it whole.
    loaded = numpy_helper.from_array(numbers["w"], "w")
    loaded.external_data.add(key="location", value="gone.bin")
    loaded.data_location = TensorProto.DEFAULT
    yield "onnx/loaded-again.onnx", _model(nodes[:1], [loaded]).SerializeToString()


def _outside(name: str, location: str) -> TensorProto:
    tensor = TensorProto(
        name=name, dims=[512], data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL
    )
    for key, value in (("location", location), ("offset", "80"), ("length", "2048")):
        tensor.external_data.add(key=key, value=value)
    return tensor


def _scripted() -> bytes:
    @script()
    def clipped(x: FLOAT[4]) -> FLOAT[4]:
        limit = op.Constant(value_float=6.0)
        return op.Min(op.Relu(x), limit)

    data: bytes = clipped.to_model_proto().SerializeToString()
    return data


def _converted() -> Iterator[tuple[str, bytes]]:
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import StringTensorType
    from sklearn.datasets import load_iris
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, y = load_iris(return_X_y=True)
    x = x.astype(np.float32)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y)
    yield "onnx/skl2onnx-pipeline.onnx", to_onnx(pipeline, x[:1]).SerializeToString()
    forest = RandomForestClassifier(5, random_state=0).fit(x, y)
    yield "onnx/skl2onnx-forest.onnx", to_onnx(forest, x[:1]).SerializeToString()
    words = TfidfVectorizer().fit(["import os system", "eval exec popen", "curl http example"])
    text = to_onnx(words, initial_types=[("text", StringTensorType([None, 1]))])
    yield "onnx/skl2onnx-words.onnx", text.SerializeToString()
