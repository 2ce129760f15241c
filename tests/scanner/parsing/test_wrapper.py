"""What comes out of a wrapper is handed on whatever its end is like; what is wrong is said."""

import zlib

import pytest

from modelwarden.domain.budget import Budget, Limits
from modelwarden.domain.format import ByteSource, Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.parsing.wrapper import Wrapper, starts
from modelwarden.source import inflate
from modelwarden.source.checked import CheckedDeflate, Trailer
from modelwarden.source.inflate import Stream
from modelwarden.source.memory import MemorySource


def compare(trailer: bytes, digest: int, size: int) -> str:
    return "" if int.from_bytes(trailer) == digest else "its checksum is wrong"


TRAILER = Trailer(length=4, digest=zlib.adler32, start=1, compare=compare)


def begin(source: ByteSource, offset: int) -> Stream | None:
    if source.read(offset, 2) not in (b"\x78\x9c", b"\x78\xda"):
        return None
    return CheckedDeflate(source, offset, offset + 2, TRAILER)


WRAPPER = Wrapper(name="test", begin=begin, suffixes={".zz": "", ".tzz": ".tar"})
CONTENT = b"weights " * 100
GOOD = zlib.compress(CONTENT)


def facts(
    data: bytes, limits: Limits | None = None, name: str = "", wrapper: Wrapper = WRAPPER
) -> list[Fact]:
    return list(wrapper.observe(MemorySource(data), Scope(Budget(limits or Limits()), name=name)))


def children(found: list[Fact]) -> list[tuple[str, bytes, str]]:
    return [
        (fact.member, fact.source.read(0, fact.source.size), fact.expected)
        for fact in found
        if isinstance(fact, Child)
    ]


def test_the_content_is_the_only_fact_about_a_sound_file() -> None:
    found = facts(GOOD + bytes(3), name="model.pkl.zz")
    assert len(found) == 1
    assert children(found) == [("model.pkl", CONTENT, "")]


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("model.pkl.zz", "model.pkl"),
        ("Model.PKL.ZZ", "Model.PKL"),
        ("run.tzz", "run.tar"),
        ("model.joblib", "data"),
        ("model.zz.pkl", "data"),
        (".zz", "data"),
        ("zz", "data"),
        ("", "data"),
    ],
)
def test_the_content_is_named_without_the_wrappers_suffix(name: str, member: str) -> None:
    assert WRAPPER.member(name) == member


def test_what_stands_behind_is_handed_on_and_zeros_are_not() -> None:
    found = facts(GOOD + bytes(20) + b"PK\3\4 and more")
    assert children(found) == [("data", CONTENT, ""), (f"+{len(GOOD) + 20}", b"PK\3\4 and more", "")]


def test_a_cut_file_is_malformed_and_what_came_out_is_handed_on() -> None:
    gap, child = facts(GOOD[:-2])
    assert isinstance(gap, Gap)
    assert (gap.shortfall, gap.detail) == (
        Shortfall.MALFORMED,
        "the compressed data stops before its end, 800 bytes came out",
    )
    assert children([child]) == [("data", CONTENT, "")]


def test_a_corrupt_file_is_malformed_and_what_came_out_is_handed_on() -> None:
    packer = zlib.compressobj()
    broken = packer.compress(CONTENT) + packer.flush(zlib.Z_FULL_FLUSH) + b"\x07 no such block type"
    gap, child = facts(broken)
    assert isinstance(gap, Gap)
    assert gap.detail == "the compressed data is corrupt, 799 bytes came out"
    assert children([child]) == [("data", CONTENT[:-1], "")]


def test_a_wrong_checksum_is_a_disagreement() -> None:
    anomaly, child = facts(GOOD + GOOD[:-1] + b"?")
    assert isinstance(anomaly, Anomaly)
    assert (anomaly.quirk, anomaly.detail) == (Quirk.HEADER_DISAGREEMENT, "its checksum is wrong")
    assert anomaly.span.offset == len(GOOD)
    assert children([child]) == [("data", CONTENT * 2, "")]


def test_a_bomb_is_stopped_and_what_came_out_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "RATIO_FLOOR", 1 << 20)
    packed = zlib.compress(b"cos\nsystem\n" + bytes(8 << 20), 9)
    gap, child = facts(packed, Limits(expansion_ratio=100))
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.LIMIT
    assert "what would come after them was not read" in gap.detail
    assert isinstance(child, Child)
    assert child.source.read(0, 11) == b"cos\nsystem\n"
    assert child.source.size < 2 << 20


def test_more_than_the_budget_allows_leaves_enough_to_read_what_came_out() -> None:
    limits = Limits(expanded_bytes=3 << 20, inline_bytes=0)
    gap, child = facts(zlib.compress(bytes(range(256)) * 32_768), limits)
    assert isinstance(gap, Gap)
    assert (gap.shortfall, gap.detail) == (
        Shortfall.LIMIT,
        "it holds more bytes than are allowed; 1,048,576 bytes came out",
    )
    assert isinstance(child, Child)
    assert child.source.read(0, 1 << 20) == bytes(range(256)) * 4096


def test_too_many_members_are_a_limit() -> None:
    gap, child = facts(GOOD * 5, Limits(members=2))
    assert isinstance(gap, Gap)
    assert gap.detail == "it holds more than 2 members: the rest was not read; 1,600 bytes came out"
    assert children([child]) == [("data", CONTENT * 2, "")]


def test_a_decompressor_that_needs_too_much_memory_is_a_limit() -> None:
    greedy = Wrapper(
        name="test",
        begin=begin,
        suffixes={},
        out_of_memory="Error -3 while decompressing data: invalid block type",
    )
    gap, child = facts(b"\x78\x9c\xff\xff", wrapper=greedy)
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.LIMIT
    assert children([child]) == [("data", b"", "")]
    assert greedy.recognise(Head(MemorySource(b"\x78\x9c\xff\xff")))
    assert not WRAPPER.recognise(Head(MemorySource(b"\x78\x9c\xff\xff")))


@pytest.mark.parametrize(
    ("data", "convincing", "expected"),
    [
        (GOOD, 1, True),
        (GOOD[:-1], 1, True),
        (zlib.compress(b""), 1, True),
        (zlib.compress(b"abc"), 16, True),
        (zlib.compress(b"abc")[:-1], 16, False),
        (zlib.compress(b"abc")[:-1], 1, True),
        (zlib.compress(b"abc")[:-1] + b"?", 1, True),
        (zlib.compress(bytes(100))[:-1] + b"?", 16, False),
        (zlib.compress(bytes(5000))[:20], 16, True),
        (b"\x78\x9c", 1, False),
        (b"\x78\x9c\xff\xff", 1, False),
    ],
)
def test_a_member_starts_where_enough_comes_out(data: bytes, convincing: int, expected: bool) -> None:
    assert starts(begin, MemorySource(b"before" + data), 6, convincing) is expected


@pytest.mark.parametrize("end", [b"\x07 no such block type", b"\x03\x00 wrong checksum"])
def test_a_fault_behind_what_a_loader_reads_at_once_hides_nothing(end: bytes) -> None:
    """Flushed blocks that hold nothing put the fault behind the first 8 KiB: the loader has the content by then."""
    packer = zlib.compressobj()
    packed = packer.compress(b"short") + packer.flush(zlib.Z_FULL_FLUSH)
    packed += b"\0\0\0\xff\xff" * 2000 + end
    assert zlib.decompressobj().decompress(packed[:8192]) == b"short"
    assert starts(begin, MemorySource(packed), 0)
    assert WRAPPER.recognise(Head(MemorySource(packed)))
    assert children(facts(packed))[0][1][:4] == b"shor"
