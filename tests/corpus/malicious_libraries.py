"""Hostile samples made by the libraries themselves from an object whose `__reduce__` names a command (an echo).

The folder is the rule that must fire; runs in the environment of `requirements.txt`. Saving such an object runs nothing.
"""

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import cloudpickle
import joblib
import torch

from tests.corpus.malicious_assembled import archive


class Echo:
    """Pickles as a call of os.system."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("echo modelwarden sample",)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    torch.manual_seed(7)
    weights = torch.nn.Linear(3, 2).state_dict()
    poisoned = {**weights, "callback": Echo()}
    zipped = _torch(poisoned)
    legacy = _torch(poisoned, _use_new_zipfile_serialization=False)
    yield "dangerous-call/torch-checkpoint.pt", zipped
    yield "dangerous-call/torch-checkpoint-protocol-5.bin", _torch(poisoned, pickle_protocol=5)
    yield "dangerous-call/torch-legacy.pt", legacy
    yield "dangerous-call/torch-in-archive.zip", archive([("run-1/model.pt", zipped)])
    yield "dangerous-call/joblib.joblib", _joblib({"labels": ["cat"], "callback": Echo()})
    yield "dangerous-import/torch-function-kept.pt", _torch({**weights, "callback": os.system})
    yield "code-object/cloudpickle-function.pkl", cloudpickle.dumps(_greet())
    yield "unknown-call/torch-factory.pt", _torch({**weights, "net": _Factory()})
    yield "format-mismatch/torch-checkpoint.onnx", zipped
    yield "polyglot/torch-legacy-with-archive.pt", legacy + archive([("labels.txt", b"cat")])
    yield "header-disagreement/torch-wrong-checksum.pt", _wrong_checksum(zipped)
    yield "duplicate-member/torch-second-pickle.pt", _second_pickle(zipped)
    yield "malformed/torch-cut-off.pt", zipped[: len(zipped) // 2]


class _Factory:
    """Pickles as a call of a function nobody vouches for."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[()]]:
        return torch.seed, ()


def _greet() -> Callable[[], int]:
    """A poisoned callback as if defined in a notebook: cloudpickle ships its code, and no path of this machine."""
    space: dict[str, Any] = {"__name__": "__main__", "os": os}
    exec(
        compile("def greet():\n    return os.system('echo modelwarden sample')\n", "notebook", "exec"), space
    )
    greet: Callable[[], int] = space["greet"]
    return greet


def _torch(value: object, **options: object) -> bytes:
    target = io.BytesIO()
    torch.save(value, target, **options)
    return target.getvalue()


def _joblib(value: object) -> bytes:
    target = io.BytesIO()
    joblib.dump(value, target)
    return target.getvalue()


def _wrong_checksum(data: bytes) -> bytes:
    """The checksum of the first central directory entry (`data.pkl`) is changed, nothing else."""
    place = data.index(b"PK\1\2") + 16
    return data[:place] + bytes(byte ^ 0xFF for byte in data[place : place + 4]) + data[place + 4 :]


def _second_pickle(data: bytes) -> bytes:
    """A second `data.pkl` with other content, first in the directory: readers differ on which one they take."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = [(name, source.read(name)) for name in source.namelist()]
    name = members[0][0]
    return archive([(name, b"\x80\x02}."), *members])
