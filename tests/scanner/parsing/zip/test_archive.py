"""The archive as a whole: what is listed, what is not, what repeats. Contents are tested with `formats/zip.py`."""

import io
import zipfile

import pytest

from modelwarden.domain.budget import Budget, Limits
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.parsing.zip.archive import (
    DIRECTORIES,
    Archive,
    duplicates,
    has_directory,
    starts_like_an_archive,
)
from modelwarden.source.memory import MemorySource


def archive(*names: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        for number, name in enumerate(names):
            packed.writestr(name, str(number))
    return memory.getvalue()


def test_lists_members_with_the_place_of_their_content() -> None:
    data = archive("a", "b/c")
    read = Archive(MemorySource(data), Budget())
    assert read.facts == []
    assert [entry.name for entry in read.entries] == ["a", "b/c"]
    assert [data[entry.data or 0 : entry.end] for entry in read.entries] == [b"0", b"1"]


def test_reads_nothing_of_a_member_but_its_header() -> None:
    class Counting(MemorySource):
        count = 0

        def read(self, offset: int, length: int) -> bytes:
            part = super().read(offset, length)
            self.count += len(part)
            return part

    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr("big", bytes(10_000_000))
    source = Counting(memory.getvalue())
    assert len(Archive(source, Budget()).entries) == 1
    assert source.count < 100_000


def test_the_limit_of_members_is_a_gap_that_keeps_what_was_listed() -> None:
    read = Archive(MemorySource(archive(*map(str, range(30)))), Budget(Limits(members=7)))
    assert len(read.entries) == 7
    assert [fact.shortfall for fact in read.facts if isinstance(fact, Gap)] == [Shortfall.LIMIT]


@pytest.mark.parametrize("hidden", [False, True])
def test_the_limit_keeps_what_the_local_headers_gave(hidden: bool) -> None:
    data = archive(*map(str, range(30)))
    data = data[: data.index(b"PK\1\2")] + (archive("last") if hidden else b"")
    read = Archive(MemorySource(data), Budget(Limits(members=7)))
    assert len(read.entries) == 7
    assert Shortfall.LIMIT in [fact.shortfall for fact in read.facts if isinstance(fact, Gap)]


def test_too_many_directories_are_a_gap() -> None:
    read = Archive(MemorySource(archive("a") * (DIRECTORIES + 50)), Budget())
    assert len(read.entries) == DIRECTORIES
    assert Shortfall.LIMIT in [fact.shortfall for fact in read.facts if isinstance(fact, Gap)]


def test_equal_names_are_what_the_reader_takes_for_equal() -> None:
    read = Archive(MemorySource(archive("a.pkl", "A.pkl", "b")), Budget())
    assert list(duplicates(read.entries)) == []
    assert [fact.subject for fact in duplicates(read.entries, str.lower)] == ["A.pkl"]


@pytest.mark.parametrize(
    ("data", "starts", "has"),
    [
        (archive("a"), True, True),
        (archive("a")[:-22], True, False),
        (b"x" + archive(), False, True),
        (b"PK", False, False),
    ],
    ids=["whole", "no directory", "no member", "neither"],
)
def test_tells_archives_by_their_start_or_their_directory(data: bytes, starts: bool, has: bool) -> None:
    assert starts_like_an_archive(data) is starts
    assert has_directory(MemorySource(data), data) is has
