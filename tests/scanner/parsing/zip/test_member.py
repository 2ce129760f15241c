"""What a member holds is read as it is, and held against what is stated."""

import io
import zipfile
from collections.abc import Iterator

import pytest

from modelwarden.domain.budget import Budget, Limits
from modelwarden.domain.format import Child, Fact
from modelwarden.parsing.zip.archive import Archive
from modelwarden.parsing.zip.member import Members
from modelwarden.source.inflate import InflatedSource
from modelwarden.source.memory import MemorySource
from modelwarden.source.slice import SliceSource


def archive(content: bytes, method: int = zipfile.ZIP_STORED, *names: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as packed:
        for name in names or ("m.pkl",):
            packed.writestr(name, content)
    return memory.getvalue()


def opened(data: bytes, limits: Limits | None = None) -> Iterator[Fact]:
    read = Archive(MemorySource(data), Budget(limits or Limits()))
    members = Members(read)
    for entry in read.entries:
        yield from members.open(entry, "pickle")


@pytest.mark.parametrize(
    ("method", "kind"), [(zipfile.ZIP_STORED, MemorySource), (zipfile.ZIP_DEFLATED, InflatedSource)]
)
def test_gives_a_member_by_its_name_and_for_whom(method: int, kind: type) -> None:
    (child,) = opened(archive(b"content" * 9, method))
    assert isinstance(child, Child)
    assert (child.member, child.expected, child.source.read(0, 99)) == ("m.pkl", "pickle", b"content" * 9)
    assert isinstance(child.source, kind)


def test_a_big_stored_member_is_not_read() -> None:
    (child,) = opened(archive(b"content"), Limits(inline_bytes=3))
    assert isinstance(child, Child)
    assert isinstance(child.source, SliceSource)


def test_directories_are_passed_by() -> None:
    assert list(opened(archive(b"", zipfile.ZIP_STORED, "folder/"))) == []


def test_checksums_that_nobody_computed_are_not_compared() -> None:
    data = archive(b"content", zipfile.ZIP_STORED, "a", "b")
    crc = data[14:18]
    assert len(list(opened(data.replace(crc, bytes(4))))) == 2
    changed = data.replace(b"content", b"CONTENT")
    assert len(list(opened(changed))) == 4


def test_stored_bytes_are_unread_and_unchecked_as_they_stand() -> None:
    read = Archive(MemorySource(archive(b"content")), Budget())
    content = Members(read).as_it_stands(read.entries[0])
    assert content is not None
    assert content.read(0, 99) == b"content"
    packed = Archive(MemorySource(archive(b"content" * 9, zipfile.ZIP_DEFLATED)), Budget())
    assert Members(packed).as_it_stands(packed.entries[0]) is None
