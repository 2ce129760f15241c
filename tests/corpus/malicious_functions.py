"""Functions and classes shipped by value, as cloudpickle and dill write them; most would run an echo. None is called."""

import builtins
import functools
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import cloudpickle
import dill

from tests.corpus import assembler as asm

FOLDER = "code-object"
BY_VALUE = "function-by-value"
"""Harmless code of its own: still code that nobody has reviewed."""


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    for label, value in _values().items():
        yield f"{FOLDER}/cloudpickle/{label}.pkl", cloudpickle.dumps(value)
        yield f"{FOLDER}/dill/{label}.pkl", dill.dumps(value, recurse=True)
    function = _in_main(_shell)
    for protocol in range(2, 6):
        yield f"{FOLDER}/cloudpickle/protocol-{protocol}.pkl", cloudpickle.dumps(function, protocol)
        yield f"{FOLDER}/dill/protocol-{protocol}.pkl", dill.dumps(function, protocol, recurse=True)
    yield (
        f"{FOLDER}/cloudpickle/in-a-model.pkl",
        cloudpickle.dumps({"weights": [1.0, 2.0], "score": function}),
    )
    yield (
        f"{FOLDER}/dill/in-a-model.pkl",
        dill.dumps({"weights": [1.0, 2.0], "score": function}, recurse=True),
    )
    keeps = _in_main(_default)
    yield "dangerous-import/by-value/cloudpickle-default-argument.pkl", cloudpickle.dumps(keeps)
    yield "dangerous-import/by-value/dill-default-argument.pkl", dill.dumps(keeps, recurse=True)
    yield f"{FOLDER}/dill/code-object.pkl", dill.dumps(_shell.__code__)
    yield f"{FOLDER}/cloudpickle/code-object.pkl", cloudpickle.dumps(_shell.__code__)
    for label, value in _harmless_values().items():
        yield f"{BY_VALUE}/cloudpickle/{label}.pkl", cloudpickle.dumps(value)
        yield f"{BY_VALUE}/dill/{label}.pkl", dill.dumps(value, recurse=True)
    inner = cloudpickle.dumps(function)
    called = asm.program(asm.call(inner[2:-1] if inner[2:3] != b"\x95" else inner[11:-1]))
    yield f"{FOLDER}/cloudpickle/called-at-once.pkl", called


def _values() -> dict[str, Any]:
    message = "echo modelwarden sample"

    class Model:
        """A class that runs something when it is used."""

        def predict(self, rows: list[float]) -> int:
            return os.system("echo modelwarden sample")

    Model.__module__ = "__main__"
    Model.__qualname__ = "Model"
    return {
        "shell": _in_main(_shell),
        "popen": _in_main(_popen),
        "import-inside": _in_main(_import_inside),
        "import-by-name": _in_main(_import_by_name),
        "evaluate": _in_main(_evaluate),
        "generator": _in_main(_generator),
        "inner-function": _in_main(_inner),
        "network": _in_main(_network),
        "write": _in_main(_write),
        "lambda": _in_main(lambda: os.system("echo modelwarden sample")),
        "closure": _in_main(lambda: os.system(message)),
        "partial-of-lambda": functools.partial(_in_main(lambda text: os.system(f"{text} again")), message),
        "class": Model,
    }


def _harmless_values() -> dict[str, Any]:
    factor = 2.0

    class Scale:
        """A class that only computes."""

        def predict(self, rows: list[float]) -> list[float]:
            return [2.0 * row for row in rows]

    Scale.__module__ = "__main__"
    Scale.__qualname__ = "Scale"
    return {
        "lambda": _in_main(lambda row: row + 1),
        "closure": _in_main(lambda row: row * factor),
        "mean": _in_main(_mean),
        "class": Scale,
        "in-a-model": {"weights": [1.0, 2.0], "score": _in_main(_mean)},
    }


def _mean(rows: list[float]) -> float:
    return sum(rows) / max(len(rows), 1)


def _in_main(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as if defined in a notebook, where its code is shipped."""
    function.__module__ = "__main__"
    function.__qualname__ = function.__name__
    return function


def _shell() -> int:
    return os.system("echo modelwarden sample")


def _popen() -> object:
    return subprocess.Popen(["echo", "modelwarden"])


def _import_inside() -> int:
    import posix

    return posix.system("echo modelwarden sample")


def _import_by_name() -> int:
    return int(__import__("os").system("echo modelwarden sample"))


def _evaluate() -> object:
    return builtins.eval("1+1")


def _default(run: Callable[[str], int] = os.system) -> int:
    return run("echo modelwarden sample")


def _generator() -> Iterator[int]:
    yield os.system("echo modelwarden sample")


def _inner() -> int:
    def run() -> int:
        return os.system("echo modelwarden sample")

    return run()


def _network() -> object:
    import urllib.request

    return urllib.request.urlopen("http://127.0.0.1:9/modelwarden")


def _write() -> object:
    with open("modelwarden-sample.txt", "w") as file:
        return file.write("sample")
