"""Hostile TensorFlow files: graphs whose operators write, read or call Python, wherever such an operator can hide.

Inert: what they would write is the line `modelwarden`, below /tmp.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import tensorflow as tf
from tensorflow.core.framework import attr_value_pb2, graph_pb2, node_def_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.tools import flatbuffer_utils

from tests.corpus import benign_tensorflow as harmless

v1 = tf.compat.v1
VECTOR = harmless.VECTOR
TARGET = "/tmp/modelwarden.txt"
LINE = "modelwarden"


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    for rule, technique, model in _modules():
        for name, data in harmless.saved(technique, model):
            if name.endswith("saved_model.pb"):
                yield f"{rule}/saved-model-{name}", data
    for rule, technique, graph in _graphs():
        yield f"{rule}/graph-{technique}/frozen_graph.pb", graph.SerializeToString()
    yield from _texts()
    yield from _meta_graphs()
    yield from _merged()
    yield from _lite()
    yield from _keras_metadata()


class Writes(tf.Module):
    """Writes in the function that is called."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        tf.io.write_file(TARGET, LINE)
        return rows * 2.0


class WritesWithin(tf.Module):
    """Writes in a function that another function calls."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        return self.first(rows)

    @harmless.compiled()
    def first(self, rows: Any) -> Any:
        return self.second(rows)

    @harmless.compiled()
    def second(self, rows: Any) -> Any:
        tf.io.write_file(TARGET, LINE)
        return rows * 2.0


class WritesInBranch(tf.Module):
    """Writes in a branch that is seldom taken."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        if tf.reduce_sum(rows) > 1.0e9:
            tf.io.write_file(TARGET, LINE)
        return rows * 2.0


class PrintsToFile(tf.Module):
    """Prints into a file."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        tf.print(LINE, output_stream=f"file://{TARGET}")
        return rows * 2.0


class SavesElsewhere(tf.Module):
    """Saves a checkpoint at a path of its own."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        tf.raw_ops.SaveV2(
            prefix=tf.identity(TARGET), tensor_names=["a"], shape_and_slices=[""], tensors=[rows]
        )
        return rows * 2.0


class Reads(tf.Module):
    """Reads a file that it names."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        return rows, tf.io.read_file("/etc/hostname")


class ReadsWhatItIsTold(tf.Module):
    """Reads whatever file the caller names."""

    @harmless.compiled(tf.TensorSpec([], tf.string))
    def __call__(self, name: Any) -> Any:
        return tf.io.read_file(name)


class Lists(tf.Module):
    """Lists files."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        return rows, tf.io.matching_files("/home/*/.ssh/*")


class ReadsLines(tf.Module):
    """Reads a file as a data set."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        lines = tf.raw_ops.TextLineDataset(filenames=["/etc/hostname"], compression_type="", buffer_size=0)
        return rows, tf.raw_ops.DatasetCardinality(input_dataset=lines)


class CallsPython(tf.Module):
    """Calls Python."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        return tf.numpy_function(lambda values: values, [rows], tf.float32)


class CallsPythonWithin(tf.Module):
    """Calls Python in a function that another function calls."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        return self.within(rows)

    @harmless.compiled()
    def within(self, rows: Any) -> Any:
        return tf.py_function(lambda values: values, [rows], tf.float32)


class CallsPythonStateless(tf.Module):
    """Calls Python without its being an effect."""

    @harmless.compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        return tf.numpy_function(lambda values: values, [rows], tf.float32, stateful=False)


def _modules() -> Iterator[tuple[str, str, Any]]:
    for name, module in (
        ("write-file", Writes()),
        ("write-in-nested-function", WritesWithin()),
        ("write-in-branch", WritesInBranch()),
        ("print-to-file", PrintsToFile()),
        ("save-elsewhere", SavesElsewhere()),
    ):
        yield "file-write-operator", name, module
    for name, reading in (
        ("read-file", Reads()),
        ("read-what-the-caller-names", ReadsWhatItIsTold()),
        ("matching-files", Lists()),
        ("text-line-dataset", ReadsLines()),
    ):
        yield "file-read-operator", name, reading
    for name, calling in (
        ("numpy-function", CallsPython()),
        ("py-function-in-nested-function", CallsPythonWithin()),
        ("stateless", CallsPythonStateless()),
    ):
        yield "python-operator", name, calling


def node(graph: Any, op: str, name: str, *inputs: str) -> Any:
    """A new node of a GraphDef."""
    return graph.node.add(name=name, op=op, input=inputs)


def constant(graph: Any, name: str, value: Any) -> None:
    """A new constant of a GraphDef."""
    added = node(graph, "Const", name)
    tensor = tf.make_tensor_proto(value)
    added.attr["dtype"].type = tensor.dtype
    added.attr["value"].tensor.CopyFrom(tensor)


def writing() -> Any:
    """A GraphDef that writes a file."""
    graph = graph_pb2.GraphDef()
    constant(graph, "where", TARGET)
    constant(graph, "what", LINE)
    node(graph, "WriteFile", "softmax", "where", "what")
    return graph


def _graphs() -> Iterator[tuple[str, str, Any]]:
    yield "file-write-operator", "write-file", writing()
    yield "file-write-operator", "write-in-library", harmless.frozen(WritesWithin())
    yield "file-write-operator", "print-to-file", harmless.frozen(PrintsToFile())
    carrier = graph_pb2.GraphDef()
    constant(carrier, "graph", writing().SerializeToString())
    node(carrier, "DatasetFromGraph", "dataset", "graph")
    yield "file-write-operator", "graph-in-constant", carrier
    segment = graph_pb2.GraphDef()
    engine = node(segment, "TRTEngineOp", "engine")
    engine.attr["serialized_segment"].s = writing().SerializeToString()
    yield "file-write-operator", "graph-in-engine", segment
    shadowed = writing()
    shadowed.library.function.add().signature.name = "WriteFile"
    yield "file-write-operator", "function-of-the-same-name", shadowed
    dumping = harmless.frozen(harmless.Dense())
    dumped = node(dumping, "DebugIdentityV2", "copy", dumping.node[0].name)
    dumped.attr["debug_urls"].list.s.append(b"file:///tmp/modelwarden")
    yield "file-write-operator", "debug-identity", dumping
    mapped = graph_pb2.GraphDef()
    region = node(mapped, "ImmutableConst", "weights")
    region.attr["memory_region_name"].s = b"/etc/hostname"
    region.attr["dtype"].type = tf.uint8.as_datatype_enum
    yield "file-read-operator", "immutable-const", mapped
    yield "file-read-operator", "read-file", harmless.frozen(Reads())
    yield "python-operator", "py-func", harmless.frozen(CallsPython())
    custom = harmless.frozen(harmless.Dense())
    node(custom, "AcmeDecrypt", "decrypt", custom.node[0].name)
    yield "custom-operator", "unknown-operator", custom


def _texts() -> Iterator[tuple[str, bytes]]:
    yield "file-write-operator/text-graph/graph.pbtxt", str(writing()).encode()
    written = str(harmless.frozen(WritesWithin()))
    yield "file-write-operator/text-library/graph.pbtxt", written.encode()
    disguised = str(writing()).replace(
        'op: "WriteFile"',
        r"""op : 'Wr' # a comment
    "\151te" '\x46ile' """,
    )
    yield "file-write-operator/text-escapes/graph.pbtxt", disguised.encode()
    angles = str(writing()).replace("node {", "node <", 3).replace("\n}\n", "\n>\n")
    yield "file-write-operator/text-angle-brackets/graph.pbtxt", angles.encode()
    yield "python-operator/text-graph/graph.pbtxt", str(harmless.frozen(CallsPython())).encode()


def _meta_graphs() -> Iterator[tuple[str, bytes]]:
    with tf.Graph().as_default():
        rows = v1.placeholder(tf.float32, [None, 3])
        v1.get_variable("weights", [3, 1])
        tf.io.write_file(TARGET, LINE)
        tf.identity(rows)
        yield "file-write-operator/meta-graph/model.meta", v1.train.export_meta_graph().SerializeToString()
    with tf.Graph().as_default():
        rows = v1.placeholder(tf.float32, [None, 3])
        v1.py_func(lambda values: values, [rows], tf.float32)
        yield "python-operator/meta-graph/model.meta", v1.train.export_meta_graph().SerializeToString()


def _merged() -> Iterator[tuple[str, bytes]]:
    """What protobuf's parsers take and a reader of fixed order does not."""
    clean = dict(harmless.saved("", harmless.NamedLikeAttack()))["/saved_model.pb"]
    second = saved_model_pb2.SavedModel()
    second.meta_graphs.add().graph_def.CopyFrom(writing())
    yield "file-write-operator/saved-model-appended/saved_model.pb", clean + second.SerializeToString()
    unknown = b"\xfa\x3e\x03abc"
    yield (
        "file-write-operator/saved-model-unknown-field-first/saved_model.pb",
        unknown + second.SerializeToString(),
    )
    bare = meta_graph_pb2.MetaGraphDef()
    bare.graph_def.CopyFrom(writing())
    yield "file-write-operator/saved-model-cut-off/saved_model.pb", second.SerializeToString()[:-3]
    yield "file-write-operator/meta-graph-without-information/model.meta", bare.SerializeToString()
    asset = saved_model_pb2.SavedModel.FromString(clean)
    asset.meta_graphs[0].asset_file_def.add(filename="../../../../etc/passwd").tensor_info.name = "asset:0"
    yield "external-reference/saved-model-asset/saved_model.pb", asset.SerializeToString()


def flex(name: str, node_def: Any, code: str = "") -> bytes:
    """A TensorFlow Lite model with one Flex operator, which carries its name and a NodeDef."""
    model: Any = flatbuffer_utils.read_model_from_bytearray(
        bytearray(harmless.convert(harmless.Replaces(), flex=True))
    )
    entry = next(entry for entry in model.operatorCodes if entry.customCode)
    entry.customCode = (code or f"Flex{name}").encode()
    for operator in model.subgraphs[0].operators:
        if model.operatorCodes[operator.opcodeIndex] is entry:
            operator.customOptions = list(_flex_vector(name.encode(), node_def.SerializeToString()))
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def _flex_vector(*texts: bytes) -> bytes:
    """A FlexBuffer: an untyped vector of texts, its numbers four bytes wide."""
    data = b""
    places = []
    for text in texts:
        data += b"\0" * (-len(data) % 4) + len(text).to_bytes(4, "little")
        places.append(len(data))
        data += text + b"\0"
    data += b"\0" * (-len(data) % 4) + len(texts).to_bytes(4, "little")
    vector = len(data)
    for number, place in enumerate(places):
        data += (vector + 4 * number - place).to_bytes(4, "little")
    data += bytes([5 << 2 | 2]) * len(texts)
    data += b"\0" * (-len(data) % 4)
    return data + (len(data) - vector).to_bytes(4, "little") + bytes([10 << 2 | 2, 4])


def _lite() -> Iterator[tuple[str, bytes]]:
    write, read, call = (
        node_def_pb2.NodeDef(name="node", op=op) for op in ("WriteFile", "ReadFile", "PyFunc")
    )
    yield "file-write-operator/lite-flex/model.tflite", flex("WriteFile", write)
    yield "file-write-operator/lite-flex-hidden/model.tflite", flex("WriteFile", write, "FlexRelu")
    yield "file-write-operator/lite-flex-node/model.tflite", flex("Relu", write, "FlexRelu")
    printing = node_def_pb2.NodeDef(name="print", op="PrintV2")
    printing.attr["output_stream"].CopyFrom(attr_value_pb2.AttrValue(s=f"file://{TARGET}".encode()))
    yield "file-write-operator/lite-flex-print/model.tflite", flex("PrintV2", printing)
    yield "file-read-operator/lite-flex/model.tflite", flex("ReadFile", read)
    yield "python-operator/lite-flex/model.tflite", flex("PyFunc", call)
    dense = harmless.convert(harmless.Dense())
    yield "custom-operator/lite/model.tflite", harmless.with_custom_code(dense, "AcmeDecrypt")
    newer: Any = flatbuffer_utils.read_model_from_bytearray(bytearray(dense))
    newer.operatorCodes[0].builtinCode = schema.BuiltinOperator.CUSTOM
    newer.operatorCodes[0].deprecatedBuiltinCode = 0
    newer.operatorCodes[0].customCode = b"FlexWriteFile"
    yield (
        "file-write-operator/lite-flex-new-code/model.tflite",
        bytes(flatbuffer_utils.convert_object_to_bytearray(newer)),
    )
    packed = io.BytesIO(flex("WriteFile", write))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("labels.txt", "cat\ndog\n")
    yield "file-write-operator/lite-flex-with-labels/model.tflite", packed.getvalue()


def _keras_metadata() -> Iterator[tuple[str, bytes]]:
    """A Lambda layer, in `keras_metadata.pb` and in the object graph, where Keras kept it before."""
    import base64
    import marshal

    code = compile("lambda x: __import__('os').system('echo modelwarden')", "model.py", "eval").co_consts[0]
    text = base64.b64encode(marshal.dumps(code)).decode()
    config: dict[str, Any] = {"name": "lambda", "function": [text, None, None], "output_shape": None}
    config |= {"function_type": "lambda", "module": "__main__", "arguments": {}}
    layer = {"name": "lambda", "class_name": "Lambda", "config": config}
    written = json.dumps(layer)
    yield (
        "lambda-dangerous/keras-metadata/keras_metadata.pb",
        harmless.keras_metadata(harmless.DENSE, written),
    )
    model = saved_model_pb2.SavedModel()
    model.meta_graphs.add().graph_def.CopyFrom(harmless.frozen(harmless.Dense()))
    user = model.meta_graphs[0].object_graph_def.nodes.add().user_object
    user.identifier = "_tf_keras_layer"
    user.metadata = written
    yield "lambda-dangerous/saved-model-object-graph/saved_model.pb", model.SerializeToString()
