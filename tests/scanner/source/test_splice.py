"""A spliced source reads as if a part had never been there."""

from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.location import Span
from modelwarden.source.memory import MemorySource
from modelwarden.source.splice import SpliceSource


@given(st.binary(max_size=50), st.data())
def test_reads_like_the_bytes_without_the_part(data: bytes, draw: st.DataObject) -> None:
    begin = draw.draw(st.integers(0, len(data)))
    length = draw.draw(st.integers(0, len(data) - begin))
    whole = data[:begin] + data[begin + length :]
    spliced = SpliceSource(MemorySource(data), Span(begin, length))
    offset, count = draw.draw(st.integers(0, 60)), draw.draw(st.integers(0, 60))
    assert spliced.size == len(whole)
    assert spliced.read(offset, count) == whole[offset : offset + count]
