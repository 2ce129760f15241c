"""Harmless samples of NumPy and joblib: every kind of array and scalar, in pickles, in .npy and .npz, under every compression."""

import io
import pickle
import struct
import warnings
from collections.abc import Iterator
from typing import Any

import joblib
import numpy

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    with warnings.catch_warnings(
        action="ignore"
    ):  # matrices are going away, and are what files in the wild hold
        for name, value in _values().items():
            for protocol in PROTOCOLS:
                yield f"numpy/{name}-protocol-{protocol}.pkl", pickle.dumps(value, protocol)
        yield from _arrays()
        yield from _joblib()
        yield from _noise()


def _values() -> dict[str, Any]:
    record = numpy.dtype([("id", "<i4"), ("pos", "<f8", (2,)), ("label", "U4")])
    return {
        "structured": numpy.zeros(2, dtype=record),
        "record-array": numpy.array([(1, "a"), (2, "b")], dtype=[("x", "<i4"), ("y", "U1")]).view(numpy.recarray),
        "void-scalar": numpy.zeros(1, dtype=record)[0],
        "masked": numpy.ma.masked_array([[1.0, 2.0]], mask=[[True, False]], fill_value=0),
        "masked-structured": numpy.ma.zeros(2, dtype=record),
        "masked-constant": numpy.ma.masked,
        "matrix": numpy.matrix([[1, 2]]),
        "objects": numpy.array([{"a": 1}, "os.system", None, numpy.arange(2)], dtype=object),
        "character-array": numpy.char.array(["eval", "exec"]),
        "zero-dimensional": numpy.array(1.5),
        "empty": numpy.zeros((0, 3)),
        "big-endian": numpy.arange(3, dtype=">f4"),
        "fortran": numpy.asfortranarray(numpy.eye(2)),
        "strided": numpy.arange(10)[::2],
        "bytes": numpy.array([b"\x80\x04.", b"cos\nsystem"]),
        "times": numpy.array(["2020-01-01", "NaT"], dtype="datetime64[ns]"),
        "spans": numpy.array([1, 2], dtype="timedelta64[h]"),
        "scalars": [kind(1) for kind in (numpy.int8, numpy.uint16, numpy.int64, numpy.float16, numpy.float32, numpy.float64,
                                         numpy.longdouble, numpy.complex64, numpy.complex128, numpy.bool_)],
        "text-scalars": [numpy.str_("os"), numpy.bytes_(b"os"), numpy.datetime64("2020-01-01"), numpy.timedelta64(1, "D")],
        "dtypes": [numpy.dtype(text) for text in ("f2", "i8", ">i4", "U5", "S3", "V4", "O", "M8[ns]", "c16", "?")] + [record],
        "types": [numpy.float32, numpy.int64, numpy.ndarray, numpy.dtype, numpy.bool_],
        "ufuncs": [numpy.add, numpy.exp, numpy.maximum, numpy.logical_and],
        "functions": [numpy.mean, numpy.log1p, numpy.argmax, numpy.linalg.norm],
        "generators": [numpy.random.Generator(make(7)) for make in (numpy.random.PCG64, numpy.random.PCG64DXSM,
                                                                    numpy.random.Philox, numpy.random.SFC64)],
        "mersenne": numpy.random.Generator(numpy.random.MT19937(7)),
        "legacy-generator": numpy.random.RandomState(7),
        "seed-sequence": numpy.random.SeedSequence(7),
        "polynomial": numpy.polynomial.Polynomial([1, 2]),
        "old-polynomial": numpy.poly1d([1, 2]),
        "history": {"loss": [numpy.float32(0.5), numpy.float32(0.25)], "epoch": numpy.int64(2)},
    }  # fmt: skip


def _arrays() -> Iterator[tuple[str, bytes]]:
    for name, value in _values().items():
        if isinstance(value, numpy.ndarray) and type(value) is numpy.ndarray:
            yield f"npy/{name}.npy", _npy(value)
    weights = numpy.arange(6.0).reshape(2, 3)
    for version in ((1, 0), (2, 0), (3, 0)):
        yield f"npy/version-{version[0]}.npy", _npy(weights, version)
    target = io.BytesIO()
    numpy.savez(
        target, weights=weights, labels=numpy.array(["cat", "dog"]), objects=numpy.array([None], dtype=object)
    )
    yield "npy/several.npz", target.getvalue()
    target = io.BytesIO()
    numpy.savez_compressed(target, weights=weights)
    yield "npy/compressed.npz", target.getvalue()


def _joblib() -> Iterator[tuple[str, bytes]]:
    model = {
        "weights": numpy.arange(6.0),
        "labels": numpy.array(["os.system", "eval"]),
        "objects": numpy.array(["a", None], dtype=object),
    }
    for name, value in _values().items():
        if name not in ("character-array", "masked-constant"):
            yield f"joblib/{name}.joblib", _dumped(value)
    for protocol in PROTOCOLS:
        yield f"joblib/protocol-{protocol}.joblib", _dumped(model, protocol=protocol)
    for compressor in ("zlib", "gzip", "bz2", "xz", "lzma", "lz4"):
        yield f"joblib/{compressor}.joblib", _dumped(model, compress=(compressor, 3))
        yield f"joblib/{compressor}-other-suffix.pkl", _dumped(model, compress=(compressor, 1))
    for level in (0, 1, 9):
        yield f"joblib/level-{level}.joblib", _dumped(model, compress=level)
    yield "joblib/no-suffix", _dumped(model)
    yield "joblib/nested-arrays.joblib", _dumped([model, [model["objects"]], (model["weights"],)])


def _noise() -> Iterator[tuple[str, bytes]]:
    """Numbers whose bytes spell opcodes: none of them is a program."""
    rng = numpy.random.RandomState(7)
    words = b"\x3f\x80cos\nsystem\n(S'echo'\ntR.\x80\x04\x95\x8c\x02os\x8c\x06system\x93"
    spelled: dict[str, numpy.ndarray[Any, Any]] = {
        "random-float32": rng.rand(300).astype(numpy.float32),
        "random-float16": rng.rand(300).astype(numpy.float16),
        "random-bytes": rng.randint(0, 256, 600).astype(numpy.uint8),
        "stops": numpy.frombuffer(b"." * 64, dtype=numpy.uint8),
        "starts": numpy.frombuffer(b"\x80\x02" * 64, dtype=numpy.float16),
        "words": numpy.frombuffer(words * 4, dtype=numpy.uint8),
        "half-precision-words": numpy.frombuffer((words + b"\0")[: len(words) // 2 * 2], dtype=numpy.float16),
    }
    for name, array in spelled.items():
        yield f"noise/{name}.npy", _npy(array)
        yield f"noise/{name}.joblib", _dumped({"weights": array, "epoch": 3})
        yield f"noise/{name}.pkl", pickle.dumps(array, 4)
        yield f"noise/{name}-protocol-2.pkl", pickle.dumps(array, 2)
        header = (
            f'{{"w":{{"dtype":"U8","shape":[{array.nbytes}],"data_offsets":[0,{array.nbytes}]}}}}'.encode()
        )
        yield f"noise/{name}.safetensors", struct.pack("<Q", len(header)) + header + array.tobytes()


def _npy(array: Any, version: tuple[int, int] | None = None) -> bytes:
    target = io.BytesIO()
    numpy.lib.format.write_array(target, array, version)
    return target.getvalue()


def _dumped(value: object, **options: object) -> bytes:
    target = io.BytesIO()
    joblib.dump(value, target, **options)
    return target.getvalue()
