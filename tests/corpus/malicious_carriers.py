"""Hostile files as the libraries write them, and containers of each kind with one thing changed. Runs in `requirements.txt`.

Every payload is an `echo`. What is assembled by hand has its bytes from `assembler`; what a library writes comes from an object
whose `__reduce__` names the command.
"""

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import joblib
import lz4.frame
import numpy
import torch

from tests.corpus import assembler as asm
from tests.corpus.malicious_assembled import archive

CALLED = "dangerous-call"
HOSTILE = asm.program(asm.call(asm.named("os", "system"), asm.text("echo modelwarden sample")))
HOSTILE_2 = asm.program(
    asm.call(asm.named_in_text("os", "system"), asm.line("echo modelwarden sample")), protocol=2
)
HARMLESS = asm.program(asm.pack(asm.text("epoch"), asm.number(3)))
MAGIC = asm.program(b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19", protocol=2)
PROTOCOL = asm.program(b"M\xe9\x03", protocol=2)


class Echo:
    """Pickles as a call of os.system."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("echo modelwarden sample",)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    torch.manual_seed(7)
    yield from _joblib()
    yield from _wrapped()
    yield from _numpy()
    yield from _torch_archives()
    yield from _torch_legacy()
    yield from _torch_tar()
    yield from _torchscript()
    yield from _archives()


def _joblib() -> Iterator[tuple[str, bytes]]:
    folder = f"{CALLED}/joblib"
    numbers: Any = numpy.arange(6, dtype=numpy.float64).reshape(2, 3)
    arrays: dict[str, Any] = {
        "numbers": numbers,
        "fortran": numpy.asfortranarray(numbers),
        "bytes-like-stop": numpy.frombuffer(b"." * 40, dtype=numpy.uint8),
        "bytes-like-pickle": numpy.frombuffer(HARMLESS * 2, dtype=numpy.uint8),
        "empty": numpy.zeros((0, 4)),
        "half": numpy.ones(5, dtype=numpy.float16),
        "big-endian": numpy.ones(3, dtype=">i4"),
        "text": numpy.array(["cat", "dog"]),
        "times": numpy.array(["2020-01-01"], dtype="datetime64[D]"),
        "structured": numpy.zeros(2, dtype=[("a", "<i4"), ("b", "<f8", (2,))]),
        "complex": numpy.ones(2, dtype=numpy.complex64),
        "truth": numpy.array([True, False]),
        "objects": numpy.array(["cat", None], dtype=object),
    }
    for label, array in arrays.items():
        yield f"{folder}/before-{label}.joblib", _dumped({"callback": Echo(), "weights": array})
        yield f"{folder}/after-{label}.joblib", _dumped({"weights": array, "callback": Echo()})
    between = {"first": numbers, "callback": Echo(), "last": numpy.ones(4, dtype=numpy.int8)}
    yield f"{folder}/between-arrays.joblib", _dumped(between)
    objects = numpy.array(["cat", Echo()], dtype=object)
    yield f"{folder}/in-object-array.joblib", _dumped(objects)
    yield (
        f"{folder}/in-second-object-array.joblib",
        _dumped([numpy.array([None], dtype=object), numbers, objects]),
    )
    nested: Any = numpy.empty(2, dtype=object)
    nested[0], nested[1] = numbers, objects
    yield f"{folder}/in-array-of-arrays.joblib", _dumped(nested)
    fields: Any = numpy.zeros(1, dtype=[("id", "<i4"), ("label", object)])
    fields["label"][0] = Echo()
    yield f"{folder}/in-structured-objects.joblib", _dumped(fields)
    for protocol in range(6):
        yield (
            f"{folder}/protocol-{protocol}.joblib",
            _dumped({"weights": numbers, "callback": Echo()}, protocol=protocol),
        )
    yield f"{folder}/no-suffix", _dumped({"weights": numbers, "callback": Echo()})
    poisoned = {"weights": numbers, "callback": Echo()}
    for compressor in ("zlib", "gzip", "bz2", "xz", "lzma", "lz4"):
        compressed = _dumped(poisoned, compress=(compressor, 3))
        yield f"{folder}/compressed-{compressor}.joblib", compressed
        yield f"{folder}/compressed-{compressor}-other-suffix.pkl", compressed
    plain = _dumped(poisoned)
    yield f"{folder}/zf.joblib", b"ZF" + f"{len(plain):#x}".ljust(19).encode() + zlib.compress(plain)
    yield f"{folder}/compressed-and-cut-off.joblib", _dumped(poisoned, compress=("zlib", 3))[:-3]


def _wrapped() -> Iterator[tuple[str, bytes]]:
    folder = f"{CALLED}/compressed"
    packers: dict[str, Callable[[bytes], bytes]] = {
        "gz": lambda data: gzip.compress(data, mtime=0),
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
        "zlib": zlib.compress,
        "lz4": lz4.frame.compress,
    }
    # A payload of some length, so that short formats are recognised by what comes out.
    for suffix, pack in packers.items():
        yield f"{folder}/pickle.pkl.{suffix}", pack(HOSTILE)
        yield f"{folder}/protocol-2.pkl.{suffix}", pack(HOSTILE_2)
        yield f"{folder}/named-pickle-{suffix}.pkl", pack(HOSTILE)
        yield f"{folder}/second-stream.pkl.{suffix}", pack(HARMLESS + HOSTILE)
        yield f"{folder}/in-archive-{suffix}.zip", archive([("a", pack(HOSTILE))])
    for suffix in ("gz", "bz2", "xz"):
        pack = packers[suffix]
        yield f"{folder}/two-members.pkl.{suffix}", pack(HARMLESS) + pack(HOSTILE)
        yield f"{folder}/halves.pkl.{suffix}", pack(HOSTILE[:9]) + pack(HOSTILE[9:])
        yield f"{folder}/rubbish-behind.pkl.{suffix}", pack(HOSTILE) + b"\xde\xad\xbe\xef"
        yield f"{folder}/twice.pkl.{suffix}", pack(pack(HOSTILE))
    yield f"{folder}/checksum-cut-off.pkl.gz", gzip.compress(HOSTILE, mtime=0)[:-6]
    yield f"{folder}/wrong-checksum.pkl.gz", gzip.compress(HOSTILE, mtime=0)[:-8] + bytes(8)


def _numpy() -> Iterator[tuple[str, bytes]]:
    folder = f"{CALLED}/numpy"
    objects = numpy.array([Echo()], dtype=object)
    for version in ((1, 0), (2, 0), (3, 0)):
        yield f"{folder}/objects-version-{version[0]}.npy", _npy(objects, version)
    dtypes: dict[str, Any] = {
        "field": [("id", "<i4"), ("label", object)],
        "nested-field": [("id", "<i4"), ("inner", [("label", object)])],
        "subarray": [("labels", object, (2,))],
        "named-o": [("O", "<i4"), ("label", object)],
    }
    for label, dtype in dtypes.items():
        array: Any = numpy.zeros(1, dtype=dtype)
        if label == "subarray":
            array["labels"][0][0] = Echo()
        else:
            (array["inner"] if label == "nested-field" else array)["label"][0] = Echo()
        yield f"{folder}/{label}.npy", _npy(array)
    yield f"{folder}/no-suffix", _npy(objects)
    yield f"{folder}/pickle-named-npy.npy", HOSTILE
    yield f"{folder}/pickle-named-npz.npz", HOSTILE
    plain = _npy(numpy.arange(3))
    yield f"{folder}/objects.npz", archive([("a.npy", plain), ("b.npy", _npy(objects))])
    yield f"{folder}/objects-first.npz", archive([("b.npy", _npy(objects)), ("a.npy", plain)])
    yield f"{folder}/objects-without-suffix.npz", archive([("a", _npy(objects))])
    yield f"{folder}/objects-in-folder.npz", archive([("x/y/a.NPY", _npy(objects))])
    yield f"{folder}/pickle-member.npz", archive([("a.npy", HOSTILE)])
    target = io.BytesIO()
    numpy.savez_compressed(target, weights=numpy.zeros(9), labels=objects)
    yield f"{folder}/compressed.npz", target.getvalue()
    header = (
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (__import__('os').system('echo modelwarden'),)}"
    )
    header += b" " * (117 - len(header)) + b"\n"
    yield "header-expression/numpy/shape.npy", b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header
    yield "object-array/numpy/objects.npy", _npy(objects)


def _torch_archives() -> Iterator[tuple[str, bytes]]:
    folder = f"{CALLED}/torch-archive"
    weights = torch.nn.Linear(2, 1).state_dict()
    good = _saved(weights)
    poisoned = _saved({**weights, "callback": Echo()})
    hostile = [("archive/data.pkl", HOSTILE), ("archive/version", b"3\n")]
    roots = ["archive", "model", "a/b/c", "модель", ".data", "a b", "data", "x" * 60, "..", "archive.pkl"]
    for number, root in enumerate(roots):
        yield (
            f"{folder}/root-{number}.pt",
            archive([(f"{root}/data.pkl", HOSTILE), (f"{root}/version", b"3\n")]),
        )
    yield f"{folder}/no-root.pt", archive([("data.pkl", HOSTILE), ("version", b"3\n")])
    for label, name in {
        "upper-case": "archive/DATA.PKL", "constants": "archive/constants.pkl", "bytecode": "archive/bytecode.pkl",
        "extra": "archive/extra/hook.pkl", "extra-text": "archive/extra/readme.txt", "package": "archive/.data/notes",
        "no-suffix": "archive/notes", "json": "archive/config.json", "python": "archive/code/hook.py",
        "beside-storages": "archive/data/hook",
    }.items():  # fmt: skip
        members = [("archive/data.pkl", HARMLESS), (name, HOSTILE), ("archive/version", b"3\n")]
        yield f"{folder}/member-{label}.pt", archive(members)
    yield (
        f"{folder}/storage-is-a-pickle.pt",
        archive([("archive/data.pkl", HARMLESS), ("archive/data/0", HOSTILE), ("archive/version", b"3\n")]),
    )
    for label, method in {"deflated": 8, "bzip2": 12, "lzma": 14}.items():
        yield f"{folder}/{label}.pt", _packed(hostile, method)
    plain = archive(hostile)
    for label, flags in {"encrypted": 1, "patched": 0x20, "strong-encryption": 0x40, "utf-8": 0x800}.items():
        yield f"{folder}/flag-{label}.pt", _set(plain, b"PK\1\2", 8, struct.pack("<H", flags))
        yield f"{folder}/flag-{label}-in-real-file.pt", _set(poisoned, b"PK\1\2", 8, struct.pack("<H", flags))
    yield f"{folder}/wrong-checksum.pt", _set(plain, b"PK\1\2", 16, b"\1\2\3\4")
    yield f"{folder}/wrong-checksum-in-real-file.pt", _set(poisoned, b"PK\1\2", 16, b"\1\2\3\4")
    yield f"{folder}/other-local-name.pt", _set(plain, b"PK\3\4", 30, b"archive/data.txt")
    yield f"{folder}/other-local-size.pt", _set(plain, b"PK\3\4", 18, struct.pack("<II", 4, 4))
    yield (
        f"{folder}/twice-hostile-first.pt",
        archive([hostile[0], ("archive/data.pkl", HARMLESS), hostile[1]]),
    )
    yield f"{folder}/twice-hostile-last.pt", archive([("archive/data.pkl", HARMLESS), *hostile])
    yield (
        f"{folder}/twice-other-case.pt",
        archive([("archive/data.pkl", HARMLESS), ("archive/Data.pkl", HOSTILE)]),
    )
    yield f"{folder}/pickle-before.pt", HOSTILE_2 + good
    yield f"{folder}/pickle-and-padding-before.pt", HOSTILE_2 + b"\0" * 64 + good
    yield f"{folder}/pickle-behind.pt", good + HOSTILE
    yield f"{folder}/archive-behind-archive.pt", plain + archive([("notes.txt", b"cat")])
    yield f"{folder}/archive-before-archive.pt", archive([("notes.txt", b"cat")]) + plain
    end = archive([("notes.txt", b"cat")])
    comment = plain[:-2] + struct.pack("<H", len(end)) + end
    yield f"{folder}/archive-in-comment.pt", comment
    yield f"{folder}/rubbish-before.pt", b"weights!" * 4 + plain
    yield f"{folder}/in-archive.zip", archive([("run/model.pt", poisoned)])
    yield f"{folder}/in-two-archives.zip", archive([("a.zip", archive([("run/model.bin", plain)]))])
    yield f"{folder}/in-tar.tar", _tar([("run/model.pt", plain)])
    yield f"{folder}/in-tar-gz.tar.gz", gzip.compress(_tar([("run/model.pt", plain)]), mtime=0)
    yield f"{folder}/end-record-missing.pt", plain[: plain.index(b"PK\5\6")]
    for suffix in ("bin", "ckpt", "pth", "safetensors", "txt", "zip"):
        yield f"{folder}/suffix.{suffix}", plain
    with warnings.catch_warnings(action="ignore"):  # deprecated, and what files in the wild hold
        scripted = io.BytesIO()
        torch.jit.save(torch.jit.script(torch.nn.Linear(2, 1)), scripted)
    with zipfile.ZipFile(scripted) as source:
        members = [(name, source.read(name)) for name in source.namelist()]
    changed = [(name, HOSTILE if name.endswith("/data.pkl") else data) for name, data in members]
    yield f"{folder}/torchscript-data.pt", archive(changed)
    changed = [(name, HOSTILE if name.endswith("/constants.pkl") else data) for name, data in members]
    yield f"{folder}/torchscript-constants.pt", archive(changed)
    root = members[0][0].partition("/")[0]
    yield f"{folder}/torchscript-extra-file.pt", archive([*members, (f"{root}/extra/hook", HOSTILE)])


def _torch_legacy() -> Iterator[tuple[str, bytes]]:
    folder = f"{CALLED}/torch-legacy"
    system = asm.program(asm.EMPTY_DICT, protocol=2)
    keys = asm.program(asm.EMPTY_LIST, protocol=2)
    parts = [MAGIC, PROTOCOL, system, HARMLESS, keys]
    for number in range(5):
        hostile = [*parts]
        hostile[number] = HOSTILE_2
        yield f"{folder}/pickle-{number + 1}.pt", b"".join(hostile)
        hostile[number] = asm.program(
            asm.call(asm.named_in_text("os", "system"), asm.text("echo modelwarden"))
            + asm.POP
            + parts[number][2:-1],
            protocol=2,
        )
        yield f"{folder}/pickle-{number + 1}-and-what-belongs-there.pt", b"".join(hostile)
    computed = asm.call(asm.named_in_text("builtins", "eval"), asm.text("0x1950a86a20f9469cfc6c"))
    yield f"{folder}/magic-computed.pt", asm.program(computed, protocol=2) + b"".join(parts[1:])
    yield (
        f"{folder}/numbers-behind.pt",
        b"".join([*parts[:3], HOSTILE_2, keys]) + struct.pack("<q4f", 4, 1, 2, 3, 4),
    )
    real = _saved(
        {**torch.nn.Linear(2, 1).state_dict(), "callback": Echo()}, _use_new_zipfile_serialization=False
    )
    yield f"{folder}/real.pt", real
    yield f"{folder}/real-in-archive.zip", archive([("model.bin", real)])
    yield f"{folder}/real-compressed.pt.gz", gzip.compress(real, mtime=0)
    yield f"{folder}/real-cut-off.pt", real[:-9]


def _torch_tar() -> Iterator[tuple[str, bytes]]:
    """Members as `torch/serialization.py` (`legacy_load`) reads them: a count first, then what it counts."""
    empty = asm.program(b"K\0", protocol=2)
    system = asm.program(asm.EMPTY_DICT, protocol=2)
    members = {"sys_info": system, "pickle": HARMLESS, "tensors": empty, "storages": empty}
    for poisoned in members:
        files = [(name, HOSTILE_2 if name == poisoned else data) for name, data in members.items()]
        yield f"{CALLED}/torch-tar/{poisoned}.pt", _tar(files)
        yield f"legacy-loader/torch-tar/{poisoned}.pt", _tar(files)
    one = asm.program(b"K\1", protocol=2)
    second = [(name, one + HOSTILE_2 if name == "storages" else data) for name, data in members.items()]
    yield f"{CALLED}/torch-tar/second-pickle-of-storages.pt", _tar(second)
    second = [(name, one + HOSTILE_2 if name == "tensors" else data) for name, data in members.items()]
    yield f"{CALLED}/torch-tar/second-pickle-of-tensors.tar", _tar(second)


class _Writes(torch.nn.Module):
    """Compiled by TorchScript, writes a file when it is used."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        torch.save(x, "modelwarden-sample.pt")
        return x


class _Reads(torch.nn.Module):
    """Compiled by TorchScript, maps a file when it is used."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.from_file("modelwarden-sample.bin", shared=False, size=4)


class _Hidden(torch.nn.Module):
    """The file is written by another method than the one everybody calls."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x

    def reset(self, x: torch.Tensor) -> torch.Tensor:
        torch.ops.aten.save(x, "modelwarden-sample.pt")
        return x


torch.jit.export(_Hidden.reset)  # not as a decorator: mypy is run without the library


def _torchscript() -> Iterator[tuple[str, bytes]]:
    folder = "torchscript-io/code"
    for label, model in {"writes": _Writes(), "reads": _Reads(), "other-method": _Hidden()}.items():
        target = io.BytesIO()
        with warnings.catch_warnings(action="ignore"):  # deprecated, and what files in the wild hold
            torch.jit.save(torch.jit.script(model), target)
        yield f"{folder}/{label}.pt", target.getvalue()
        yield f"{folder}/{label}-in-archive.zip", archive([("run/model.pt", target.getvalue())])


def _archives() -> Iterator[tuple[str, bytes]]:
    folder = f"{CALLED}/archives"
    yield f"{folder}/tar.tar", _tar([("weights/labels", HOSTILE)])
    yield f"{folder}/tar-gz.tgz", gzip.compress(_tar([("weights/labels.pkl", HOSTILE)]), mtime=0)
    yield f"{folder}/tar-bz2.tar.bz2", bz2.compress(_tar([("weights/labels.pkl", HOSTILE)]))
    yield f"{folder}/tar-xz.tar.xz", lzma.compress(_tar([("weights/labels.pkl", HOSTILE)]))
    yield f"{folder}/nemo.nemo", _tar([("./model_config.yaml", b"a: 1\n"), ("./model_weights.ckpt", HOSTILE)])
    yield f"{folder}/mar.mar", archive([("MAR-INF/MANIFEST.json", b"{}"), ("model.pt", HOSTILE)])
    yield f"{folder}/keras.keras", archive([("config.json", b"{}"), ("assets/labels", HOSTILE)])
    for label, name in {
        "text": "labels.txt", "upper-case": "LABELS.PKL", "none": "labels", "image": "cat.png", "hidden": ".cache/x",
        "climbing": "../labels", "absolute": "/labels", "drive": "C:\\labels", "directory-like": "labels/",
    }.items():  # fmt: skip
        yield f"{folder}/member-{label}.zip", archive([("readme.md", b"cat\n"), (name, HOSTILE)])
    bad = _set(archive([("a.pkl", HARMLESS), ("b.pkl", HOSTILE)]), b"PK\1\2", 10, b"\x63\0")
    yield f"{folder}/unreadable-member-before.zip", bad


def _dumped(value: object, **options: object) -> bytes:
    target = io.BytesIO()
    joblib.dump(value, target, **options)
    return target.getvalue()


def _saved(value: object, **options: object) -> bytes:
    target = io.BytesIO()
    torch.save(value, target, **options)
    return target.getvalue()


def _npy(array: Any, version: tuple[int, int] | None = None) -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):  # says that old NumPy cannot read version 3
        numpy.lib.format.write_array(target, array, version)
    return target.getvalue()


def _tar(members: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return target.getvalue()[: -(-target.tell() // 512) * 512]


def _packed(members: list[tuple[str, bytes]], method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as out:
        for name, data in members:
            out.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, method)
    return target.getvalue()


def _set(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """`data` with `value` written `offset` bytes after the first `signature`: one mutation, named by its file."""
    place = data.index(signature) + offset
    return data[:place] + value + data[place + len(value) :]
