"""Checksums are compared, never obeyed: the last bytes come out whatever the trailer says."""

import zlib

import pytest

from modelwarden.source.checked import CheckedDeflate, Trailer
from modelwarden.source.memory import MemorySource

DATA = bytes(range(256)) * 40
TRAILER = Trailer(
    length=4,
    digest=zlib.adler32,
    start=1,
    compare=lambda trailer, digest, size: (
        "" if (int.from_bytes(trailer), size) == (digest, len(DATA)) else "wrong"
    ),
)


def stream(data: bytes, offset: int = 0) -> CheckedDeflate:
    return CheckedDeflate(MemorySource(data), offset, offset + 2, TRAILER)


def drained(one: CheckedDeflate, step: int = 999) -> bytes:
    return b"".join(iter(lambda: one.step(step), b""))


@pytest.mark.parametrize("before", [b"", b"something else"])
def test_is_finished_behind_its_trailer(before: bytes) -> None:
    packed = zlib.compress(DATA)
    one = stream(before + packed + b"what follows", len(before))
    assert drained(one) == DATA
    assert (one.finished, one.fault, one.consumed) == (True, "", len(packed))


def test_a_wrong_checksum_is_a_fault_and_costs_no_byte() -> None:
    packed = zlib.compress(DATA)
    one = stream(packed[:-1] + bytes([packed[-1] ^ 1]))
    assert drained(one) == DATA
    assert (one.finished, one.fault) == (True, "wrong")


@pytest.mark.parametrize("missing", [1, 3, 4])
def test_without_its_whole_trailer_it_is_not_finished(missing: int) -> None:
    one = stream(zlib.compress(DATA)[:-missing])
    assert drained(one) == DATA
    assert (one.finished, one.fault) == (False, "")


def test_a_fork_goes_on_by_itself_and_ends_the_same() -> None:
    one = stream(zlib.compress(DATA))
    start = one.step(1000)
    twin = one.fork()
    assert start + drained(one) == start + drained(twin, 7) == DATA
    assert one.finished
    assert twin.finished
    assert one.fault == twin.fault == ""
