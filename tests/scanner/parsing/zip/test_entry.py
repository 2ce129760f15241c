"""The two headers of a member are compared, and only what two readers could see differently is stated."""

from dataclasses import replace

import pytest

from modelwarden.domain.observation import Quirk
from modelwarden.parsing.zip.entry import Entry, after_descriptor, disagreements, local_header, odd_names
from modelwarden.parsing.zip.records import Header
from modelwarden.source.memory import MemorySource

CENTRAL = Header(b"m.pkl", 0, 8, 0xABCD, 10, 20, 51)
LOCAL = replace(CENTRAL, length=35)


@pytest.mark.parametrize(
    "local",
    [
        LOCAL,
        replace(LOCAL, flags=0x8, crc=0, compressed_size=0, size=0),
        replace(LOCAL, flags=0x8, crc=0),
        replace(LOCAL, compressed_size=0xFFFFFFFF, size=0xFFFFFFFF),
        replace(LOCAL, flags=0x806),
    ],
    ids=["same", "streamed", "partly streamed", "64 bit without a field", "flags that change nothing"],
)
def test_ordinary_headers_agree(local: Header) -> None:
    assert list(disagreements(CENTRAL, local, 0)) == []


@pytest.mark.parametrize(
    ("local", "says"),
    [
        (replace(LOCAL, raw_name=b"x"), "name 'x'"),
        (replace(LOCAL, method=0), "method 0 instead of 8"),
        (replace(LOCAL, flags=1), "flags 0x0001 instead of 0x0000"),
        (replace(LOCAL, size=3), "size 3 instead of 20"),
        (replace(LOCAL, flags=8, size=3), "size 3 instead of 20"),
        (replace(LOCAL, compressed_size=0), "compressed size 0 instead of 10"),
        (replace(LOCAL, crc=1), "CRC 1 instead of 43981"),
    ],
)
def test_headers_that_differ_are_one_fact(local: Header, says: str) -> None:
    (fact,) = disagreements(CENTRAL, local, 7)
    assert (fact.quirk, fact.subject, fact.span.offset) == (Quirk.HEADER_DISAGREEMENT, "m.pkl", 7)
    assert fact.detail == f"the local header says {says}"


def test_a_unicode_name_that_needs_no_unicode_is_odd() -> None:
    assert list(odd_names(replace(CENTRAL, unicode_name="模型.pkl"), 0)) == []
    assert list(odd_names(replace(CENTRAL, unicode_name="m.pkl"), 0)) == []
    assert len(list(odd_names(replace(CENTRAL, unicode_name="x.pkl"), 0))) == 1


def test_a_long_extra_field_is_read_too() -> None:
    extra = b"FB" + (5000).to_bytes(2, "little") + bytes(5000)
    data = b"PK\3\4" + bytes(22) + (1).to_bytes(2, "little") + len(extra).to_bytes(2, "little") + b"n" + extra
    header = local_header(MemorySource(data), 0)
    assert header is not None
    assert header.length == len(data)
    assert local_header(MemorySource(data[:-1]), 0) is None
    assert local_header(MemorySource(data), -1) is None


@pytest.mark.parametrize("skip", [0, 12, 16, 20, 24])
def test_the_next_record_is_found_behind_any_descriptor(skip: int) -> None:
    assert after_descriptor(MemorySource(b"#" * (5 + skip) + b"PK\3\4"), 5) == 5 + skip
    assert after_descriptor(MemorySource(b"#" * 60), 5) is None


def test_a_stored_member_takes_the_larger_of_its_sizes() -> None:
    assert Entry(replace(CENTRAL, method=0), 0, 35).end == 35 + 20
    assert Entry(CENTRAL, 0, 35).end == 35 + 10
    assert Entry(CENTRAL, 5, None).end == 15


def test_an_empty_member_whose_name_ends_in_a_slash_is_a_directory() -> None:
    folder = replace(CENTRAL, raw_name=b"d/", size=0, compressed_size=2)
    assert Entry(folder, 0, 30).is_directory
    assert not Entry(replace(folder, size=1), 0, 30).is_directory
    assert not Entry(replace(folder, compressed_size=90), 0, 30).is_directory
