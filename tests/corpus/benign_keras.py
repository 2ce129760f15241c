"""Harmless samples: models of Keras 3 and of Keras 2 (tf_keras) as they save themselves, and HDF5 files of other libraries."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pickle
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy
import tf_keras
from keras import layers

WORDS = ["os.system", "eval(", "__import__", "lambda x: exec(x)", "rm -rf /", "subprocess.Popen", "import os", "/etc/passwd",
    "http://example.org/vocab.txt", "pickle.loads", "__lambda__", "Lambda", "class_name", "marshal"]  # fmt: skip


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    keras.utils.set_random_seed(7)
    with warnings.catch_warnings(action="ignore"), tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, build in _MODELS.items():
            model = build(keras)
            yield f"keras/keras3/{name}.keras", _saved(place / f"{name}.keras", model.save)
            if name not in ("attention", "custom-class", "image-preprocessing"):
                yield f"keras/keras3/{name}.h5", _saved(place / f"{name}.h5", model.save)
            yield f"keras/keras3/{name}.json", model.to_json().encode()
            yield f"keras/keras3/{name}.weights.h5", _saved(place / f"{name}.weights.h5", model.save_weights)
        for name in ("sequential", "functional", "nested", "recurrent", "compiled", "layer-named-lambda"):
            model = _MODELS[name](tf_keras)
            yield f"keras/keras2/{name}.keras", _saved(place / f"{name}-2.keras", model.save)
            yield f"keras/keras2/{name}.h5", _saved(place / f"{name}-2.h5", model.save)
            yield f"keras/keras2/{name}.json", model.to_json().encode()
            yield (
                f"keras/keras2/{name}-weights.hdf5",
                _saved(place / f"{name}-2.weights.h5", model.save_weights),
            )
        operations = _operations()
        yield "keras/keras2/operations.h5", _saved(place / "operations.h5", operations.save)
        yield from _other(place)


def _saved(path: Path, save: Callable[[str], object]) -> bytes:
    save(str(path))
    return path.read_bytes()


def _sequential(api: Any) -> Any:
    return api.Sequential(
        [api.layers.Input((8, 8, 1)), api.layers.Conv2D(2, 3, activation="relu"), api.layers.MaxPooling2D(),
         api.layers.BatchNormalization(), api.layers.Flatten(), api.layers.Dropout(0.5), api.layers.Dense(2, "softmax")]
    )  # fmt: skip


def _functional(api: Any) -> Any:
    left, right = api.Input((4,), name="left"), api.Input((4,), name="right")
    joined = api.layers.Concatenate()([api.layers.Dense(3)(left), api.layers.Dense(3)(right)])
    return api.Model([left, right], api.layers.Dense(1, name="score")(joined))


def _nested(api: Any) -> Any:
    inner = _sequential(api)
    middle = api.Sequential([api.layers.Input((8, 8, 1)), inner])
    given = api.Input((3, 8, 8, 1))
    return api.Model(given, api.layers.TimeDistributed(middle)(given))


def _recurrent(api: Any) -> Any:
    return api.Sequential(
        [api.layers.Input((5,)), api.layers.Embedding(9, 3), api.layers.Bidirectional(api.layers.LSTM(2, return_sequences=True)),
         api.layers.GRU(2), api.layers.Dense(1, kernel_initializer=api.initializers.HeNormal(),
            kernel_regularizer=api.regularizers.l2(0.01), kernel_constraint=api.constraints.MaxNorm(2))]
    )  # fmt: skip


def _attention(api: Any) -> Any:
    given = api.Input((4, 6))
    attended = api.layers.MultiHeadAttention(2, 3)(given, given)
    normed = api.layers.LayerNormalization()(given + attended)
    return api.Model(given, keras.ops.mean(api.layers.Dense(2, "gelu")(normed), axis=1))


def _compiled(api: Any) -> Any:
    model = api.Sequential([api.layers.Input((4,)), api.layers.Dense(1)])
    schedule = api.optimizers.schedules.ExponentialDecay(0.01, 100, 0.9)
    model.compile(
        api.optimizers.Adam(schedule),
        loss=api.losses.Huber(),
        metrics=["mae", api.metrics.RootMeanSquaredError()],
    )
    model.fit(numpy.zeros((2, 4)), numpy.zeros((2, 1)), verbose=0)
    return model


def _compiled_by_name(api: Any) -> Any:
    model = api.Sequential([api.layers.Input((4,)), api.layers.Dense(2, "softmax")])
    model.compile("sgd", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def _named_lambda(api: Any) -> Any:
    return api.Sequential(
        [api.layers.Input((4,)), api.layers.Dense(2, name="lambda"), api.layers.Dense(2, name="Lambda"),
         api.layers.Dense(1, name="exec_os_system")],
        name="lambda_model",
    )  # fmt: skip


def _vocabulary(api: Any) -> Any:
    given = api.Input((1,), dtype="string")
    looked_up = api.layers.StringLookup(vocabulary=WORDS)(given)
    return api.Model(
        given,
        [looked_up, api.layers.TextVectorization(vocabulary=[*WORDS, "plain"], standardize=None)(given)],
    )


def _preprocessing(api: Any) -> Any:
    return api.Sequential(
        [api.layers.Input((8, 8, 3)), api.layers.Rescaling(1 / 255), api.layers.RandomFlip(), api.layers.RandomRotation(0.1),
         api.layers.Normalization(mean=0.0, variance=1.0), api.layers.GlobalAveragePooling2D()]
    )  # fmt: skip


@keras.saving.register_keras_serializable(package="acme")
class Scaled(layers.Layer):
    """A layer of one's own."""

    def __init__(self, factor: float = 2.0, **settings: Any) -> None:
        super().__init__(**settings)
        self.factor = factor

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


@keras.saving.register_keras_serializable(package="acme")
def shifted(values: Any) -> Any:
    """An activation of one's own."""
    return values + 1


def _custom(api: Any) -> Any:
    return api.Sequential([api.layers.Input((4,)), Scaled(3.0), api.layers.Dense(1, activation=shifted)])


_MODELS: dict[str, Callable[[Any], Any]] = {
    "sequential": _sequential, "functional": _functional, "nested": _nested, "recurrent": _recurrent, "attention": _attention,
    "compiled": _compiled, "compiled-by-name": _compiled_by_name, "layer-named-lambda": _named_lambda,
    "vocabulary-of-code": _vocabulary, "image-preprocessing": _preprocessing, "custom-class": _custom,
}  # fmt: skip


def _operations() -> Any:
    """Operations of TensorFlow as layers, which Keras 2 names in the configuration."""
    import tensorflow

    given = tf_keras.Input((4,))
    return tf_keras.Model(given, tensorflow.reduce_mean(tensorflow.nn.relu(given * 2.0 + 1.0)[:, 1:], axis=1))


def _other(place: Path) -> Iterator[tuple[str, bytes]]:
    import pandas

    frame = pandas.DataFrame({"count": range(len(WORDS)), "share": 0.5})
    path = place / "fixed.h5"
    frame.to_hdf(str(path), key="frame", format="fixed")
    yield "hdf5/pandas-fixed.h5", path.read_bytes()
    yield "hdf5/annotated.h5ad", _hdf5(place / "a", _annotated)
    yield (
        "hdf5/matlab.mat",
        _hdf5(place / "m", _matlab, b"MATLAB 7.3 MAT-file, Platform: GLNXA64", userblock_size=512),
    )
    yield "hdf5/links.h5", _hdf5(place / "l", _links)
    yield "hdf5/latest.hdf5", _hdf5(place / "v", _annotated, libver="latest")
    yield "hdf5/no-suffix", _hdf5(place / "n", _annotated)


def _hdf5(path: Path, fill: Callable[[Any], None], block: bytes = b"", **settings: Any) -> bytes:
    with h5py.File(path, "w", **settings) as file:
        fill(file)
    data = path.read_bytes()
    return block.ljust(settings.get("userblock_size", 0), b" ") + data[settings.get("userblock_size", 0) :]


def _annotated(file: Any) -> None:
    file.attrs["encoding-type"] = "anndata"
    file.attrs["encoding-version"] = "0.1.0"
    file.create_dataset("X", data=numpy.eye(5), chunks=True, compression="gzip")
    group = file.create_group("obs")
    group.attrs["column-order"] = ["cell", "os.system"]
    group.create_dataset("cell", data=WORDS, dtype=h5py.string_dtype())
    group["cell"].attrs["note"] = numpy.bytes_(b"This ends in a full stop.")
    group["cell"].attrs["none"] = h5py.Empty("f8")
    kinds = h5py.enum_dtype({"a": 0, "b": 1}, basetype="i1")
    group.create_dataset("kind", data=numpy.zeros(3, "i1"), dtype=kinds)
    group.attrs["uns"] = numpy.bytes_(pickle.dumps({"epoch": 3}, 0))
    group.attrs["blob"] = numpy.void(b"\x80\x04K\x01.")


def _matlab(file: Any) -> None:
    data = file.create_dataset("x", data=numpy.arange(4.0))
    data.attrs["MATLAB_class"] = numpy.bytes_(b"double")


def _links(file: Any) -> None:
    group = file.create_group("group")
    group["again"] = file["/"]
    group["soft"] = h5py.SoftLink("/group/again")
    group["dangling"] = h5py.SoftLink("/nowhere")
    file.create_dataset("data", data=numpy.arange(3))
    file["same"] = file["data"]
    file.create_dataset("reference", data=group.ref, dtype=h5py.ref_dtype)
