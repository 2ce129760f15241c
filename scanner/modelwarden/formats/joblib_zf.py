"""joblib before 0.10 with compression: `ZF`, the length in 19 characters, then zlib. `joblib.load` still unpickles it.

Upstream: `joblib/numpy_pickle_compat.py`, `read_zfile`. Older files still (joblib up to 0.8.4 on Python 2) have one more space.

Checked: What comes out is scanned as whatever it is: the stated length and the Adler-32 are compared.

Not checked: Nothing is left out below the limits.
"""

import zlib

from modelwarden.domain.format import ByteSource, Format
from modelwarden.parsing.wrapper import Wrapper
from modelwarden.source.checked import CheckedDeflate, Trailer
from modelwarden.source.inflate import Stream

_SIGNATURE = b"ZF"
_HEADER = 21
_DEFLATE = 8
_FDICT = 0x20


def _begin(source: ByteSource, offset: int) -> Stream | None:
    header = source.read(0, _HEADER + 3)
    stated = _stated_length(header[:_HEADER])
    if offset or stated is None:
        return None
    start = _HEADER + (header[_HEADER : _HEADER + 1] == b" ")
    method = header[start : start + 2]
    if len(method) < 2 or method[0] & 15 != _DEFLATE or method[1] & _FDICT or int.from_bytes(method) % 31:
        return None

    def compare(trailer: bytes, adler: int, size: int) -> str:
        if size != stated:
            return f"{stated} bytes are stated, it holds {size}"
        found = int.from_bytes(trailer)
        return "" if found == adler else f"its Adler-32 is {adler:#010x}, {found:#010x} is stated"

    return CheckedDeflate(
        source, 0, start + 2, Trailer(length=4, digest=zlib.adler32, start=1, compare=compare)
    )


def _stated_length(header: bytes) -> int | None:
    """The length of the content; None when the header is none. Python 2 wrote long integers with an L."""
    if len(header) < _HEADER or not header.startswith(_SIGNATURE):
        return None
    try:
        length = int(header[len(_SIGNATURE) :].strip().rstrip(b"L"), 16)
    except ValueError:
        return None
    return length if length >= 0 else None


_WRAPPER = Wrapper(name="joblib-zf", begin=_begin, suffixes={})
"""The content is never named after the file: joblib's `x.pkl_01.npy.z` hold bare numbers, and no array file."""

FORMAT = Format(
    name="joblib-zf",
    title="joblib compressed file (before 0.10)",
    suffixes=(),
    recognise=_WRAPPER.recognise,
    observe=_WRAPPER.observe,
)
