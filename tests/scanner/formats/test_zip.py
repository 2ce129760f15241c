"""Ordinary archives of every make state nothing and give what `zipfile` gives; broken ones still give their members."""

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.formats.zip import FORMAT
from modelwarden.parsing import zstd
from modelwarden.source.memory import MemorySource
from tests.corpus.malicious_archives import ZipMember, zip_of, zstd_of

FILES = {"a.txt": b"hello", "dir/weights.bin": bytes(range(256)) * 300, "dir/empty": b""}


def archive(
    files: dict[str, bytes] | None = None, method: int = zipfile.ZIP_STORED, comment: bytes = b""
) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as packed:
        for name, content in (FILES if files is None else files).items():
            packed.writestr(zipfile.ZipInfo(name), content, method)
        packed.comment = comment
    return memory.getvalue()


class Pipe(io.RawIOBase):
    """A file that cannot seek: makes `zipfile` write data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # of what the base allows, zipfile only writes bytes
        self.data += data
        return len(data)


def streamed(method: int = zipfile.ZIP_STORED) -> bytes:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as packed:
        for name, content in FILES.items():
            packed.writestr(zipfile.ZipInfo(name), content, method)
    return bytes(pipe.data)


def zip64() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        for name, content in FILES.items():
            with packed.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return memory.getvalue()


def appended() -> bytes:
    memory = io.BytesIO(archive())
    with zipfile.ZipFile(memory, "a") as packed:
        packed.writestr("later.txt", "later")
    return memory.getvalue()


def after(stub: bytes, *, adjusted: bool = False) -> bytes:
    if not adjusted:
        return stub + archive()
    memory = io.BytesIO(stub)
    with zipfile.ZipFile(memory, "a") as packed:
        for name, content in FILES.items():
            packed.writestr(name, content)
    return memory.getvalue()


def program() -> bytes:
    return b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(300)


def many() -> bytes:
    return archive({f"{number}": b"" for number in range(65_537)})


def twice_the_same() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr("a.txt", "hello")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("a.txt", "hello")
    return memory.getvalue()


INNOCENTS: dict[str, Callable[[], bytes]] = {
    "stored": archive,
    "deflated": lambda: archive(method=zipfile.ZIP_DEFLATED),
    "bzip2": lambda: archive(method=zipfile.ZIP_BZIP2),
    "lzma": lambda: archive(method=zipfile.ZIP_LZMA),
    "streamed": streamed,
    "streamed and deflated": lambda: streamed(zipfile.ZIP_DEFLATED),
    "zip64": zip64,
    "appended to": appended,
    "empty": lambda: archive({}),
    "with a comment": lambda: archive(comment=b"a comment " * 100),
    "with the longest comment": lambda: archive(comment=b"c" * 65_535),
    "with names in UTF-8": lambda: archive({"é/模型.txt": b"x", "plain": b"y"}),
    "an archive stored in an archive": lambda: archive({"inner.zip": archive(), "last.zip": archive()}),
    "more members than 16 bits count": many,
    "a zipapp": lambda: after(b"#!/usr/bin/env python3\n"),
    "a self-extracting program": lambda: after(program()),
    "a self-extracting program with adjusted offsets": lambda: after(program(), adjusted=True),
    "the same content twice": twice_the_same,
    "padded with zeros": lambda: archive() + bytes(512),
}


def facts(data: bytes, limits: Limits | None = None) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(Budget(limits or Limits()))))


def contents(found: list[Fact]) -> list[tuple[str, bytes]]:
    children = [fact for fact in found if isinstance(fact, Child)]
    return [(child.member, child.source.read(0, child.source.size)) for child in children]


def odd(found: list[Fact]) -> list[tuple[object, str]]:
    return [
        (fact.quirk, fact.subject) if isinstance(fact, Anomaly) else (fact.shortfall, fact.detail)
        for fact in found
        if isinstance(fact, Anomaly | Gap)
    ]


@pytest.mark.parametrize("make", list(INNOCENTS.values()), ids=list(INNOCENTS))
def test_an_ordinary_archive_states_nothing_and_gives_what_zipfile_gives(make: Callable[[], bytes]) -> None:
    data = make()
    assert FORMAT.recognise(Head(MemorySource(data)))
    found = facts(data)
    assert odd(found) == []
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        expected = [(info.filename, packed.read(info)) for info in packed.infolist() if not info.is_dir()]
    assert contents(found) == expected


def test_a_comment_that_quotes_a_signature_is_ordinary_though_zipfile_stumbles_over_it() -> None:
    found = facts(archive(comment=b"PK\5\6 is how it ends" * 3))
    assert odd(found) == []
    assert contents(found) == list(FILES.items())


def tar(*archives: bytes) -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w", format=tarfile.USTAR_FORMAT) as packed:
        for data in archives or (archive(),):
            member = tarfile.TarInfo("inner.zip")
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    return memory.getvalue()


@pytest.mark.parametrize(
    "data", [tar(), b"\x80\x04B" + len(archive()).to_bytes(4, "little") + archive() + b"."]
)
def test_an_archive_within_a_tar_or_a_pickle_is_no_polyglot_but_read(data: bytes) -> None:
    found = facts(data)
    assert odd(found) == []
    assert contents(found) == list(FILES.items())


def test_archives_in_a_row_within_a_tar_are_no_polyglot_and_behind_its_end_they_are() -> None:
    inner = archive()
    assert odd(facts(tar(inner, inner, inner))) == []
    behind = [subject for quirk, subject in odd(facts(tar(inner) + inner + inner)) if quirk is Quirk.POLYGLOT]
    assert "central directory" in behind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\3\4",
        b"PK\5\6",
        bytes(100),
        b"\x80\4N.",
        b"PK\5\6" * 20_000,
        b"see PK\5\6" + b"\xff" * 40,
    ],
)
def test_does_not_recognise_what_is_no_archive(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


def changed(data: bytes, at: int, new: bytes) -> bytes:
    assert data[at : at + len(new)] != new
    return data[:at] + new + data[at + len(new) :]


LOCAL = archive({"m.pkl": b"payload"})
CENTRAL = LOCAL.index(b"PK\1\2")
END = LOCAL.index(b"PK\5\6")
DEFLATED = archive({"m.pkl": b"payload" * 9}, zipfile.ZIP_DEFLATED)
DEFLATED_CENTRAL = DEFLATED.index(b"PK\1\2")

MUTATIONS: dict[str, tuple[bytes, bytes]] = {
    "another name in the local header": (changed(LOCAL, 30, b"x"), b"payload"),
    "another name in the directory": (changed(LOCAL, CENTRAL + 46, b"n"), b"payload"),
    "another method in the local header": (changed(LOCAL, 8, b"\x0c"), b"payload"),
    "encrypted by the local flags": (changed(LOCAL, 6, b"\x01"), b"payload"),
    "encrypted by the directory's flags": (changed(LOCAL, CENTRAL + 8, b"\x01"), b"payload"),
    "patch data by the directory's flags": (changed(LOCAL, CENTRAL + 8, b"\x20"), b"payload"),
    "strongly encrypted by the directory's flags": (changed(LOCAL, CENTRAL + 8, b"\x40"), b"payload"),
    "another CRC in the local header": (changed(LOCAL, 14, b"abcd"), b"payload"),
    "another CRC in the directory": (changed(LOCAL, CENTRAL + 16, b"abcd"), b"payload"),
    "another CRC in both": (changed(changed(LOCAL, 14, b"abcd"), CENTRAL + 16, b"abcd"), b"payload"),
    "another content": (changed(LOCAL, 35, b"PAYLOAD"), b"PAYLOAD"),
    "a smaller size in the directory": (changed(LOCAL, CENTRAL + 24, b"\x03"), b"payload"),
    "a smaller compressed size in the directory": (changed(LOCAL, CENTRAL + 20, b"\x03"), b"payload"),
    "deflated, a smaller compressed size": (
        changed(DEFLATED, DEFLATED_CENTRAL + 20, b"\x03"),
        b"payload" * 9,
    ),
    "deflated, a smaller size": (changed(DEFLATED, DEFLATED_CENTRAL + 24, b"\x03"), b"payload" * 9),
    "deflated, encrypted by the flags": (changed(DEFLATED, DEFLATED_CENTRAL + 8, b"\x01"), b"payload" * 9),
    "deflated, another CRC": (changed(DEFLATED, DEFLATED_CENTRAL + 16, b"abcd"), b"payload" * 9),
}


@pytest.mark.parametrize(("data", "content"), list(MUTATIONS.values()), ids=list(MUTATIONS))
def test_a_member_that_readers_see_differently_is_read_and_stated(data: bytes, content: bytes) -> None:
    found = facts(data)
    states = {(quirk, subject[1:]) for quirk, subject in odd(found) if isinstance(quirk, Quirk)}
    assert states == {(Quirk.HEADER_DISAGREEMENT, ".pkl")}
    assert content in [inside for _, inside in contents(found)]


def test_a_name_cut_by_a_nul_is_stated() -> None:
    data = LOCAL.replace(b"m.pkl", b"m\0pkl")
    assert odd(facts(data)) == [(Quirk.HEADER_DISAGREEMENT, "m\0pkl")]


def test_a_second_name_in_the_unicode_path_field_is_stated() -> None:
    body = b"\1" + zlib.crc32(b"m.txt").to_bytes(4, "little") + b"m.pkl"
    info = zipfile.ZipInfo("m.txt")
    info.extra = struct.pack("<HH", 0x7075, len(body)) + body
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr(info, b"payload")
    found = facts(memory.getvalue())
    assert odd(found) == [(Quirk.HEADER_DISAGREEMENT, "m.txt")]
    assert contents(found) == [("m.txt", b"payload")]


def test_one_name_for_two_contents_gives_both() -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr("m.pkl", "one")
        for content in ("two", "three"):
            with pytest.warns(UserWarning, match="Duplicate"):
                packed.writestr("m.pkl", content)
    found = facts(memory.getvalue())
    assert odd(found) == [(Quirk.DUPLICATE_MEMBER, "m.pkl")]
    assert contents(found) == [("m.pkl", b"one"), ("m.pkl", b"two"), ("m.pkl", b"three")]


@pytest.mark.parametrize("before", [b"junk", b"\x80\4N.", b"MZ is no program", bytes(70_000)])
def test_bytes_before_an_archive_are_stated(before: bytes) -> None:
    found = facts(before + archive())
    assert odd(found) == [(Quirk.POLYGLOT, "start")]
    assert contents(found) == list(FILES.items())


@pytest.mark.parametrize("behind", [b"junk", b"\x80\4N.", b"x" * 100_000])
def test_bytes_behind_an_archive_are_stated_and_handed_out(behind: bytes) -> None:
    found = facts(archive() + behind)
    assert odd(found) == [(Quirk.POLYGLOT, "end")]
    assert (f"+{len(archive())}", behind) in contents(found)
    assert contents(found)[-3:] == list(FILES.items())


@pytest.mark.parametrize("between", [b"", b"junk", bytes(60_000)])
def test_two_archives_in_a_row_give_the_members_of_both(between: bytes) -> None:
    found = facts(archive({"first.pkl": b"1" * 70_000}) + between + archive())
    assert odd(found) == [(Quirk.POLYGLOT, "central directory")]
    assert dict(contents(found)) == {"first.pkl": b"1" * 70_000, **FILES}


def test_an_archive_far_before_another_is_found_by_its_local_headers() -> None:
    found = facts(archive({"first.pkl": b"1"}) + bytes(200_000) + archive())
    assert odd(found) == [(Quirk.HEADER_DISAGREEMENT, "first.pkl")]
    assert dict(contents(found)) == {"first.pkl": b"1", **FILES}


def test_an_archive_within_the_comment_of_another_gives_the_members_of_both() -> None:
    found = facts(archive({"outer.pkl": b"1"}, comment=archive({"inner.pkl": b"2"})))
    assert (Quirk.POLYGLOT, "central directory") in odd(found)
    assert sorted(contents(found)) == [("inner.pkl", b"2"), ("outer.pkl", b"1")]


def test_a_second_directory_within_the_comment_gives_what_either_lists() -> None:
    two = archive({"one.pkl": b"1", "two.pkl": b"2"})
    start = two.index(b"PK\1\2")
    second = two.index(b"PK\1\2", start + 4)
    lists_only_two = two[second : two.index(b"PK\5\6")]
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(lists_only_two), len(two), 0)
    data = two[:-2] + struct.pack("<H", len(lists_only_two) + len(end)) + lists_only_two + end
    found = facts(data)
    assert (Quirk.POLYGLOT, "central directory") in odd(found)
    assert sorted(contents(found)) == [("one.pkl", b"1"), ("two.pkl", b"2")]


def test_a_directory_where_the_end_record_says_and_one_just_before_it_are_both_read() -> None:
    """`zipfile` takes the one just before the end record, miniz the one at the stated offset."""
    both = archive({"one.pkl": b"1", "two.pkl": b"2"})
    start = both.index(b"PK\1\2")
    second = both.index(b"PK\1\2", start + 4)
    end = both.index(b"PK\5\6")
    one, two = both[start:second], both[second:end]
    hidden = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(two), start, 0)
    found = facts(both[:start] + one + bytes(8) + two + hidden)
    assert {("one.pkl", b"1"), ("two.pkl", b"2")} <= set(contents(found))
    assert Quirk.POLYGLOT in [quirk for quirk, _ in odd(found)]


def test_a_member_no_directory_lists_is_found_as_a_streaming_reader_finds_it() -> None:
    data = archive({"seen.txt": b"1", "hidden.pkl": b"2"})
    start = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", start + 4)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, second - start, start, 0)
    found = facts(data[:second] + end)
    assert odd(found) == [(Quirk.HEADER_DISAGREEMENT, "hidden.pkl")]
    assert contents(found) == [("seen.txt", b"1"), ("hidden.pkl", b"2")]


def test_an_empty_directory_behind_an_archive_hides_nothing() -> None:
    found = facts(archive() + archive({}))
    assert (Quirk.POLYGLOT, "central directory") in odd(found)
    assert contents(found) == list(FILES.items())


@pytest.mark.parametrize("make", [archive, lambda: archive(method=zipfile.ZIP_DEFLATED), streamed])
def test_an_archive_without_its_directory_gives_its_members(make: Callable[[], bytes]) -> None:
    data = make()
    found = facts(data[: data.index(b"PK\1\2")])
    assert [shortfall for shortfall, _ in odd(found)] == [Shortfall.MALFORMED]
    assert contents(found) == list(FILES.items())


def test_an_archive_cut_within_a_member_gives_the_rest_of_it() -> None:
    data = archive({"a.txt": b"hello", "m.pkl": b"payload" * 1000})
    found = facts(data[:2000])
    assert [shortfall for shortfall, _ in odd(found)] == [Shortfall.MALFORMED] * 2
    names = dict(contents(found))
    assert names["a.txt"] == b"hello"
    assert (b"payload" * 1000).startswith(names["m.pkl"])


def test_a_bad_member_does_not_cost_its_neighbours() -> None:
    data = archive({"a.pkl": b"1", "bad.pkl": b"2", "c.pkl": b"3"})
    found = facts(changed(data, data.index(b"bad.pkl") - 30, b"XX"))
    assert [shortfall for shortfall, _ in odd(found)] == [Shortfall.MALFORMED]
    hole, *members = contents(found)
    assert hole[1].endswith(b"bad.pkl2")
    assert members == [("a.pkl", b"1"), ("c.pkl", b"3")]


@pytest.mark.parametrize("method", [1, 9, 98, 99, 0xFFFF])
def test_an_unsupported_method_is_a_gap(method: int) -> None:
    code = method.to_bytes(2, "little")
    found = facts(changed(changed(LOCAL, 8, code), CENTRAL + 10, code))
    assert [shortfall for shortfall, _ in odd(found)] == [Shortfall.UNSUPPORTED]


def test_a_truly_encrypted_member_is_a_gap() -> None:
    cipher = bytes(range(100, 119))
    data = changed(changed(LOCAL, 6, b"\x01"), CENTRAL + 8, b"\x01")
    data = data[:35] + cipher + data[42:]
    data = changed(data, 18, bytes([19]))
    data = changed(data, CENTRAL + 12 + 20, bytes([19]))
    data = changed(data, END + 12 + 16, (CENTRAL + 12).to_bytes(4, "little"))
    found = facts(data)
    assert odd(found) == [(Shortfall.UNSUPPORTED, "m.pkl: encrypted")]
    assert contents(found) == []


def test_a_corrupt_member_gives_what_comes_out_before() -> None:
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    good = packer.compress(b"payload" * 100) + packer.flush(zlib.Z_FULL_FLUSH)
    data = archive({"m.pkl": good + b"\x07\x07\x07"})
    data = changed(changed(data, 8, b"\x08"), data.index(b"PK\1\2") + 10, b"\x08")
    found = facts(data)
    assert [shortfall for shortfall, _ in odd(found)] == [Shortfall.MALFORMED]
    assert contents(found)[0][1] == (b"payload" * 100)[:-1]


def test_too_many_members_stop_the_reading_but_not_what_was_seen() -> None:
    found = facts(archive({f"{number}": b"x" for number in range(20)}), Limits(members=10))
    assert [shortfall for shortfall, _ in odd(found)] == [Shortfall.LIMIT]
    assert len(contents(found)) == 10


def test_a_bomb_does_not_hide_the_stored_member_behind_it() -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr("bomb", bytes(1 << 20), zipfile.ZIP_DEFLATED)
        packed.writestr("bomb 2", bytes(1 << 20), zipfile.ZIP_DEFLATED)
        packed.writestr("m.pkl", b"payload")
    found = facts(memory.getvalue(), Limits(expanded_bytes=1 << 16))
    assert [shortfall for shortfall, _ in odd(found)] == [Shortfall.LIMIT]
    assert contents(found) == [("m.pkl", b"payload")]


def test_members_that_share_their_bytes_are_charged() -> None:
    """David Fifield's trick: many directory entries for one big member."""
    data = archive({"m.pkl": b"x" * 50_000})
    start, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    record = data[start:end]
    records = b"".join(record.replace(b"m.pkl", b"%05d" % number) for number in range(100))
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 100, 100, len(records), start, 0)
    found = facts(data[:start] + records + tail, Limits(expanded_bytes=1 << 20))
    assert (Quirk.HEADER_DISAGREEMENT, "00001") in odd(found)
    assert len(contents(found)) < 30
    assert Shortfall.LIMIT in [shortfall for shortfall, _ in odd(found)]


def test_many_members_of_the_same_bytes_are_a_bomb() -> None:
    data = archive({"m.pkl": b"x" * 5000})
    start, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    records = b"".join(data[start:end].replace(b"m.pkl", b"%05d" % number) for number in range(40))
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 40, 40, len(records), start, 0)
    assert (Quirk.EXPANSION, "the archive") in odd(facts(data[:start] + records + tail))
    few = data[start:end] + data[start:end].replace(b"m.pkl", b"n.pkl")
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 2, 2, len(few), start, 0)
    assert (Quirk.EXPANSION, "the archive") not in odd(facts(data[:start] + few + tail))


def test_a_stream_that_the_directory_calls_empty_is_read() -> None:
    data = streamed(zipfile.ZIP_DEFLATED)
    place = data.index(b"PK\1\2") + 16
    found = facts(data[:place] + bytes(12) + data[place + 12 :])
    assert (Quirk.HEADER_DISAGREEMENT, "a.txt") in odd(found)
    assert ("a.txt", b"hello") in contents(found)


def test_bytes_between_members_are_handed_out_and_zeros_are_not() -> None:
    data = archive({"a.txt": b"hello", "b.txt": b"hello"})
    second = data.index(b"PK\3\4", 4)
    end = data.index(b"PK\1\2")
    hole = b"\x80\x04N." * 20
    for between, expected in ((hole, [(f"+{second}", hole)]), (bytes(80), [])):
        moved = data[:second] + between + data[second:]
        directory = moved.index(b"PK\1\2")
        later = moved.index(b"PK\1\2", directory + 4)
        moved = moved[: later + 42] + (second + 80).to_bytes(4, "little") + moved[later + 46 :]
        at = moved.index(b"PK\5\6") + 16
        moved = moved[:at] + (end + 80).to_bytes(4, "little") + moved[at + 4 :]
        found = facts(moved)
        assert odd(found) == []
        assert contents(found) == [*expected, ("a.txt", b"hello"), ("b.txt", b"hello")]


@pytest.mark.parametrize("method", [93, 20])
def test_a_member_in_zstandard_is_read(method: int) -> None:
    data = zip_of(ZipMember("m.pkl", b"payload", method=method, packed=zstd_of(b"payload")))
    assert odd(facts(data)) == []
    assert contents(facts(data)) == [("m.pkl", b"payload")]


def test_a_member_in_zstandard_is_a_gap_without_a_decompressor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zstd, "decompressor", lambda: None)
    data = zip_of(ZipMember("m.pkl", b"payload", method=93, packed=zstd_of(b"payload")))
    [(shortfall, detail)] = odd(facts(data))
    assert shortfall is Shortfall.UNSUPPORTED
    assert "modelwarden[archives]" in detail


def test_a_member_in_xz_is_read() -> None:
    data = zip_of(ZipMember("m.pkl", b"payload", method=95, packed=lzma.compress(b"payload")))
    assert odd(facts(data)) == []
    assert contents(facts(data)) == [("m.pkl", b"payload")]


BASES = (LOCAL, DEFLATED, streamed(), zip64(), LOCAL + DEFLATED, archive(comment=LOCAL), b"junk" + LOCAL)


@settings(max_examples=300, deadline=None)
@given(
    base=st.sampled_from(BASES),
    edits=st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=8)), max_size=4),
    cut=st.integers(0, 1 << 20),
)
def test_any_damage_ends_within_budget(base: bytes, edits: list[tuple[int, bytes]], cut: int) -> None:
    data = bytearray(base)
    for at, new in edits:
        at %= len(base)
        data[at : at + len(new)] = new
    ends_within_budget(bytes(data[: cut % (2 * len(base))]))


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(
        st.sampled_from(
            (
                b"PK\1\2",
                b"PK\3\4",
                b"PK\5\6",
                b"PK\6\6",
                b"PK\6\7",
                b"PK\7\x08",
                bytes(20),
                b"\xff" * 8,
                LOCAL,
            )
        )
        | st.binary(max_size=60),
        max_size=12,
    )
)
def test_any_bytes_end_within_budget(parts: list[bytes]) -> None:
    ends_within_budget(b"".join(parts))


def ends_within_budget(data: bytes) -> None:
    budget = Budget(Limits(members=50, expanded_bytes=1 << 20))
    FORMAT.recognise(Head(MemorySource(data)))
    try:
        for fact in FORMAT.observe(MemorySource(data), Scope(budget)):
            if isinstance(fact, Child):
                assert len(fact.source.read(0, fact.source.size)) == fact.source.size
    except LimitReached:
        assert budget.expanded > 1 << 20
    assert budget.members <= 51 + len(data)
