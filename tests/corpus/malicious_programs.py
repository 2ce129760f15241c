"""Programs and scripts where models and data should be. They end at once or echo a line."""

import json
import struct
from collections.abc import Iterator

from tests.corpus import assembler as asm
from tests.corpus.malicious_assembled import archive
from tests.corpus.programs import elf, elf32_big_endian, fat_macho, macho, pe

SHELL = b"#!/bin/sh\necho modelwarden sample\n"
STATE = asm.program(asm.EMPTY_DICT)


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    yield from _executables()
    yield from _scripts()
    yield from _start_up()
    yield from _members()


def _executables() -> Iterator[tuple[str, bytes]]:
    for technique, name, data in (
        ("elf as a checkpoint", "pytorch_model.bin", elf()),
        ("elf as a pickle", "model.pkl", elf()),
        ("shared library as safetensors", "model.safetensors", elf(kind=3)),
        ("elf for arm as a picture", "logo.png", elf(machine=183)),
        ("elf of 32 bits as onnx", "model.onnx", elf32_big_endian()),
        ("elf with another class and version", "model.pt", elf()[:4] + bytes(12) + elf()[16:]),
        ("pe as a checkpoint", "model.ckpt", pe()),
        ("pe with its header far behind", "model.h5", pe(0x1800)),
        ("pe with a header inside the first", "weights.dat", _folded_pe()),
        ("mach-o as gguf", "model.gguf", macho()),
        ("mach-o for two processors", "weights.npy", fat_macho()),
        ("program as text", "README.md", elf()),
    ):
        yield f"embedded-executable/{technique}/{name}", data
    yield "embedded-executable/behind the tensors of safetensors/model.safetensors", _safetensors(elf())
    storage = archive(_torch(("model/data/0", elf())))
    yield "embedded-executable/in the place of a storage/model.pt", storage


def _scripts() -> Iterator[tuple[str, bytes]]:
    for technique, name, data in (
        ("shell as a checkpoint", "pytorch_model.bin", SHELL),
        ("python as a pickle", "model.pkl", b"#!/usr/bin/env python3\nprint('modelwarden sample')\n"),
        ("shell as a picture", "logo.png", SHELL),
        ("a space before the interpreter", "model.h5", b"#! /bin/bash -e\necho modelwarden sample\n"),
        ("perl as json", "config.json", b"#!/usr/bin/perl\nprint 'modelwarden sample';\n"),
    ):
        yield f"embedded-script/{technique}/{name}", data


def _start_up() -> Iterator[tuple[str, bytes]]:
    run = b"import os; os.system('echo modelwarden sample')\n"
    for technique, data in (
        ("path configuration runs a command", run),
        ("path configuration with paths first", b"# weights\n./models\n/opt/models\n" + run),
        ("path configuration behind a long comment", b"#" * 5000 + b"\n" + run),
        ("path configuration with a mark first", b"\xef\xbb\xbf" + run),
        ("path configuration with a tab", run.replace(b" ", b"\t", 1)),
        ("path configuration with another separator", b"# weights\x1c" + run),
        ("path configuration that goes on as bytes", run + b"\n\0\1\2\3"),
        (
            "path configuration like an editable one",
            b"import __editable___x; __editable___x.install(); exec('1+1')\n",
        ),
    ):
        yield f"embedded-script/{technique}/model.pth", data


def _members() -> Iterator[tuple[str, bytes]]:
    for technique, name, data in (
        ("elf without a suffix", "extra/payload", elf()),
        ("pe in a torch archive", "extra/setup.exe", pe()),
        ("mach-o in a torch archive", "run", macho()),
        ("shell script by name", "install.sh", b"echo modelwarden sample\n"),
        ("shell script by its first line", "assets/notes", SHELL),
        ("batch file", "extra/run.bat", b"@echo modelwarden sample\r\n"),
    ):
        yield f"executable-member/{technique}/model.pt", archive(_torch((f"model/{name}", data)))
    npz = archive([("weights.npy", _npy()), ("loader", elf())])
    yield "executable-member/elf beside the arrays of an npz/weights.npz", npz
    yield (
        "executable-member/script beside the arrays of an npz/weights.npz",
        archive([("a.npy", _npy()), ("b", SHELL)]),
    )
    yield "embedded-executable/elf named as an array of an npz/weights.npz", archive([("weights.npy", elf())])
    for technique, name, data in (
        ("python source in a torch archive", "helpers.py", b"print('modelwarden sample')\n"),
        ("shared library in a torch archive", "ops.so", elf(kind=3)),
        ("library with a version", "lib/libops.so.1.2", elf(kind=3)),
        ("library for windows", "ops.dll", pe()),
        ("library for macos", "ops.dylib", macho()),
    ):
        yield f"code-member/{technique}/model.pt", archive(_torch((f"model/{name}", data)))


def _npy() -> bytes:
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".ljust(117) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + bytes(8)


def _torch(*more: tuple[str, bytes]) -> list[tuple[str, bytes]]:
    return [("model/data.pkl", STATE), ("model/version", b"3\n"), *more]


def _safetensors(tail: bytes) -> bytes:
    header = json.dumps({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}).encode()
    return struct.pack("<Q", len(header)) + header + b"1234" + tail


def _folded_pe() -> bytes:
    """The PE header within the header of DOS, as the smallest known programs have it."""
    return (b"MZ\0\0" + pe()[64:])[:60] + struct.pack("<I", 4) + pe()[124:]
