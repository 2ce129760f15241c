"""Writes `harmless_keras.py`, the names that the configuration of an ordinary Keras model may hold.

    python scripts/list_harmless_keras.py scanner/modelwarden/policies/tables

Run it with an interpreter that has keras, tf_keras and tensorflow. Names are exact; those of tf_keras are listed as keras, which
is how they are written in files. What downloads, loads, saves, trains or calls what it is given is left out.
"""

import importlib
import inspect
import re
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from list_harmless_classes import render_rows, risk_of_function, walk  # type: ignore[import-not-found]  # it lies beside this

PUBLIC = (
    "activations constraints dtype_policies initializers layers losses metrics models ops optimizers "
    "optimizers.schedules optimizers.legacy optimizers.experimental quantizers random regularizers backend preprocessing.image "
    "layers.experimental layers.experimental.preprocessing mixed_precision experimental utils"
).split()
NAMED_FUNCTIONS = ("activations", "losses", "metrics", "initializers", "regularizers", "constraints")
"""Modules of which Keras finds a function by its name alone."""
ONLY = {"utils": {"FeatureSpace", "CustomObjectScope"}, "models": {"Model", "Sequential", "Functional"}}
WITHOUT = {"Lambda", "get", "deserialize", "serialize", "clear_session", "load_img", "save_img", "get_file"}
OPERATIONS = "bitwise image linalg math nn quantization ragged random sets signal sparse strings".split()
FORMER = (
    "ActivityRegularization AtrousConvolution1D AtrousConvolution2D AlphaDropout BatchNormalizationV1 BatchNormalizationV2 "
    "Convolution1D Convolution2D Convolution3D CuDNNGRU CuDNNLSTM Deconvolution2D Functional GlorotNormal GlorotUniform HeNormal "
    "HeUniform Highway InputLayer LecunNormal LecunUniform LossScaleOptimizer LossScaleOptimizerV3 MaxoutDense Merge Model "
    "NormalizationV2 RandomNormalV2 Sequential SeparableConvolution2D SlicingOpLambda TFOpLambda TFSMLayer ClassMethod "
    "InstanceMethod InstanceProperty TensorFlowOpLayer ThresholdedReLU TimeDistributedDense TrackableWeightHandler "
    "TruncatedNormalV2 VarianceScalingV2 Zeros Ones Constant Policy PolicyV1 Padding DTypePolicy Cropping2D L1L2 L1 L2 "
    "Attention AdditiveAttention RNN SimpleRNNCell GRUCell LSTMCell StackedRNNCells Bidirectional TimeDistributed Wrapper"
).split()
OPERATORS = (
    "abs add and divide eq floordiv ge getitem gt invert le logical_not lt matmul mod mul multiply ne neg or pow radd rand "
    "rfloordiv rmatmul rmod rmul ror rpow rsub rtruediv rxor sub truediv xor"
).split()

SKIPPED = re.compile(
    r"\.(tests?|testing|testing_infra|datasets|applications|backend|callbacks|export|trainers|wrappers|distribute)\b|_test$"
)
UNSAFE_OPERATION = re.compile(
    r"py_function|numpy_function|print|load|save|write|read|file|function$|gradient|device|session|init_scope|Assert|assert|"
    r"py_|custom|map_fn|while_loop|cond$|case$|switch_case|scan$|fold[lr]$|vectorized_map|recompute|variable_creator"
)


def is_harmless(value: object) -> bool:
    """Whether it is a class that Keras restores, or a function that only computes."""
    if inspect.isclass(value):
        return hasattr(value, "get_config") and hasattr(value, "from_config")
    return callable(value) and not inspect.ismodule(value) and not risk_of_function(value)


def public(top: str) -> Iterator[tuple[str, str, object]]:
    """Module below the top, name and value of everything the library shows."""
    for below in PUBLIC:
        try:
            module = importlib.import_module(f"{top}.{below}")
        except ImportError:
            continue
        for name, value in vars(module).items():
            wanted = ONLY.get(below)
            if name.startswith("_") or name in WITHOUT or (wanted is not None and name not in wanted):
                continue
            if not isinstance(value, ModuleType) and is_harmless(value):
                yield below, name, value


def private(top: str) -> Iterator[tuple[str, str]]:
    """Classes that Keras restores, where they are defined."""
    for module in walk(f"{top}.src", SKIPPED):
        for name, value in vars(module).items():
            is_own = inspect.isclass(value) and (value.__module__, value.__name__) == (module.__name__, name)
            if is_own and name not in WITHOUT and is_harmless(value):
                yield module.__name__, name


def operations() -> Iterator[tuple[str, str]]:
    """Operations of TensorFlow that a layer may be made of."""
    for below in ("", *OPERATIONS):
        module = importlib.import_module(f"tensorflow.{below}".rstrip("."))
        for name, value in vars(module).items():
            if name.startswith("_") or isinstance(value, ModuleType) or inspect.isclass(value):
                continue
            if callable(value) and not UNSAFE_OPERATION.search(name) and not risk_of_function(value):
                yield module.__name__.rpartition("tensorflow")[1] + (f".{below}" if below else ""), name


def main() -> int:
    warnings.simplefilter("ignore")
    found: dict[str, set[str]] = defaultdict(set)
    for top in ("keras", "tf_keras"):
        for below, name, value in public(top):
            found[f"keras.{below}"].add(name)
            if inspect.isclass(value) or (below in NAMED_FUNCTIONS and inspect.isfunction(value)):
                found["keras"].add(name)
        for module, name in private(top):
            place = module.replace("tf_keras.", "keras.", 1)
            found[place].add(name)
            found["keras"].add(name)
            if top == "tf_keras":  # before Keras 2.13 without `src`
                found[place.replace("keras.src.", "keras.", 1)].add(name)
    found["keras"].update(FORMER)
    found["keras.models"].update(ONLY["models"])
    found["keras"] -= WITHOUT
    for module, name in operations():
        found[module].add(name)
    found["tensorflow.__operators__"].update(OPERATORS)
    what = "Layers, losses, optimizers and the like of Keras, and operations of TensorFlow, that a model's configuration names"
    origin = ", ".join(f"{name} {version(name)}" for name in ("keras", "tf_keras", "tensorflow"))
    count = sum(map(len, found.values()))
    text = (
        f'"""{what}.\n\nGenerated by `scripts/list_harmless_keras.py` from {origin}: {count} names.\n"""\n\n'
        "from modelwarden.policies.tables.harmless_rows import Harmless\n\n"
        f'TABLE = Harmless(\n    reason="{what}",\n    names={{}},\n    instances={{\n{render_rows(found)}\n    }},\n)\n'
    )
    (Path(sys.argv[1]) / "harmless_keras.py").write_text(text, encoding="utf-8")
    print(f"{count} names of {len(found)} modules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
