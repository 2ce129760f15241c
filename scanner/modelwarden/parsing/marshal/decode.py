"""Marshal data in a file as a fact."""

from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import CodeBlob
from modelwarden.parsing.code.blob import code_blob, undecoded
from modelwarden.parsing.marshal.reader import Unreadable, read

_CEILING: Final = 2 << 20
"""Real functions take a few KiB; the standard library's largest module takes 250."""


def decode(source: ByteSource, offset: int, length: int) -> CodeBlob:
    """What the code objects reach that stand as marshal data in `length` bytes from `offset`. Never raises of itself."""
    span = Span(offset, length)
    if length > _CEILING:
        return undecoded(span)
    return decode_bytes(source.read(offset, length), span)


def decode_bytes(data: bytes, span: Span) -> CodeBlob:
    """Like `decode`, for bytes that came out of base64 or the like; `span` says where they came from."""
    if len(data) > _CEILING:
        return undecoded(span)
    try:
        codes = read(data)
    except Unreadable:
        return undecoded(span)
    return code_blob(codes, span) if codes else undecoded(span)
