"""bzip2: what `joblib.dump(…, compress="bz2")` and `pandas.to_pickle("x.pkl.bz2")` write; the loaders unpickle what comes out.

There is no specification; the format is that of https://sourceware.org/bzip2/.

Checked: What comes out is scanned as whatever it is: every stream of the file with its checksums, and what follows the last one.

Not checked: Nothing is left out below the limits.
"""

import bz2
import re

from modelwarden.domain.format import ByteSource, Format, Head
from modelwarden.parsing.wrapper import Wrapper
from modelwarden.source.inflate import Sequential, Stream
from modelwarden.source.slice import SliceSource

_START = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
"""The signature, the block size, and the mark of the first block or of the end."""


def _begin(source: ByteSource, offset: int) -> Stream | None:
    if _START.match(source.read(offset, 10)) is None:
        return None
    packed = SliceSource(source, offset, source.size - offset)
    return Sequential(packed, 0, bz2.BZ2Decompressor(), (OSError, EOFError, ValueError))


_WRAPPER = Wrapper(name="bzip2", begin=_begin, suffixes={".bz2": "", ".tbz2": ".tar", ".tbz": ".tar"})


def _recognise(head: Head) -> bool:
    """By the signature alone, which is long enough: what gives nothing is to be reported, not passed by."""
    return _START.match(head.start) is not None


FORMAT = Format(
    name="bzip2",
    title="bzip2 wrapper",
    suffixes=(),
    ambiguous_suffixes=(".bz2",),
    recognise=_recognise,
    observe=_WRAPPER.observe,
)
