"""LZ4 frame: what `joblib.dump(…, compress="lz4")` writes; the loader unpickles what comes out.

Specification: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
"""

from modelwarden.domain.format import ByteSource, Format
from modelwarden.parsing.lz4 import Lz4Frame
from modelwarden.parsing.wrapper import Wrapper
from modelwarden.source.inflate import Stream


def _begin(source: ByteSource, offset: int) -> Stream | None:
    try:
        return Lz4Frame(source, offset)
    except ValueError:
        return None


_WRAPPER = Wrapper(name="lz4", begin=_begin, suffixes={".lz4": ""})

FORMAT = Format(
    name="lz4",
    title="LZ4 wrapper",
    suffixes=(),
    ambiguous_suffixes=(".lz4",),
    recognise=_WRAPPER.recognise,
    observe=_WRAPPER.observe,
)
