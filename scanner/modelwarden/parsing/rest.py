"""What stands behind the end of a format, from its first byte that is no padding."""

from collections.abc import Iterator
from itertools import islice

from modelwarden.domain.format import ByteSource, Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Quirk
from modelwarden.parsing.native import search_programs
from modelwarden.source.slice import SliceSource

_BLOCK = 1 << 20
_PADDING = 256 << 20
"""Nobody pads with more zeros."""
_SEARCHED = 16 << 20
_MOST_PROGRAMS = 4


def rest_behind(source: ByteSource, end: int, what: str, padding: bytes = b"\0") -> Iterator[Fact]:
    """The fact that bytes follow `what`, and these as a child; so are programs that stand further on in them."""
    start = end
    while start < min(source.size, end + _PADDING):
        block = source.read(start, _BLOCK)
        content = block.lstrip(padding)
        start += len(block) - len(content)
        if content:
            break
    rest = source.size - start
    if rest > 0:
        yield Anomaly(Quirk.TRAILING_DATA, "end", f"{rest} bytes follow the {what}", Span(start, rest))
        held = SliceSource(source, start, rest)
        yield Child(f"+{start}", held)
        for place, _ in islice(search_programs(held, _SEARCHED), _MOST_PROGRAMS):
            if place:
                yield Child(f"+{start + place}", SliceSource(held, place, rest - place))
