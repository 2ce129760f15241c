"""LZ4 frame: what `joblib.dump(…, compress="lz4")` writes; the loader unpickles what comes out.

Specification: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md

Checked: What comes out is scanned as whatever it is: every frame of the file, with linked blocks and the stated size, and what
follows.

Not checked: Checksums, which not every reader compares; the legacy frame format.
"""

from modelwarden.domain.format import ByteSource, Format, Head
from modelwarden.parsing.lz4 import Lz4Frame
from modelwarden.parsing.wrapper import Wrapper
from modelwarden.parsing.zstd import after_skippable, is_frame
from modelwarden.source.inflate import Stream

_SKIPPABLE = b"\x2a\x4d\x18"


def _begin(source: ByteSource, offset: int) -> Stream | None:
    try:
        return Lz4Frame(source, offset)
    except ValueError:
        return None


_WRAPPER = Wrapper(name="lz4", begin=_begin, suffixes={".lz4": ""})


def _recognise(head: Head) -> bool:
    """Frames to be skipped may also begin a file of Zstandard (`pzstd` writes them)."""
    return _WRAPPER.recognise(head) and not (
        head.start[1:4] == _SKIPPABLE and is_frame(head.source.read(after_skippable(head.source), 9))
    )


FORMAT = Format(
    name="lz4",
    title="LZ4 wrapper",
    suffixes=(),
    ambiguous_suffixes=(".lz4",),
    recognise=_recognise,
    observe=_WRAPPER.observe,
)
