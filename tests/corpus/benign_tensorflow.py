"""Harmless TensorFlow files: SavedModels with functions, tables and assets, frozen graphs, checkpoints, TensorFlow Lite models.

Half of them look hostile to whoever searches for words: nodes, functions and constants called WriteFile or PyFunc.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.tools import flatbuffer_utils

v1 = tf.compat.v1
LARGEST = 64 << 10
VECTOR = tf.TensorSpec([None, 3], tf.float32)
TEXT = tf.TensorSpec([None], tf.string)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    for name, data in _all():
        if len(data) <= LARGEST and not name.endswith(("fingerprint.pb", ".txt")):
            yield f"tensorflow/{name}", data


def _all() -> Iterator[tuple[str, bytes]]:
    for name, model in (
        ("dense", Dense()),
        ("nested-functions", Nested()),
        ("table-with-asset", Vocabulary()),
        ("node-named-write-file", NamedLikeAttack()),
        ("constant-quotes-operators", QuotesOperators()),
        ("function-named-py-func", FunctionNamedPyFunc()),
        ("prints-to-stderr", Prints()),
        ("branches", Branches()),
    ):
        yield from saved(f"saved-model/{name}", model)
    yield from _keras()
    yield from _as_text()
    yield from _frozen()
    yield from _version_1()
    yield from _checkpoint()
    yield from _lite()
    yield "keras-metadata/dense/keras_metadata.pb", keras_metadata(DENSE)


def compiled(*signature: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a graph of a function, for arguments like these."""
    decorator: Callable[[Callable[..., Any]], Callable[..., Any]] = tf.function(
        input_signature=list(signature) or None
    )
    return decorator


class Dense(tf.Module):
    """A matrix and its product."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = tf.Variable(tf.ones([3, 2]))

    @compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        return tf.matmul(rows, self.weights)


class Nested(Dense):
    """Functions that call functions."""

    @compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        return self.twice(rows)

    @compiled()
    def twice(self, rows: Any) -> Any:
        return self.once(rows) + self.once(rows)

    @compiled()
    def once(self, rows: Any) -> Any:
        return tf.nn.relu(tf.matmul(rows, self.weights))


class Vocabulary(tf.Module):
    """A lookup table that reads its words from an asset: every text model has one."""

    def __init__(self) -> None:
        super().__init__()
        path = Path(tempfile.mkdtemp()) / "vocabulary.txt"
        path.write_text("WriteFile\nPyFunc\nos.system\n__import__\n", encoding="utf-8")
        self.asset = tf.saved_model.Asset(str(path))
        text, number = tf.lookup.TextFileIndex.WHOLE_LINE, tf.lookup.TextFileIndex.LINE_NUMBER
        initializer = tf.lookup.TextFileInitializer(self.asset, tf.string, text, tf.int64, number)
        self.table = tf.lookup.StaticHashTable(initializer, -1)

    @compiled(TEXT)
    def __call__(self, words: Any) -> Any:
        return self.table.lookup(words)


class NamedLikeAttack(tf.Module):
    """Nodes that bear the names of operators."""

    @compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        weights = tf.constant([[1.0], [2.0], [3.0]], name="ReadFile")
        return tf.matmul(tf.identity(rows, name="PyFunc"), weights, name="WriteFile")


class QuotesOperators(tf.Module):
    """Constants that hold the names of operators, and paths that nothing opens."""

    @compiled(TEXT)
    def __call__(self, words: Any) -> Any:
        suffix = tf.constant(["WriteFile", "PyFunc", "file:///etc/passwd", "__import__('os').system('id')"])
        return tf.strings.join([words, tf.strings.reduce_join(suffix)], separator="EagerPyFunc")


class FunctionNamedPyFunc(tf.Module):
    """A function whose name holds that of an operator."""

    @compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        return self.WriteFile(rows)

    @compiled()
    def WriteFile(self, rows: Any) -> Any:  # noqa: N802
        return rows * 2.0


class Prints(tf.Module):
    """Prints to where everybody prints."""

    @compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        tf.print("rows", rows)
        tf.debugging.assert_greater(tf.reduce_sum(rows), -1.0e9)
        return rows + 1.0


class Branches(tf.Module):
    """Conditions and loops, whose bodies are functions."""

    @compiled(VECTOR)
    def __call__(self, rows: Any) -> Any:
        if tf.reduce_sum(rows) > 0.0:
            rows = -rows
        for _ in tf.range(3):
            rows = rows * 0.5
        return rows


def saved(name: str, model: Any) -> Iterator[tuple[str, bytes]]:
    """The files of a module's SavedModel."""
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(model, folder)
        yield from below(name, folder)


def below(name: str, folder: str) -> Iterator[tuple[str, bytes]]:
    """Every file in a folder."""
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            yield f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def frozen(module: Any) -> Any:
    """The graph of a module's call, as a GraphDef."""
    return module.__call__.get_concrete_function().graph.as_graph_def()


def _keras() -> Iterator[tuple[str, bytes]]:
    layers = tf.keras.layers
    model = tf.keras.Sequential([tf.keras.Input([4]), layers.Dense(3, activation="relu"), layers.Dense(1)])
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, verbose=False)
        yield from below("saved-model/keras-export", folder)


def _as_text() -> Iterator[tuple[str, bytes]]:
    from google.protobuf import text_format

    for name, module in (("nested", Nested()), ("node-named-write-file", NamedLikeAttack())):
        yield f"text/{name}/graph.pbtxt", str(frozen(module)).encode()
    quoting = frozen(QuotesOperators())
    yield "text/constant-quotes-operators/graph.pbtxt", str(quoting).encode()
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(NamedLikeAttack(), folder)
        model = saved_model_pb2.SavedModel.FromString((Path(folder) / "saved_model.pb").read_bytes())
        yield "text/saved-model/saved_model.pbtxt", text_format.MessageToString(model).encode()
    one_line = text_format.MessageToString(frozen(Nested()), as_one_line=True)
    yield "text/one-line/graph.pbtxt", f"# a graph in one line\n{one_line}".encode()


def _frozen() -> Iterator[tuple[str, bytes]]:
    for name, module in (
        ("nested", Nested()),
        ("node-named-write-file", NamedLikeAttack()),
        ("constant-quotes-operators", QuotesOperators()),
        ("function-named-py-func", FunctionNamedPyFunc()),
        ("branches", Branches()),
        ("prints-to-stderr", Prints()),
    ):
        yield f"graph/{name}/frozen_graph.pb", frozen(module).SerializeToString()


def _version_1() -> Iterator[tuple[str, bytes]]:
    """A training graph of TensorFlow 1: variables, a loss, its gradients, summaries, a saver, a vocabulary."""
    with tempfile.TemporaryDirectory() as folder, tf.Graph().as_default(), v1.Session() as session:
        rows = v1.placeholder(tf.float32, [None, 2], name="rows")
        weights = v1.get_variable("weights", [2, 1])
        loss = tf.reduce_mean(tf.matmul(rows, weights))
        v1.summary.scalar("loss", loss)
        v1.summary.merge_all()
        v1.train.AdamOptimizer().minimize(loss)
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, f"{folder}/model.ckpt")
        yield from below("checkpoint/version-1", folder)
    with tempfile.TemporaryDirectory() as folder, tf.Graph().as_default(), v1.Session() as session:
        vocabulary = Path(folder) / "words.txt"
        vocabulary.write_text("a\nb\n", encoding="utf-8")
        words = v1.placeholder(tf.string, [None])
        initializer = tf.lookup.TextFileInitializer(str(vocabulary), tf.string, 0, tf.int64, 1, delimiter=" ")
        table = tf.lookup.StaticHashTable(initializer, -1)
        table.lookup(words)
        v1.add_to_collection(v1.GraphKeys.ASSET_FILEPATHS, session.graph.get_tensor_by_name("Const:0"))
        meta = v1.train.export_meta_graph(clear_extraneous_savers=True)
        yield "meta-graph/vocabulary/model.meta", meta.SerializeToString()


def _checkpoint() -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = tf.train.Checkpoint(model=Dense(), step=tf.Variable(7))
        tf.train.CheckpointManager(checkpoint, folder, max_to_keep=2).save()
        yield from below("checkpoint/version-2", folder)


def convert(module: Any, *, flex: bool = False, quantise: bool = False) -> bytes:
    """A module's call as a TensorFlow Lite model."""
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [module.__call__.get_concrete_function()], module
    )
    if flex:
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    if quantise:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    data: bytes = converter.convert()
    return data


def with_custom_code(data: bytes, code: str) -> bytes:
    """The model with its first operator turned into a custom one."""
    model: Any = flatbuffer_utils.read_model_from_bytearray(bytearray(data))
    first = model.operatorCodes[0]
    first.builtinCode = first.deprecatedBuiltinCode = schema.BuiltinOperator.CUSTOM
    first.customCode = code.encode()
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def _lite() -> Iterator[tuple[str, bytes]]:
    dense = convert(Dense())
    yield "lite/dense.tflite", dense
    yield "lite/nested.tflite", convert(Nested())
    yield "lite/branches.tflite", convert(Branches())
    yield "lite/quantised.tflite", convert(Wide(), quantise=True)
    yield "lite/tensor-named-flex-write-file.tflite", convert(NamedLikeFlex())
    yield "lite/flex.tflite", convert(Replaces(), flex=True)
    yield "lite/detection-post-process.tflite", with_custom_code(dense, "TFLite_Detection_PostProcess")
    packed = io.BytesIO(dense)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("labels.txt", "cat\ndog\nWriteFile\n")
    yield "lite/with-labels.tflite", packed.getvalue()
    model: Any = flatbuffer_utils.read_model_from_bytearray(bytearray(dense))
    model.description = b"FlexWriteFile FlexPyFunc __import__('os').system('id')"
    yield (
        "lite/description-quotes-operators.tflite",
        bytes(flatbuffer_utils.convert_object_to_bytearray(model)),
    )


class Wide(tf.Module):
    """Large enough to be quantised."""

    @compiled(tf.TensorSpec([1, 64], tf.float32))
    def __call__(self, rows: Any) -> Any:
        return tf.matmul(rows, tf.reshape(tf.linspace(-1.0, 1.0, 64 * 64), [64, 64]))


class NamedLikeFlex(tf.Module):
    """Tensors that bear the names of Flex operators."""

    @compiled(tf.TensorSpec([None, 3], tf.float32, name="FlexWriteFile"))
    def __call__(self, rows: Any) -> Any:
        return tf.nn.relu(rows, name="FlexPyFunc")


class Replaces(tf.Module):
    """Needs a kernel of TensorFlow's, which computes."""

    @compiled(TEXT)
    def __call__(self, rows: Any) -> Any:
        return tf.strings.regex_replace(rows, "a", "b")


DENSE = json.dumps(
    {
        "name": "WriteFile",
        "trainable": True,
        "dtype": "float32",
        "class_name": "Dense",
        "config": {
            "name": "lambda",
            "trainable": True,
            "dtype": "float32",
            "units": 1,
            "activation": "linear",
        },
        "build_input_shape": [None, 3],
    }
)


def keras_metadata(*configurations: str) -> bytes:
    """A SavedMetadata message, as Keras 2 wrote it (`keras/protobuf/saved_metadata.proto`)."""
    nodes = b""
    for number, text in enumerate(configurations):
        node = (
            b"\x10"
            + bytes([number])
            + _bytes(3, b"root")
            + _bytes(4, b"_tf_keras_layer")
            + _bytes(5, text.encode())
        )
        nodes += _bytes(1, node + _bytes(6, b"\x08\x02\x10\x01"))
    return nodes


def _bytes(number: int, payload: bytes) -> bytes:
    length = len(payload)
    written = b""
    while length >= 0x80:
        written += bytes([length & 0x7F | 0x80])
        length >>= 7
    return bytes([number << 3 | 2]) + written + bytes([length]) + payload
