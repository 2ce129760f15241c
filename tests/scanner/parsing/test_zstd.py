"""Frames of Zstandard give what the library gives, one block at a time; whatever is wrong with them ends."""

import contextlib
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing import zstd
from modelwarden.parsing.zstd import Feed, ZstdFrame, after_skippable, decompressor, is_frame
from modelwarden.source.inflate import Corrupt
from modelwarden.source.memory import MemorySource

CONTENT = bytes(range(256)) * 2000 + bytes(300_000)
SKIPPED = b"\x50\x2a\x4d\x18\4\0\0\0skip"


def make() -> Callable[[], Feed]:
    found = decompressor()
    assert found is not None
    return found


def packed(content: bytes = CONTENT, *, checksum: bool = False, size: bool = True) -> bytes:
    packer = zstandard.ZstdCompressor(level=3, write_checksum=checksum, write_content_size=size)
    return packer.compress(content)


def read(data: bytes, offset: int = 0, limit: int = 1 << 20) -> tuple[bytes, ZstdFrame]:
    frame = ZstdFrame(MemorySource(data), offset, make())
    parts: list[bytes] = []
    while part := frame.step(limit):
        assert len(part) <= limit
        parts.append(part)
    return b"".join(parts), frame


@pytest.mark.parametrize("checksum", [False, True])
@pytest.mark.parametrize("size", [False, True])
@pytest.mark.parametrize("content", [b"", b"x", CONTENT])
@pytest.mark.parametrize("limit", [7000, 1 << 20])
def test_gives_what_was_packed_and_knows_where_it_ends(
    checksum: bool, size: bool, content: bytes, limit: int
) -> None:
    data = packed(content, checksum=checksum, size=size)
    found, frame = read(b"before" + data + b"behind", 6, limit)
    assert found == content
    assert (frame.finished, frame.consumed, frame.fault) == (True, len(data), "")


def test_a_frame_to_be_skipped_gives_nothing() -> None:
    found, frame = read(SKIPPED + b"more")
    assert (found, frame.finished, frame.consumed) == (b"", True, 12)
    assert not read(SKIPPED[:-1])[1].finished


def test_a_wrong_checksum_is_a_fault_behind_the_content() -> None:
    data = packed(b"weights", checksum=True)
    found, frame = read(data[:-1] + bytes([data[-1] ^ 1]))
    assert found == b"weights"
    assert frame.finished
    assert frame.fault


def test_a_cut_frame_gives_what_is_there() -> None:
    data = packed()
    found, frame = read(data[:-5])
    assert CONTENT.startswith(found)
    assert not frame.finished


@pytest.mark.parametrize(
    "data", [b"", b"\x28\xb5\x2f\xfd", b"\x28\xb5\x2f\xfd\x08" + bytes(9), b"PK\3\4" + bytes(9)]
)
def test_no_frame_is_refused(data: bytes) -> None:
    assert not is_frame(data)
    with pytest.raises(ValueError, match="no frame"):
        ZstdFrame(MemorySource(data), 0, make())


def test_a_reserved_block_is_corrupt() -> None:
    data = b"\x28\xb5\x2f\xfd\x20\x01" + b"\x07\0\0" + bytes(8)
    with pytest.raises(Corrupt):
        read(data)


def test_blocks_that_hold_nothing_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zstd, "_EMPTY_BLOCKS", 10)
    with pytest.raises(Corrupt, match="empty"):
        read(b"\x28\xb5\x2f\xfd\x00\x00" + bytes(3) * 100)


def test_a_window_too_large_is_refused() -> None:
    with pytest.raises(Corrupt):
        read(b"\x28\xb5\x2f\xfd\x00\xf0" + b"\x01\0\0" + bytes(8))


def test_frames_to_be_skipped_are_skipped() -> None:
    assert after_skippable(MemorySource(SKIPPED * 3 + packed())) == 36
    assert after_skippable(MemorySource(packed())) == 0
    assert after_skippable(MemorySource(b"\x50\x2a\x4d\x18\xff\xff\xff\xff")) == (1 << 32) + 7


GOOD = packed(b"weights " * 50, checksum=True)


@given(
    st.binary(max_size=60).map(lambda rest: GOOD[:6] + rest)
    | st.tuples(st.integers(0, len(GOOD) - 1), st.integers(1, 255)).map(
        lambda edit: GOOD[: edit[0]] + bytes([GOOD[edit[0]] ^ edit[1]]) + GOOD[edit[0] + 1 :]
    )
)
def test_any_damage_ends(data: bytes) -> None:
    with contextlib.suppress(ValueError, Corrupt):
        read(data)
