"""The formats we read, one file each. `FORMATS` is the only list of them; its order is the order of reading."""

from modelwarden.domain.format import Format
from modelwarden.formats import (
    bzip2,
    git_lfs,
    gzip,
    joblib_zf,
    lz4,
    lzma,
    npy,
    pickle,
    pytorch,
    pytorch_legacy,
    pytorch_tar,
    safetensors,
    tar,
    torchscript_code,
    xz,
    zip,
    zlib,
    zstd,
)

FORMATS: tuple[Format, ...] = (
    pickle.FORMAT,
    pytorch_legacy.FORMAT,
    pytorch_tar.FORMAT,
    pytorch.FORMAT,
    torchscript_code.FORMAT,
    npy.FORMAT,
    zip.FORMAT,
    tar.FORMAT,
    gzip.FORMAT,
    bzip2.FORMAT,
    xz.FORMAT,
    lzma.FORMAT,
    zlib.FORMAT,
    lz4.FORMAT,
    zstd.FORMAT,
    joblib_zf.FORMAT,
    safetensors.FORMAT,
    git_lfs.FORMAT,
)
