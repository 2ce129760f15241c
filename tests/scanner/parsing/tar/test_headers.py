"""Headers are read as `tarfile` reads them, and found again behind damage."""

import io
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.parsing.tar.headers import BLOCK, Damage, Elsewhere, Member, is_header, members
from modelwarden.source.memory import MemorySource

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
NAMES = ["a.txt", "dir/weights.bin", "größe/猫.pkl", "d" * 90 + "/" + "n" * 60, "empty"]


def archive(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:", format=form) as packed:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    return out.getvalue()


def special(*infos: tuple[str, bytes, str]) -> bytes:
    """Members without content: name, type, where it leads."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:") as packed:
        for name, kind, link in infos:
            member = tarfile.TarInfo(name)
            member.type = kind
            member.linkname = link
            packed.addfile(member)
    return out.getvalue()


def found(data: bytes, limits: Limits | None = None) -> list[Member | Damage | Elsewhere]:
    return list(members(MemorySource(data), Budget(limits or Limits())))


def listed(data: bytes) -> list[tuple[str, int, int]]:
    return [(one.name, one.data, one.size) for one in found(data) if isinstance(one, Member)]


def by_tarfile(data: bytes) -> list[tuple[str, int, int]]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as packed:
        return [(member.name, member.offset_data, member.size) for member in packed]


def with_checksum(block: bytes) -> bytes:
    """A header with its checksum put right."""
    total = sum(block[:148]) + sum(block[156:512]) + 8 * 32
    return block[:148] + b"%06o\0 " % total + block[156:]


def changed(data: bytes, offset: int, value: bytes) -> bytes:
    """The first header with one field changed and its checksum put right."""
    return with_checksum(data[:offset] + value + data[offset + len(value) : 512]) + data[512:]


@pytest.mark.parametrize("form", FORMATS)
def test_lists_what_tarfile_lists(form: str) -> None:
    data = archive({name: name.encode() * 70 for name in NAMES} | {"none": b""}, FORMATS[form])
    assert listed(data) == by_tarfile(data)
    assert all(isinstance(one, Member) and one.is_file for one in found(data))


def test_says_where_the_archive_ends() -> None:
    data = archive({"a": b"x"})
    walk = members(MemorySource(data), Budget())
    next(walk)
    with pytest.raises(StopIteration) as end:
        next(walk)
    assert end.value.value == 3 * BLOCK, "one block of zeros ends it"


def test_an_archive_without_its_end_ends_where_the_file_does() -> None:
    data = archive({"a": b"x" * 600})[: 3 * BLOCK]
    assert listed(data) == by_tarfile(data) == [("a", 512, 600)]


def test_links_directories_and_devices_have_no_content() -> None:
    data = special(
        ("hard", tarfile.LNKTYPE, "a.txt"),
        ("soft", tarfile.SYMTYPE, "l" * 150),
        ("dir", tarfile.DIRTYPE, ""),
        ("device", tarfile.CHRTYPE, ""),
        ("pipe", tarfile.FIFOTYPE, ""),
    )
    shown = [(one.name, one.link, one.is_file, one.is_link) for one in found(data) if isinstance(one, Member)]
    assert shown == [
        ("hard", "a.txt", False, True),
        ("soft", "l" * 150, False, True),
        ("dir/", "", False, False),
        ("device", "", False, False),
        ("pipe", "", False, False),
    ]


def test_the_size_of_what_has_no_content_is_ignored_as_tarfile_does() -> None:
    hidden = archive({"hidden": b"x"})
    data = changed(special(("link", tarfile.SYMTYPE, "target")), 124, b"%011o\0" % 9999)[:512] + hidden
    assert [name for name, _, _ in listed(data)] == ["link", "hidden"]
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as packed:
        assert packed.getnames() == ["link", "hidden"]


GOOD = archive({"a.txt": b"hello"}, tarfile.USTAR_FORMAT)
ODD = {
    "no magic (version 7)": changed(GOOD, 257, bytes(8)),
    "size in binary": changed(GOOD, 124, b"\x80" + bytes(10) + b"\x05"),
    "size with blanks": changed(GOOD, 124, b"          5 "),
    "size without end": changed(GOOD, 124, b"000000000005"),
    "unknown type": changed(GOOD, 156, b"Z"),
    "contiguous type": changed(GOOD, 156, b"7"),
    "old type": changed(GOOD, 156, b"\0"),
    "a prefix without magic": changed(changed(GOOD, 257, bytes(8)), 345, b"prefix\0"),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_odd_headers_are_read_as_tarfile_does(data: bytes) -> None:
    assert listed(data) == by_tarfile(data)
    assert listed(data)[0][2] == 5


def test_an_old_directory_is_told_by_its_slash() -> None:
    data = changed(changed(GOOD, 0, b"a.txt/"), 156, b"\0")
    [member, *_] = found(data)
    assert isinstance(member, Member)
    assert not member.is_file


def test_a_checksum_of_signed_bytes_will_do() -> None:
    block = changed(GOOD, 0, b"\xe4.txt")[:512]
    total = sum(byte - 256 if byte > 127 else byte for byte in block[:148] + block[156:]) + 8 * 32
    signed = block[:148] + b"%06o\0 " % total + block[156:]
    assert is_header(block)
    assert is_header(signed)
    assert by_tarfile(signed + GOOD[512:])


@pytest.mark.parametrize(
    "block",
    [
        b"",
        bytes(512),
        GOOD[:511],
        GOOD[:148] + b"zzzzzz\0 " + GOOD[156:512],
        b"b" + GOOD[1:512],
        b"text " * 103,
    ],
    ids=["empty", "zeros", "short", "no number", "wrong sum", "text"],
)
def test_other_blocks_are_no_headers(block: bytes) -> None:
    assert not is_header(block)


def test_records_for_all_members_hold_until_one_says_otherwise() -> None:
    out = io.BytesIO()
    with tarfile.open(
        fileobj=out, mode="w:", format=tarfile.PAX_FORMAT, pax_headers={"path": "everywhere"}
    ) as packed:
        packed.addfile(tarfile.TarInfo("a"))
        own = tarfile.TarInfo("b")
        own.pax_headers = {"path": "own"}
        packed.addfile(own)
    assert [name for name, _, _ in listed(out.getvalue())] == ["everywhere", "own"]


def test_sparse_members_are_marked_and_their_map_is_skipped() -> None:
    sparse = changed(changed(GOOD, 156, b"S"), 482, b"\1")
    more = bytearray(2 * BLOCK)
    more[504] = 1
    [member, *_] = found(sparse[:512] + bytes(more) + sparse[512:])
    assert isinstance(member, Member)
    assert (member.sparse, member.data, member.size) == (True, 3 * BLOCK, 5)
    pax = archive({"a": b"x"})
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:", format=tarfile.PAX_FORMAT) as packed:
        info = tarfile.TarInfo("GNUSparseFile.0/a")
        info.pax_headers = {"GNU.sparse.name": "real", "GNU.sparse.realsize": "5"}
        packed.addfile(info)
    [member, *_] = found(out.getvalue() + pax)
    assert isinstance(member, Member)
    assert (member.sparse, member.name) == (True, "real")


TWO = archive({"first": b"1" * 700, "second": b"2"})


@pytest.mark.parametrize(
    ("mutation", "reason"),
    [
        (lambda data: b"X" + data[1:], "no header"),
        (lambda data: changed(data, 124, b"9" * 12), "its size cannot be read"),
        (lambda data: changed(data, 124, b"\xff" * 12), "its size cannot be read"),
        (lambda data: data[:1536] + b"rubbish".ljust(512) + data[1536:], "no header"),
    ],
    ids=["broken header", "size of no digits", "negative size", "rubbish between"],
)
def test_behind_damage_the_next_header_is_found(mutation: Callable[[bytes], bytes], reason: str) -> None:
    shown = found(mutation(TWO))
    assert reason in next(one.reason for one in shown if isinstance(one, Damage))
    assert [one.name for one in shown if isinstance(one, Member)][-1] == "second"


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (b"x path=a\n", "no sensible length"),
        (b"999 path=a\n", "no sensible length"),
        (b"2 path=a\n", "no sensible length"),
        (b"9" * 30 + b" path=a\n", "no sensible length"),
    ],
)
def test_broken_records_are_damage(records: bytes, reason: str) -> None:
    data = changed(archive({"b": records.ljust(512, b"\0")}, tarfile.USTAR_FORMAT), 156, b"x") + TWO
    damage, *_ = found(data)
    assert isinstance(damage, Damage)
    assert reason in damage.reason


def test_long_descriptions_are_not_read() -> None:
    data = changed(archive({"b": bytes(2 << 20)}, tarfile.USTAR_FORMAT), 156, b"L")
    damage, *_ = found(data[: (2 << 20) + 512] + TWO)
    assert isinstance(damage, Damage)
    assert "too long" in damage.reason
    cut, *_ = found(data[:2000])
    assert isinstance(cut, Damage)
    assert cut.reason


def test_too_many_members_raise() -> None:
    with pytest.raises(LimitReached):
        found(archive({str(number): b"" for number in range(5)}), Limits(members=4))


@settings(max_examples=400, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, len(TWO) - 1), st.integers(1, 255)), max_size=5),
    cut=st.integers(0, len(TWO)),
    right=st.booleans(),
)
def test_any_bytes_end(flips: list[tuple[int, int]], cut: int, right: bool) -> None:
    data = bytearray(TWO)
    for at, bits in flips:
        data[at if cut > 3000 else at % 1024] ^= bits
    if right:
        data[:512] = with_checksum(bytes(data[:512]))
    for one in found(bytes(data[: len(data) - cut])):
        assert one.offset >= 0
        assert not isinstance(one, Member) or one.data > one.offset
