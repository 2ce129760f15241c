"""The formats we read, one file each. `FORMATS` is the only list of them; its order is the order of reading."""

from modelwarden.domain.format import Format
from modelwarden.formats import git_lfs, pickle, pytorch, pytorch_legacy, safetensors, zip

FORMATS: tuple[Format, ...] = (
    pickle.FORMAT,
    pytorch_legacy.FORMAT,
    pytorch.FORMAT,
    zip.FORMAT,
    safetensors.FORMAT,
    git_lfs.FORMAT,
)
