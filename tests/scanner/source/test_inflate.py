"""Compressed members can be read anywhere, in bounded memory, as far as anything comes out of them."""

import bz2
import lzma
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.source import inflate
from modelwarden.source.inflate import BLOCK, Ending, InflatedSource, Method
from modelwarden.source.memory import MemorySource

SMALL = Limits(inline_bytes=1 << 10)


def deflate(data: bytes, level: int = 6) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def zip_lzma(data: bytes) -> bytes:
    """As APPNOTE 5.8.8 says: version, length of the properties, the properties, the stream."""
    options = {"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 1 << 20}
    return (
        b"\x09\x04\x05\x00\x5d"
        + (1 << 20).to_bytes(4, "little")
        + lzma.compress(data, lzma.FORMAT_RAW, filters=[options])
    )


PACK = {
    Method.DEFLATE: deflate,
    Method.BZIP2: bz2.compress,
    Method.LZMA: zip_lzma,
    Method.XZ: lzma.compress,
}


def text(size: int, seed: int = 7) -> bytes:
    generator = random.Random(seed)
    words = [generator.randbytes(generator.randint(3, 40)) for _ in range(500)]
    return b"".join(generator.choices(words, k=size // 20 + 1))[:size]


def inflated(data: bytes, method: Method = Method.DEFLATE, limits: Limits = SMALL) -> InflatedSource:
    return InflatedSource(MemorySource(data), method, Budget(limits))


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("size", [0, 1, 1000, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 17])
def test_gives_what_was_packed(method: Method, size: int) -> None:
    data = text(size)
    packed = PACK[method](data)
    source = inflated(packed + b"what follows", method)
    assert (source.size, source.crc, source.ending) == (size, zlib.crc32(data), Ending.WHOLE)
    assert source.consumed == len(packed)
    assert source.read(0, size + 5) == data


@pytest.mark.parametrize("method", list(Method))
def test_reads_backwards_and_across_blocks(method: Method) -> None:
    data = text(30 * BLOCK)
    source = inflated(PACK[method](data), method, Limits(inline_bytes=0))
    for offset in (29 * BLOCK, 3, 17 * BLOCK - 5, 0, 30 * BLOCK - 1, 30 * BLOCK, 1 << 50):
        assert source.read(offset, 1000) == data[offset : offset + 1000]
    assert source.read(5, 0) == source.read(5, -1) == b""


def test_keeps_few_checkpoints_and_still_starts_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "CHECKPOINTS", 4)
    monkeypatch.setattr(inflate, "FIRST_SPACING", 1)
    monkeypatch.setattr(inflate, "CACHED_BLOCKS", 1)
    data = text(70 * BLOCK)
    budget = Budget(Limits(inline_bytes=0))
    source = InflatedSource(MemorySource(deflate(data)), Method.DEFLATE, budget)
    assert len(source._checkpoints) <= 4
    for block in (69, 40, 12, 41, 0):
        before = budget.expanded
        assert source.read(block * BLOCK, 10) == data[block * BLOCK : block * BLOCK + 10]
        assert budget.expanded - before <= 32 * BLOCK


def test_reading_forward_inflates_everything_just_once_more() -> None:
    data = text(40 * BLOCK)
    budget = Budget(SMALL)
    source = InflatedSource(MemorySource(deflate(data)), Method.DEFLATE, budget)
    assert budget.expanded == len(data)
    assert b"".join(source.read(at, 1000) for at in range(0, len(data), 1000)) == data
    assert budget.expanded <= 2 * len(data)


def test_small_members_are_inflated_once() -> None:
    data = text(5000)
    budget = Budget()
    source = InflatedSource(MemorySource(deflate(data)), Method.DEFLATE, budget)
    for _ in range(10):
        assert source.read(0, 5000) == data
    assert budget.expanded == 5000


@pytest.mark.parametrize("method", list(Method))
def test_a_cut_stream_gives_what_comes_before_the_cut(method: Method) -> None:
    data = text(3 * BLOCK)
    packed = PACK[method](data)
    source = inflated(packed[: len(packed) * 2 // 3], method)
    assert source.ending is Ending.TRUNCATED
    assert source.size > (BLOCK if method is not Method.BZIP2 else -1)
    assert source.read(0, source.size) == data[: source.size]


def test_a_broken_stream_gives_what_comes_before_the_break_but_for_its_last_byte() -> None:
    data = text(2 * BLOCK + 1234)
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
    source = inflated(packed + b"\x07 no such block type")
    assert source.ending is Ending.CORRUPT
    assert source.size == len(data) - 1, "zlib looks one symbol ahead and drops the byte with it"
    assert source.crc == zlib.crc32(data[:-1])
    assert source.read(0, len(data)) == data[:-1]
    assert source.read(BLOCK - 3, 6) == data[BLOCK - 3 : BLOCK + 3]


def test_a_wrong_bzip2_checksum_costs_no_byte() -> None:
    data = text(5000)
    packed = bytearray(bz2.compress(data))
    packed[10] ^= 1
    source = inflated(bytes(packed), Method.BZIP2)
    assert source.ending is Ending.CORRUPT
    assert data.startswith(source.read(0, source.size))
    assert source.size >= len(data) - 1


@pytest.mark.parametrize(
    "header", [b"", b"\x09\x04\x05", b"\x09\x04\x06\x00\x5d\0\0\1\0", b"\x09\x04\x05\x00\xff\0\0\1\0"]
)
def test_a_bad_lzma_header_gives_nothing(header: bytes) -> None:
    source = inflated(header + b"abc", Method.LZMA)
    assert (source.size, source.ending) == (0, Ending.CORRUPT)


def test_a_huge_lzma_dictionary_is_not_allocated() -> None:
    packed = bytearray(zip_lzma(b"hello"))
    packed[5:9] = b"\xff\xff\xff\xff"
    assert inflated(bytes(packed), Method.LZMA).read(0, 5) == b"hello"


def test_expansion_beyond_reason_stops_and_keeps_what_came_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "RATIO_FLOOR", 1 << 20)
    packed = deflate(bytes(16 << 20), 9)
    assert inflated(packed, limits=Limits(expansion_ratio=10_000)).ending is Ending.WHOLE
    source = inflated(packed, limits=Limits(expansion_ratio=500))
    assert source.ending is Ending.RATIO
    assert 1 << 20 < source.size < 2 << 20
    assert source.read(source.size - 5, 10) == bytes(5)


def test_the_budget_bounds_measuring_and_rereading() -> None:
    packed = deflate(bytes(4 << 20))
    with pytest.raises(LimitReached, match="after decompression"):
        inflated(packed, limits=Limits(expanded_bytes=1 << 20))
    source = inflated(packed, limits=Limits(expanded_bytes=9 << 20, inline_bytes=0))
    with pytest.raises(LimitReached):
        for _ in range(5):
            source.read(0, 4 << 20)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400), method=st.sampled_from(list(Method)))
def test_any_bytes_end_within_budget(data: bytes, method: Method) -> None:
    budget = Budget(Limits(inline_bytes=16, expanded_bytes=1 << 20))
    try:
        source = InflatedSource(MemorySource(data), method, budget)
        assert len(source.read(0, source.size)) == source.size
        assert source.consumed <= len(data)
    except LimitReached:
        assert budget.expanded > 1 << 20


@settings(max_examples=100, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 255)), min_size=1, max_size=3),
    method=st.sampled_from(list(Method)),
)
def test_a_flipped_stream_reads_the_same_again(flips: list[tuple[int, int]], method: Method) -> None:
    packed = bytearray(PACK[method](text(9000)))
    for at, bits in flips:
        packed[at % len(packed)] ^= bits
    source = inflated(bytes(packed), method, Limits(inline_bytes=0))
    once = source.read(0, source.size)
    assert len(once) == source.size
    assert zlib.crc32(once) == source.crc
    assert source.read(0, source.size) == once
