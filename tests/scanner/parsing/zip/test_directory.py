"""Directories are found wherever some reader would look for them."""

import io
import struct
import zipfile

from modelwarden.parsing.zip.directory import central_records, directories_at, end_records
from modelwarden.source.memory import MemorySource


def archive(count: int = 2) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        for number in range(count):
            packed.writestr(f"{number}", b"x")
    return memory.getvalue()


def places(data: bytes) -> list[tuple[int, int]]:
    return [(one.start, one.base) for one in directories_at(MemorySource(data), data.rindex(b"PK\5\6"))]


def test_end_records_come_last_first_and_whole() -> None:
    one = b"PK\5\6" + bytes(18)
    assert list(end_records(b"ab" + one + one + b"PK\5\6")) == [24, 2]
    assert list(end_records(b"")) == []


def test_the_directory_of_an_ordinary_archive_is_one() -> None:
    data = archive()
    assert places(data) == [(data.index(b"PK\1\2"), 0)]


def test_what_stands_before_the_archive_is_the_base() -> None:
    data = archive()
    assert places(b"stub" + data) == [(4 + data.index(b"PK\1\2"), 4)]


def test_a_directory_at_the_stated_offset_counts_beside_the_one_before_the_end() -> None:
    data = archive()
    start, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    twice = data[:end] + data[start:]
    assert places(twice) == [(end, end - start), (start, 0)]


def test_the_64_bit_record_counts_beside_a_set_32_bit_one() -> None:
    data = archive()
    start, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    second = data.index(b"PK\1\2", start + 1)
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, end - second, second)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    assert places(data[:end] + wide + locator + data[end:]) == [(second, 0), (start, 0)]
    masked = data[end : end + 12] + b"\xff" * 8 + data[end + 20 :]
    assert places(data[:end] + wide + locator + masked) == [(second, 0)]


def test_a_signature_alone_is_no_end_record() -> None:
    assert places(b"text about PK\5\6 and then more of it, long enough") == []


def test_records_follow_one_another_beyond_one_window() -> None:
    data = archive(9000)
    found = list(central_records(MemorySource(data), data.index(b"PK\1\2")))
    assert [header.name for _, header in found] == [str(number) for number in range(9000)]
    assert [data[at : at + 4] for at, _ in found[:5000:1000]] == [b"PK\1\2"] * 5
