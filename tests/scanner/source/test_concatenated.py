"""Members one after another are one stream, up to what is neither a member nor zero."""

import zlib

import pytest

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import ByteSource
from modelwarden.source.checked import CheckedDeflate, Trailer
from modelwarden.source.concatenated import Concatenated, Journal, after_zeros
from modelwarden.source.inflate import Corrupt, Stream
from modelwarden.source.memory import MemorySource


def compare(trailer: bytes, digest: int, size: int) -> str:
    return "" if int.from_bytes(trailer) == digest else f"wrong after {size} bytes"


TRAILER = Trailer(length=4, digest=zlib.adler32, start=1, compare=compare)


def begin(source: ByteSource, offset: int) -> Stream | None:
    if source.read(offset, 2) != b"\x78\x9c":
        return None
    return CheckedDeflate(source, offset, offset + 2, TRAILER)


def stream(data: bytes, limits: Limits | None = None) -> tuple[Concatenated, Journal]:
    journal = Journal()
    return Concatenated(MemorySource(data), begin, Budget(limits or Limits()), journal), journal


def drained(one: Concatenated, step: int = 999) -> bytes:
    return b"".join(iter(lambda: one.step(step), b""))


FIRST, SECOND = zlib.compress(b"first " * 500), zlib.compress(b"second " * 500)
BOTH = b"first " * 500 + b"second " * 500


@pytest.mark.parametrize("between", [b"", b"\0", bytes(100_000)])
@pytest.mark.parametrize("behind", [b"", b"\0\0", b"junk"])
def test_gives_all_members_and_says_where_they_end(between: bytes, behind: bytes) -> None:
    one, journal = stream(FIRST + between + SECOND + behind)
    assert drained(one) == BOTH
    assert one.finished
    assert one.consumed == len(FIRST + between + SECOND)
    assert journal.furthest == len(FIRST + between)
    assert (journal.fault, journal.refusal, journal.limit) == ("", "", "")


def test_empty_members_do_not_end_it() -> None:
    one, _ = stream(zlib.compress(b"") * 3 + FIRST)
    assert drained(one) == b"first " * 500


def test_remembers_the_first_fault_and_goes_on() -> None:
    wrong = FIRST[:-1] + bytes([FIRST[-1] ^ 1])
    one, journal = stream(SECOND + wrong + wrong)
    assert drained(one).endswith(b"first " * 1000)
    assert (journal.fault, journal.fault_at) == ("wrong after 3000 bytes", len(SECOND))


def test_a_cut_member_leaves_it_unfinished() -> None:
    one, _ = stream(FIRST + SECOND[:-1])
    assert drained(one) == BOTH
    assert not one.finished


def test_a_refusal_is_kept() -> None:
    one, journal = stream(FIRST + b"\x78\x9c\xff\xff")
    with pytest.raises(Corrupt):
        drained(one)
    assert "invalid block type" in journal.refusal


def test_a_fork_goes_on_by_itself() -> None:
    one, _ = stream(FIRST + SECOND)
    start = one.step(3500)
    twin = one.fork()
    assert twin is not None
    assert start + drained(one) == start + drained(twin, 7) == BOTH


def test_members_are_charged_once_and_too_many_stop_it_with_a_word() -> None:
    limits = Limits(members=3)
    one, journal = stream(FIRST * 3, limits)
    assert drained(one) == b"first " * 1500
    assert journal.limit == ""
    one, journal = stream(FIRST * 5, limits)
    assert drained(one) == b"first " * 1500
    assert journal.limit == "more than 3 members: the rest was not read"
    assert not one.finished


def test_reading_again_charges_no_member() -> None:
    budget = Budget(Limits(members=2))
    journal = Journal()
    for _ in range(5):
        again = Concatenated(MemorySource(FIRST + SECOND), begin, budget, journal)
        assert drained(again) == BOTH
    assert budget.members == 2


def test_a_third_of_the_budget_may_come_out() -> None:
    one, journal = stream(FIRST + SECOND, Limits(expanded_bytes=3 * 4000))
    out = drained(one, 500)
    assert BOTH.startswith(out)
    assert 3500 <= len(out) <= 4000
    assert journal.limit == "more bytes than are allowed"
    assert not one.finished


def test_a_spent_budget_raises() -> None:
    with pytest.raises(LimitReached):
        stream(FIRST, Limits(members=0))


def test_zeros_end_at_the_first_other_byte_or_the_end() -> None:
    assert after_zeros(MemorySource(bytes(200_000) + b"x"), 5) == 200_000
    assert after_zeros(MemorySource(bytes(9)), 5) == 9
    assert after_zeros(MemorySource(b"abc"), 1) == 1
