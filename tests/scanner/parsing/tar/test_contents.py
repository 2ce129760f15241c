"""Members are handed on as far as they are there, and what is missing is said."""

import io
import tarfile

import pytest

from modelwarden.domain.budget import Budget
from modelwarden.domain.format import Child
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.parsing.tar.contents import content, entries, opened, shortfall
from modelwarden.parsing.tar.headers import Member
from modelwarden.source.memory import MemorySource

FILE = Member("a.txt", ord("0"), 0, 512, 5)


def archive() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:") as packed:
        member = tarfile.TarInfo("a.txt")
        member.size = 5
        packed.addfile(member, io.BytesIO(b"hello"))
    return out.getvalue()


def test_a_sound_archive_has_members_only() -> None:
    assert list(entries(MemorySource(archive()), Budget())) == [FILE]


def test_what_stands_behind_the_end_is_handed_on() -> None:
    first, anomaly, child = entries(MemorySource(archive() + b"junk"), Budget())
    assert first == FILE
    assert isinstance(anomaly, Anomaly)
    assert anomaly.quirk is Quirk.POLYGLOT
    assert isinstance(child, Child)
    assert (child.member, child.source.read(0, 9)) == (f"+{len(archive())}", b"junk")


def test_a_second_archive_behind_the_first_is_handed_on_whole() -> None:
    _, _, child = entries(MemorySource(archive() * 2), Budget())
    assert isinstance(child, Child)
    assert child.source.read(0, 600) == archive()[:600]


def test_damage_is_malformed() -> None:
    gap, member = entries(MemorySource(b"rubbish".ljust(512) + archive()), Budget())
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.MALFORMED
    assert isinstance(member, Member)


def test_a_file_is_opened_with_what_is_expected() -> None:
    source = MemorySource(archive())
    [child] = opened(source, FILE, "pickle")
    assert isinstance(child, Child)
    assert (child.member, child.source.read(0, 9), child.expected) == ("a.txt", b"hello", "pickle")
    assert content(source, FILE).size == 5


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"4", b"5", b"6"])
def test_nothing_is_opened_that_has_no_content(kind: bytes) -> None:
    assert list(opened(MemorySource(archive()), Member("a", kind[0], 0, 512, 5))) == []


def test_a_cut_file_is_malformed_and_a_sparse_one_unsupported() -> None:
    source = MemorySource(archive()[:515])
    [gap] = shortfall(source, FILE)
    assert (gap.shortfall, gap.detail) == (Shortfall.MALFORMED, "a.txt: cut off after 3 of 5 bytes")
    [gap] = shortfall(MemorySource(archive()), Member("a", ord("S"), 0, 512, 5, sparse=True))
    assert gap.shortfall is Shortfall.UNSUPPORTED
    beyond = Member("a", ord("0"), 0, 9999, 5)
    assert [gap.detail for gap in shortfall(source, beyond)] == ["a: cut off after 0 of 5 bytes"]
