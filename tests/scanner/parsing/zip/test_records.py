"""Each record is read from its bytes, and refused when it is cut off."""

import io
import struct
import zipfile

import pytest

from modelwarden.parsing.zip.records import (
    Header,
    local_length,
    read_central,
    read_end,
    read_end64,
    read_local,
    read_locator64,
)


def archive(name: str = "a/é.pkl", *, zip64: bool = False) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed, packed.open(name, "w", force_zip64=zip64) as member:
        member.write(b"content")
    return memory.getvalue()


@pytest.mark.parametrize("zip64", [False, True])
def test_both_headers_of_a_member_state_the_same(zip64: bool) -> None:
    data = archive(zip64=zip64)
    at = data.index(b"PK\1\2")
    local, central = read_local(data), read_central(data, at)
    assert local is not None
    assert central is not None
    assert local.name == central.name == "a/é.pkl"
    assert (local.size, local.compressed_size, local.crc) == (7, 7, central.crc)
    assert (central.size, central.compressed_size, central.offset) == (7, 7, 0)
    assert local.length == local_length(data) == data.index(b"content")
    assert at + central.length == data.index(b"PK\5\6")


def test_a_cut_off_record_is_none() -> None:
    data = archive()
    at, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    assert all(read_local(data[:cut]) is None for cut in range(data.index(b"content")))
    assert all(read_central(data[:cut], at) is None for cut in range(at, end))
    assert all(read_end(data[:cut], end) is None for cut in range(end, len(data)))
    assert read_end64(b"PK\6\6" + bytes(51)) is None
    assert read_locator64(b"PK\6\7" + bytes(15)) is None
    assert local_length(b"PK\3\4" + bytes(25)) is None


def test_64_bit_values_take_the_place_of_all_ones_only() -> None:
    wide = struct.pack("<HHQQ", 1, 16, 1 << 40, 5)
    fields = (b"PK\1\2", 45, 45, 0, 0, 0, 0, 0, 9, 0xFFFFFFFF, 1, len(wide), 0, 0, 0, 0, 0xFFFFFFFF)
    header = read_central(struct.pack("<4sHHHHHHIIIHHHHHII", *fields) + b"n" + wide)
    assert header is not None
    assert (header.size, header.compressed_size, header.offset) == (1 << 40, 9, 5)


def test_end_records_give_what_they_state() -> None:
    end = read_end(struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 3, 3, 0xFFFFFFFF, 7, 5))
    assert end is not None
    assert (end.count, end.offset, end.comment, end.is_unset) == (3, 7, 5, True)
    end64 = read_end64(struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 3, 3, 99, 1 << 40))
    assert end64 is not None
    assert (end64.count, end64.size, end64.offset, end64.is_unset) == (3, 99, 1 << 40, False)
    assert read_locator64(struct.pack("<4sIQI", b"PK\6\7", 0, 1 << 40, 1)) == 1 << 40


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [(b"\xc3\xa9", 0x800, "é"), (b"\x82", 0, "é"), (b"a\xff", 0x800, "a\\xff"), (b"..\\x", 0, "..\\x")],
)
def test_names_are_decoded_as_the_flag_says(raw: bytes, flags: int, name: str) -> None:
    assert Header(raw, flags, 0, 0, 0, 0, 30).name == name
