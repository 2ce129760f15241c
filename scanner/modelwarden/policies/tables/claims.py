"""What the name of a file says it is: a program, a library, a model, data. For the rules about programs under other names."""

import re

LIBRARIES = frozenset(".a .bundle .dll .dylib .ko .lib .node .o .obj .pyd .so".split())
"""Native code that programs load; models bring it along on purpose (AOTInductor, custom operators)."""

MODELS = frozenset(
    ".bin .bst .caffemodel .cbm .ckpt .checkpoint .dill .engine .flax .ggml .gguf .h5 .hdf5 .hdf .joblib .keras .lgb .lightgbm "
    ".mar .mlmodel .model .msgpack .nemo .npy .npz .onnx .orbax .ort .params .pb .pbtxt .pdiparams .pdmodel .pdparams .pickle "
    ".pkl .plan .pmml .prototxt .pt .pt2 .pte .pth .ptl .rds .rknn .safetensors .skops .t7 .tfjs .tflite .th .tokenizer .torch "
    ".trt .ubj .vocab .weights .zarr".split()
)
DATA = frozenset(
    ".7z .arrow .bmp .bz2 .csv .data .dat .db .feather .flac .gif .gz .ico .idx .index .jpeg .jpg .json .jsonl .mov .mp3 .mp4 "
    ".ogg .parquet .pdf .png .sqlite .svg .tar .tgz .tif .tiff .tsv .wav .webm .webp .xml .xz .zip .zst".split()
)
TEXT = frozenset(".cfg .conf .htm .html .ini .j2 .jinja .log .md .rst .toml .txt .yaml .yml".split())
"""A program is no text; a script may well be one."""

_VERSIONED_LIBRARY = re.compile(r".*\.(?:so|dylib)(?:\.[0-9][\w+-]*)+", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r"(?:.*[^+])?\+\d+", re.DOTALL)
_SAYS_SO = re.compile(
    r"soffice|oosplash|unopkg|valgrind|install|setup|updat|firmware|(?:^|[\W_])(?:boot|bios|fw|kernel|driver|loader|busybox|agent|server|client|"
    r"linux|darwin|macos|windows|win32|win64|x86|x64|x86_64|i[3-6]86|amd64|arm64|aarch64|armv\w+|riscv\w*|tool|cli)(?:$|[\W_\d])",
    re.IGNORECASE,
)
"""Programs do bear `.bin`, but then their names say so."""


def suffix(name: str) -> str:
    """The last suffix, lower case with its dot, or empty."""
    stem, dot, last = name.replace("\\", "/").rpartition("/")[2].rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def is_library(name: str) -> bool:
    """Whether it is named as native code that programs load: `.so`, `.so.1.2`, `.dll`."""
    return suffix(name) in LIBRARIES or _VERSIONED_LIBRARY.fullmatch(name) is not None


def is_part(name: str) -> bool:
    """Whether it is no name but a place: bytes behind or between the parts of a format."""
    return _PART.fullmatch(name) is not None


def claims_data(name: str) -> bool:
    """Whether the name belongs to a model or to data, which nobody runs."""
    last = suffix(name)
    if last == ".bin":
        return _SAYS_SO.search(name.replace("\\", "/").rpartition("/")[2][: -len(last)]) is None
    return not is_library(name) and (last in MODELS or last in DATA)


def claims_text(name: str) -> bool:
    """Whether the name belongs to text that people read or programs are configured with."""
    return suffix(name) in TEXT
