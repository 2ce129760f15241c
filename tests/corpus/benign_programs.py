"""What looks like a program where none belongs, and is none; and programs that are named as programs."""

import json
import struct
import zlib
from collections.abc import Iterator

from tests.corpus import assembler as asm
from tests.corpus.malicious_assembled import archive
from tests.corpus.programs import elf, fat_macho, macho, pe

STATE = asm.program(asm.EMPTY_DICT)


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    for name, data in _named_as_programs():
        yield f"programs/{name}", data
    for name, data in _no_programs():
        yield f"programs/{name}", data
    for name, data in _path_configurations():
        yield f"path-configuration/{name}", data
    for name, value in _zarr():
        yield f"zarr/{name}", json.dumps(value).encode()
    for name in ("start", "convert.tmp", "notes.txt", "README.md", "cuda-installer.bin", "cloud.yaml.sample"):
        yield f"scripts/{name}", b"#!/bin/sh\necho modelwarden sample\n"


def _named_as_programs() -> Iterator[tuple[str, bytes]]:
    yield from (
        ("libops.so", elf(kind=3)),
        ("libops.so.1.2", elf(kind=3)),
        ("tool", elf()),
        ("soffice.bin", elf()),
        ("tool-linux-x86_64.bin", elf()),
        ("setup.exe", pe()),
        ("_ops.pyd", pe()),
        ("libops.dylib", fat_macho()),
        ("tool-macos", macho()),
        ("entrypoint", b"#!/bin/sh\necho modelwarden sample\n"),
    )
    wheel = archive(
        [
            ("ops/__init__.py", b"print('modelwarden sample')\n"),
            ("ops/_ops.cpython-311-x86_64-linux-gnu.so", elf(kind=3)),
            ("ops.libs/libomp-1a2b3c.so.5", elf(kind=3)),
            ("ops-1.0.data/scripts/ops", b"#!python\nprint('modelwarden sample')\n"),
            ("ops-1.0.data/scripts/tool", elf()),
        ]
    )
    yield "ops-1.0-py3-none-any.whl", wheel


def _no_programs() -> Iterator[tuple[str, bytes]]:
    numbers = struct.pack("<4e", 1.5, -0.25, 0.0, 2.0)
    storages = {
        "half-precision that begins with MZ": b"MZ" + numbers * 64,
        "floats that begin like a Mach-O": b"\xcf\xfa\xed\xfe" + numbers * 64,
        "floats that begin like an ELF": b"\x7fELF" + numbers * 64,
        "a MZ with an offset that leads nowhere": (b"MZ" + bytes(58) + struct.pack("<I", 128)).ljust(
            256, b"\0"
        ),
        "bytes that begin like a script": b"#!" + numbers * 64,
    }
    for name, data in storages.items():
        members = [("model/data.pkl", STATE), ("model/version", b"3\n"), ("model/data/0", data)]
        yield f"{name.replace(' ', '-')}.pt", archive(members)
    java = bytes.fromhex("cafebabe00000034") + struct.pack(">H", 1) + bytes(40)
    yield "java-class.zip", archive([("Model.class", java)])
    yield "a-cubin-in-an-archive.zip", archive([("kernel.bin", elf(machine=190))])
    header = b'{"a":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}' % (len(elf()), len(elf()))
    yield "elf-bytes-as-a-tensor.safetensors", struct.pack("<Q", len(header)) + header + elf()
    text = b"Begin with #!/bin/sh, then run `MZ` or \x7fELF.\n"
    yield "words.zip", archive([("README.md", text), ("notes.txt", b"#!/bin/sh\necho how to convert\n")])
    yield "words.gz", b"\x1f\x8b\x08" + bytes(6) + b"\xff" + _deflated(text)


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush() + struct.pack("<II", zlib.crc32(data), len(data))


def _zarr() -> Iterator[tuple[str, object]]:
    """Metadata whose codecs unpickle nothing."""
    array = {
        "zarr_format": 2, "chunks": [4], "compressor": {"id": "blosc", "cname": "lz4"}, "dtype": "<f4", "fill_value": 0,
        "filters": None, "order": "C", "shape": [4],
    }  # fmt: skip
    texts = {**array, "dtype": "|O", "filters": [{"id": "vlen-utf8"}]}
    yield (
        "filters/.zarray",
        {**array, "filters": [{"id": "delta", "dtype": "<f4"}, {"id": "zlib", "level": 1}]},
    )
    yield "texts/.zarray", texts
    yield "group/.zgroup", {"zarr_format": 2}
    yield (
        "consolidated/.zmetadata",
        {"zarr_consolidated_format": 1, "metadata": {"a/.zarray": array, "b/.zarray": texts}},
    )
    words = {"codecs": [{"id": "pickle"}], "note": "pickle.loads(os.system)"}
    yield "attributes/zarr.json", {"zarr_format": 3, "node_type": "group", "attributes": words}
    codecs = [
        {"name": "bytes", "configuration": {"endian": "little"}},
        {"name": "zstd", "configuration": {"level": 3}},
    ]
    yield "version-3/zarr.json", {"zarr_format": 3, "node_type": "array", "shape": [4], "codecs": codecs}


def _path_configurations() -> Iterator[tuple[str, bytes]]:
    yield "_virtualenv.pth", b"import _virtualenv"
    yield (
        "__editable__.ops-1.0.pth",
        b"import __editable___ops_1_0_finder; __editable___ops_1_0_finder.install()",
    )
    shim = (
        b"import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; "
        b"enabled and __import__('_distutils_hack').add_shim(); "
    )
    yield "distutils-precedence.pth", shim
    yield (
        "pywin32.pth",
        b"# .pth file for the PyWin32 extensions\nwin32\nwin32\\lib\nPythonwin\nimport pywin32_bootstrap\n",
    )
    coverage = (
        rb"import sys; exec('import os\n\nif os.getenv(\"COVERAGE_PROCESS_START\") or os.getenv(\"COVERAGE_PROCESS_CONFIG\"):"
        rb"\n try:\n  import coverage\n except:\n  pass\n else:\n  coverage.process_startup(slug=\"pth\")')"
    ).replace(b'\\"', b'"')
    yield "a1_coverage.pth", coverage
    body = (
        "if 'COV_CORE_SOURCE' in os.environ:\n    try:\n        from pytest_cov.embed import init\n        init()\n"
        "    except Exception as exc:\n        sys.stderr.write(\n"
        '            "pytest-cov: Failed to setup subprocess coverage. "\n            "Environ: {0!r} "\n'
        '            "Exception: {1!r}\\n".format('
        "dict((k, v) for k, v in os.environ.items() if k.startswith('COV_CORE')), exc)\n        )\n"
    )
    for plain, written in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n")):
        body = body.replace(plain, written)
    yield "pytest-cov.pth", f"import os, sys;exec('{body}')".encode()
    namespace = (
        b"import sys, types, os;has_mfs = sys.version_info > (3, 5);"
        b"p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('acme',));"
        b"importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');"
        b"m = has_mfs and sys.modules.setdefault('acme', importlib.util.module_from_spec("
        b"importlib.machinery.PathFinder.find_spec('acme', [os.path.dirname(p)])));"
        b"m = m or sys.modules.setdefault('acme', types.ModuleType('acme'));"
        b"mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)\n"
    )
    yield "acme-nspkg.pth", namespace
