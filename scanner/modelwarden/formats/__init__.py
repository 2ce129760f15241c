"""The formats we read, one file each. `INDEX` is the only list of them; its order is the order of reading.

Starting must be fast, so a format is loaded when bytes turn up that it might recognise. Its line in the index holds what is
needed before: the suffixes, and a question of a few bytes whose No makes asking `recognise` needless. The question must never say
No where `recognise` says Yes; it may say Yes far too often. `tests/scanner/formats/test_formats.py` holds both together.

To add a format write a file of its name with `FORMAT`, and add its line here.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import cast

from modelwarden.domain.format import Format, Head
from modelwarden.domain.lazy import LazySequence
from modelwarden.domain.record import record
from modelwarden.domain.registry import Registry


@record
class Entry:
    """What is known of a format before it is loaded. The suffixes and `runs_code` are those of `Format`."""

    name: str
    possible: Callable[[Head], object]
    suffixes: tuple[str, ...] = ()
    ambiguous_suffixes: tuple[str, ...] = ()
    runs_code: bool = False


def candidates(head: Head, expected: str = "") -> Iterator[Format]:
    """The formats that may recognise the bytes, and the `expected` one, in the order of reading."""
    for entry in INDEX:
        if entry.possible(head) or entry.name == expected:
            yield load(entry.name)


@cache
def load(name: str) -> Format:
    """The format of a name that stands in the index."""
    module = import_module(f"{__name__}.{name.replace('-', '_')}")
    return cast(Format, module.FORMAT)


_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C.to_bytes(10, "little")
_CHECKSUM = b"01234567_+-oO \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"
"""Of what the checksum in a TAR header may consist, as `int` reads it."""
_BLANK = b" \t\n\x0b\x0c\r"
_MARKED_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
_COMMENTS = (b"", b"#", b"%", b"-")
_XML = (b"<", b"\0", b"\x4c", b"\xef", b"\xff", b"\xfe", b" ", b"\t", b"\r", b"\n")
_SKIPPED = b"\x2a\x4d\x18"
_GRAPH_WORDS = (b"saved_model", b"meta_graphs", b"_def", b"node", b"library", b"version")
_GRAPH_LETTERS = b"acglmnosv#"
_MAPS = (*(bytes((first,)) for first in range(0x81, 0x90)), b"\xde", b"\xdf")


def _ends_like_a_zip(head: Head) -> bool:
    return head.start.startswith(b"PK") or b"PK\x05\x06" in head.tail


def _starts_like_a_tar(head: Head) -> bool:
    block = head.start[:512]
    return len(block) == 512 and (
        block[148] == 0x80 or not block[148:156].partition(b"\0")[0].strip(_CHECKSUM)
    )


def _text(head: Head) -> bytes:
    """What a text begins with, behind blanks and a mark of UTF-8."""
    return head.start.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK)[:1]


def _json(head: Head) -> bool:
    """Whether it may be JSON in any encoding, perhaps behind more blanks than a head holds."""
    first = head.start.lstrip(_MARKED_BLANK)[:1]
    return first in (b"{", b"[") or (
        not first and any(blank in head.start for blank in (b" ", b"\t", b"\r", b"\n"))
    )


def _is_long_or_marked(head: Head) -> bool:
    return head.size > len(head.start) or b"flavors" in head.start or b"_target_" in head.start


def _begins_with_comments(head: Head) -> bool:
    """Whether nothing else may stand in the head: its first line and the last whole one are comments, or empty."""
    start = head.start
    if head.size == len(start) or _text(head) not in _COMMENTS:
        return False
    whole = start[: start.rfind(b"\n")] if b"\n" in start else start
    return whole.rpartition(b"\n")[2].removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK)[:1] in _COMMENTS


INDEX: tuple[Entry, ...] = (
    Entry(
        "pickle",
        lambda head: True,
        (".pkl", ".pickle", ".dill", ".pck", ".pcl", ".cloudpickle", ".joblib"),
        (".dat", ".data", ".sav", ".model", ".p"),
        runs_code=True,
    ),
    Entry(
        "pytorch-legacy",
        lambda head: head.start[:1] == b"\x80" and _LEGACY_MAGIC in head.start[2:32],
        (".pt",),
        (".pth", ".bin", ".ckpt", ".tar", ".model"),
        runs_code=True,
    ),
    Entry("pytorch-tar", _starts_like_a_tar, (), (".tar",), runs_code=True),
    Entry(
        "pytorch",
        _ends_like_a_zip,
        (".pt", ".ckpt", ".pt2", ".ptl"),
        (".pth", ".bin", ".model"),
        runs_code=True,
    ),
    Entry("torchscript-code", lambda head: head.suffix == ".py"),
    Entry("npy", lambda head: head.start.startswith(b"\x93NUMPY"), (".npy",)),
    Entry("torchserve", lambda head: head.start.startswith(b"PK"), (), (".mar",)),
    Entry("skops", lambda head: head.start.startswith(b"PK"), (), (".skops",), runs_code=True),
    Entry(
        "zip",
        _ends_like_a_zip,
        (".zip",),
        (".npz", ".keras", ".mar", ".skops", ".jar", ".whl", ".egg", ".model", ".bin"),
    ),
    Entry(
        "tar",
        lambda head: _starts_like_a_tar(head) or head.start[257:262] == b"ustar",
        (),
        (".tar", ".nemo"),
    ),
    Entry("gzip", lambda head: head.start.startswith(b"\x1f\x8b\x08"), (), (".gz",)),
    Entry("bzip2", lambda head: head.start.startswith(b"BZh"), (), (".bz2",)),
    Entry("xz", lambda head: head.start.startswith(b"\xfd7zXZ"), (), (".xz",)),
    Entry(
        "lzma",
        lambda head: head.start.startswith(b"\x5d\x00") or head.suffix in (".lzma", ".xz", ".tlz"),
        (),
        (".lzma",),
    ),
    Entry(
        "zlib", lambda head: head.start.startswith(b"\x78") or head.suffix in (".zlib", ".z"), (), (".zlib",)
    ),
    Entry("lz4", lambda head: head.start[2:4] == b"\x4d\x18", (), (".lz4",)),
    Entry(
        "zstd",
        lambda head: head.start.startswith(b"\x28\xb5\x2f\xfd") or head.start[1:4] == _SKIPPED,
        (),
        (".zst",),
    ),
    Entry("seven-zip", lambda head: head.start.startswith(b"7z\xbc\xaf"), (".7z",)),
    Entry("rar", lambda head: head.start.startswith((b"Rar!", b"RE\x7e\x5e")), (".rar",)),
    Entry(
        "sealed",
        lambda head: head.start.startswith((b"\x1f\x9d", b"\x02\x21\x4c\x18", b"LZIP", b"MSCF", b"0707")),
        (),
        (".cab", ".cpio", ".lz"),
    ),
    Entry(
        "oci",
        _json,
        (),
        (".manifest",),
    ),
    Entry("joblib-zf", lambda head: head.start.startswith(b"ZF")),
    Entry("safetensors", lambda head: head.start[8:9] == b"{", (".safetensors",)),
    Entry(
        "onnx",
        lambda head: (
            head.start[:1] in b"\x08\x12\x1a\x22\x28\x32\x3a\x42\x72\xa2\xca\xd2" or head.suffix == ".onnx"
        ),
        (".onnx",),
        (".bin", ".model"),
    ),
    Entry(
        "tensorrt",
        lambda head: (
            head.start.startswith((b"ptrt", b"ftrt"))
            or head.start[4:5] == b"{"
            or head.suffix in (".engine", ".plan", ".trt")
        ),
        (),
        (".engine", ".plan", ".trt"),
    ),
    Entry("pmml", lambda head: head.start.startswith(_XML), (".pmml",)),
    Entry("openvino", lambda head: head.start.startswith(_XML), (), (".xml",)),
    Entry("xml", lambda head: head.start.startswith(_XML), (), (".xml",)),
    Entry(
        "executable",
        lambda head: head.start.startswith(
            (b"\x7fELF", b"MZ", b"\xce\xfa", b"\xcf\xfa", b"\xfe\xed", b"\xca\xfe")
        ),
    ),
    Entry("script", lambda head: head.start.startswith(b"#!")),
    Entry("path-configuration", lambda head: head.suffix == ".pth", (), (".pth",), runs_code=True),
    Entry("dvc", lambda head: head.suffix == ".dvc", (), (".dvc",)),
    Entry("ini", lambda head: head.suffix in (".cfg", ".conf", ".ini"), (), (".cfg", ".conf", ".ini")),
    Entry(
        "json",
        lambda head: (
            head.suffix == ".json"
            # in UTF-16 and UTF-32 only under that name
            or _text(head) in (b"{", b"[")
            or (head.size > len(head.start) and not _text(head))
        ),
        (),
        (".json",),
    ),
    Entry("requirements", lambda head: head.suffix in (".txt", ".in")),
    Entry("toml", lambda head: head.suffix == ".toml", (), (".toml",)),
    Entry(
        "yaml",
        lambda head: (
            head.suffix in (".yaml", ".yml")
            or b"python/" in head.start
            or (not head.suffix and b"\0" not in head.start and _is_long_or_marked(head))
            or _begins_with_comments(head)
        ),
        (),
        (".yaml", ".yml"),
    ),
    Entry("saved-model", lambda head: head.start[:1] in b"\x08\x12" or head.suffix == ".pb", (), (".pb",)),
    Entry(
        "graph-def",
        lambda head: head.start[:1] in b"\x0a\x12\x18\x22" or head.suffix == ".pb",
        (),
        (".pb", ".graphdef"),
    ),
    Entry(
        "meta-graph",
        lambda head: head.start[:1] in b"\x0a\x12" or head.suffix in (".meta", ".pb"),
        (),
        (".meta", ".pb"),
    ),
    Entry(
        "tensorflow-text",
        lambda head: (
            head.suffix == ".pbtxt"
            or (_text(head) in _GRAPH_LETTERS and any(word in head.start for word in _GRAPH_WORDS))
        ),
        (),
        (".pbtxt",),
    ),
    Entry("keras", _ends_like_a_zip, (), (".keras",), runs_code=True),
    Entry("keras-config", _json, (), (".json",)),
    Entry(
        "hdf5",
        # the signature may stand far behind the head
        lambda head: head.size > len(head.start) or b"\x89HDF" in head.start,
        (".h5", ".hdf5"),
        (".keras", ".hdf", ".h5ad", ".mat", ".model", ".weights"),
    ),
    Entry("keras-metadata", lambda head: head.start[:1] in b"\x0a" or head.suffix == ".pb", (), (".pb",)),
    Entry(
        "tensorflow-checkpoint",
        lambda head: (
            head.start.startswith(b"\0\0")
            or head.suffix in (".index", ".ckpt")
            or head.suffix.startswith(".data-")
            or b"model_checkpoint_path" in head.start
        ),
        (),
        (".index", ".ckpt"),
    ),
    Entry("tflite", lambda head: head.start[4:8] == b"TFL3", (".tflite",)),
    Entry("gguf", lambda head: head.start.startswith(b"GGUF"), (".gguf",)),
    Entry("ggml", lambda head: b"gg" in (head.start[:2], head.start[2:4]), (".ggml",)),
    Entry(
        "llamafile",
        lambda head: head.start.startswith((b"MZ", b"\x7fELF", b"jartsr='", b"APEDBG='")),
        (".llamafile",),
    ),
    Entry(
        "jinja",
        lambda head: head.suffix in (".jinja", ".jinja2", ".j2", ".template"),
        (),
        (".jinja", ".jinja2", ".j2", ".template"),
    ),
    Entry(
        "flax",
        lambda head: head.suffix in (".msgpack", ".flax") or head.start.startswith(_MAPS),
        (".msgpack", ".flax"),
        (".checkpoint", ".jax", ".orbax"),
    ),
    Entry("orbax", lambda head: head.start.startswith(b"\x0c\xdb") or _json(head), (), (".ocdbt",)),
    Entry("zarr", _json),
    Entry(
        "xgboost",
        lambda head: (
            head.start.startswith(b"{")
            or any(name in head.start[140:220] for name in (b"gbtree", b"gblinear", b"dart"))
        ),
        (".ubj",),
        (".bst", ".deprecated", ".model"),
    ),
    Entry("lightgbm", lambda head: head.start.startswith(b"tree"), (".lgb", ".lightgbm"), (".model",)),
    Entry("catboost", lambda head: head.start.startswith(b"CBM1"), (".cbm",)),
    Entry("git-lfs", lambda head: head.start.startswith(b"version https://git-lfs")),
)

FORMATS: Sequence[Format] = LazySequence((entry.name for entry in INDEX), load)
"""All formats; looking at one loads it."""

ADDED: Registry[Format] = Registry()
"""Formats of plug-ins, which are asked after ours."""
