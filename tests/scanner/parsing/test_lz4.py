"""Frames of the real lz4 library give what was packed; broken ones give what comes before the break."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.parsing.lz4 import Lz4Frame, decompress_block
from modelwarden.source.inflate import Corrupt
from modelwarden.source.memory import MemorySource

SAMPLES = Path(__file__).parent / "lz4_samples"
PLAIN = (SAMPLES / "plain.lz4").read_bytes()
LINKED = (SAMPLES / "linked-64k.lz4").read_bytes()


def sample() -> bytes:
    """What `lz4_samples/make.py` packs."""
    words = b"".join(b"layer.%d.weight " % (number * number % 97) for number in range(6000))
    state = 12345
    noise = bytearray()
    for _ in range(3000):
        state = (state * 1103515245 + 12345) % (1 << 31)
        noise.append(state >> 16 & 255)
    return (words + bytes(noise) + words + bytes(40_000))[:200_000]


SAMPLE = sample()


def drained(frame: Lz4Frame, step: int = 1 << 20) -> bytes:
    return b"".join(iter(lambda: frame.step(step), b""))


def before_the_fault(frame: Lz4Frame) -> tuple[bytes, str]:
    out = b""
    try:
        while part := frame.step(1000):
            out += part
    except Corrupt as fault:
        return out, str(fault)
    return out, ""


@pytest.mark.parametrize(
    "name",
    ["plain", "linked-64k", "independent-64k", "4m", "checksums", "no-content-size", "hard"],
)
@pytest.mark.parametrize("step", [1 << 20, 4099])
def test_gives_what_the_library_packed(name: str, step: int) -> None:
    data = (SAMPLES / f"{name}.lz4").read_bytes()
    frame = Lz4Frame(MemorySource(b"before" + data + b"behind"), 6)
    assert drained(frame, step) == SAMPLE
    assert (frame.finished, frame.fault, frame.consumed) == (True, "", len(data))


def test_gives_what_is_stored_without_compression_and_nothing_of_an_empty_frame() -> None:
    assert drained(Lz4Frame(MemorySource((SAMPLES / "noise.lz4").read_bytes()), 0)) == SAMPLE[97_000:99_000]
    empty = Lz4Frame(MemorySource((SAMPLES / "empty.lz4").read_bytes()), 0)
    assert drained(empty) == b""
    assert empty.finished


def test_a_fork_goes_on_by_itself() -> None:
    frame = Lz4Frame(MemorySource(LINKED), 0)
    start = frame.step(100_000) + frame.step(1000)
    twin = frame.fork()
    assert start + drained(frame) == start + drained(twin, 777) == SAMPLE


def test_a_fork_keeps_no_decompressed_block() -> None:
    frame = Lz4Frame(MemorySource((SAMPLES / "4m.lz4").read_bytes()), 0)
    assert frame.step(1000) == SAMPLE[:1000]
    twin = frame.fork()
    assert len(twin._pending) == 0
    again = twin.fork()
    assert twin.step(1000) == again.step(1000) == frame.step(1000) == SAMPLE[1000:2000]


def test_a_skippable_frame_gives_nothing() -> None:
    frame = Lz4Frame(MemorySource(b"\x5a\x2a\x4d\x18\x03\0\0\0abc"), 0)
    assert (frame.step(9), frame.finished, frame.consumed) == (b"", True, 11)
    cut = Lz4Frame(MemorySource(b"\x5a\x2a\x4d\x18\x04\0\0\0abc"), 0)
    assert (cut.finished, cut.consumed) == (False, 11)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PLAIN[:6],
        b"\x05" + PLAIN[1:],
        PLAIN[:4] + bytes([PLAIN[4] ^ 0x80]) + PLAIN[5:],
        PLAIN[:5] + b"\x30" + PLAIN[6:],
    ],
    ids=["empty", "cut in the descriptor", "other magic", "other version", "no block size"],
)
def test_other_bytes_are_no_frame(data: bytes) -> None:
    with pytest.raises(ValueError, match="no LZ4 frame"):
        Lz4Frame(MemorySource(data), 0)


def cut_in_a_block(data: bytes) -> bytes:
    return data[: len(data) // 2]


def without_end_mark(data: bytes) -> bytes:
    return data[:-4]


@pytest.mark.parametrize("mutation", [cut_in_a_block, without_end_mark])
def test_a_cut_frame_gives_what_comes_before_the_cut(mutation: Callable[[bytes], bytes]) -> None:
    frame = Lz4Frame(MemorySource(mutation(LINKED)), 0)
    out, fault = before_the_fault(frame)
    assert SAMPLE.startswith(out)
    assert len(out) > 60_000
    assert (fault, frame.finished) == ("", False)


def test_a_broken_block_gives_what_comes_before_the_break_then_says_so() -> None:
    second = LINKED.index(SAMPLE[97_000:97_050]) - 1500
    frame = Lz4Frame(MemorySource(LINKED[:second] + bytes(16) + LINKED[second + 16 :]), 0)
    out, fault = before_the_fault(frame)
    assert SAMPLE[:60_000] == out[:60_000]
    assert fault or out != SAMPLE


def test_a_content_size_that_is_not_so_is_a_fault() -> None:
    stated = PLAIN.index(len(SAMPLE).to_bytes(8, "little"))
    frame = Lz4Frame(MemorySource(PLAIN[:stated] + b"\x01" + PLAIN[stated + 1 :]), 0)
    assert drained(frame) == SAMPLE
    assert frame.fault == f"{len(SAMPLE) & ~255 | 1} bytes are stated, it holds 200000"


def test_a_block_larger_than_the_frame_allows_is_corrupt() -> None:
    frame = Lz4Frame(MemorySource(PLAIN[:4] + b"\x40\x40\x00" + b"\xff\xff\xff\x7f" + b"x" * 100), 0)
    with pytest.raises(Corrupt, match="larger than the frame allows"):
        frame.step(10)


def test_empty_blocks_without_end_are_corrupt() -> None:
    frame = Lz4Frame(MemorySource(PLAIN[:4] + b"\x40\x40\x00" + b"\x01\0\0\0\0" * 5000), 0)
    with pytest.raises(Corrupt, match="too many empty blocks"):
        frame.step(10)


@pytest.mark.parametrize(
    ("block", "history", "expected"),
    [
        (b"\x30abc", b"", (b"abc", "")),
        (b"\x12a\x01\x00", b"", (b"aaaaaaa", "")),
        (b"\x00\x03\x00", b"xyz", (b"xyzx", "")),
        (b"\x0f\x01\x00\x05", b"z", (b"z" * 24, "")),
        (b"\x12a\x02\x00", b"", (b"a", "a match reaches back before the beginning")),
        (b"\x12a\x00\x00", b"", (b"a", "a match reaches back before the beginning")),
        (b"\x90abc", b"", (b"abc", "literals go on behind their block")),
        (b"\x1fa\x01\x00\xff\xff\xff\xff\x00", b"", (b"a", "a block expands beyond the size of a block")),
        (b"\xf0\xff" + b"\xff" * 9, b"", (b"", "a block expands beyond the size of a block")),
    ],
)
def test_blocks_follow_the_specification(block: bytes, history: bytes, expected: tuple[bytes, str]) -> None:
    assert decompress_block(block, history, 1000) == expected


@settings(max_examples=500, deadline=None)
@given(block=st.binary(max_size=200), history=st.binary(max_size=20), limit=st.integers(0, 4096))
def test_any_block_ends_within_its_limit(block: bytes, history: bytes, limit: int) -> None:
    output, _ = decompress_block(block, history, limit)
    assert len(output) <= limit


@settings(max_examples=300, deadline=None)
@given(flips=st.lists(st.tuples(st.integers(0, 4609), st.integers(1, 255)), min_size=1, max_size=4))
def test_a_flipped_frame_ends(flips: list[tuple[int, int]]) -> None:
    packed = bytearray(LINKED)
    for at, bits in flips:
        packed[at] ^= bits
    try:
        frame = Lz4Frame(MemorySource(bytes(packed)), 0)
    except ValueError:
        return
    out, _ = before_the_fault(frame)
    assert len(out) <= 255 * len(LINKED)
    assert frame.consumed <= len(LINKED)
