"""7z archives made by py7zr give their files; broken ones say what is wrong."""

import io
import struct
import zlib
from collections.abc import Callable

import py7zr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.formats.seven_zip import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.malicious_archives import seven_zip

EVIL = b"cos\nsystem\n(S'echo'\ntR."
FILES = {
    "model.pkl": EVIL,
    "data/weights.bin": bytes(range(256)) * 300,
    "empty": b"",
    "labels.txt": b"cat\n" * 99,
}
LZMA2 = {"id": py7zr.FILTER_LZMA2, "preset": 6}
CHAINS: dict[str, list[dict[str, int]]] = {
    "LZMA2": [LZMA2],
    "LZMA": [{"id": py7zr.FILTER_LZMA}],
    "x86 and LZMA2": [{"id": py7zr.FILTER_X86}, LZMA2],
    "ARM and LZMA2": [{"id": py7zr.FILTER_ARM}, LZMA2],
    "delta and LZMA2": [{"id": py7zr.FILTER_DELTA}, LZMA2],
    "stored": [{"id": py7zr.FILTER_COPY}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "Deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "Zstandard": [{"id": py7zr.FILTER_ZSTD}],
}


def packed(chain: list[dict[str, int]] | None = None, password: str = "", hide_names: bool = False) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(
        out, "w", filters=chain, password=password or None, header_encryption=hide_names
    ) as archive:
        for name, data in FILES.items():
            archive.writestr(data, name)
    return out.getvalue()


def facts(data: bytes, limits: Limits | None = None) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(Budget(limits or Limits()))))


def contents(found: list[Fact]) -> dict[str, bytes]:
    return {fact.member: fact.source.read(0, fact.source.size) for fact in found if isinstance(fact, Child)}


def odd(found: list[Fact]) -> list[object]:
    return [
        fact.quirk if isinstance(fact, Anomaly) else fact.shortfall
        for fact in found
        if isinstance(fact, Anomaly | Gap)
    ]


@pytest.mark.parametrize("chain", list(CHAINS.values()), ids=list(CHAINS))
def test_gives_every_file_of_an_ordinary_archive(chain: list[dict[str, int]]) -> None:
    data = packed(chain)
    assert FORMAT.recognise(Head(MemorySource(data)))
    found = facts(data)
    assert contents(found) == FILES
    assert odd(found) == []


def test_big_members_are_read_from_the_stream() -> None:
    found = facts(packed(CHAINS["LZMA2"]), Limits(inline_bytes=100))
    assert contents(found) == FILES


@pytest.mark.parametrize("hide_names", [False, True])
def test_what_is_encrypted_is_said_to_be_unread(hide_names: bool) -> None:
    found = facts(packed(password="secret", hide_names=hide_names))
    assert odd(found) == [Shortfall.UNSUPPORTED]
    assert contents(found) == {}


def test_ppmd_is_said_to_be_unread() -> None:
    found = facts(packed([{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}]))
    assert odd(found) == [Shortfall.UNSUPPORTED]


GOOD = seven_zip({"a.txt": b"hello", "model.pkl": EVIL})


def with_header(change: Callable[[bytes], bytes]) -> bytes:
    """The good archive with its header changed and all checksums made right."""
    place = 32 + int.from_bytes(GOOD[12:20], "little")
    header = change(GOOD[place:])
    start = GOOD[12:20] + struct.pack("<QI", len(header), zlib.crc32(header))
    return GOOD[:8] + struct.pack("<I", zlib.crc32(start)) + start + GOOD[32:place] + header


MUTATIONS: dict[str, tuple[bytes, object, set[str]]] = {
    "cut off": (GOOD[:-3], Shortfall.MALFORMED, set()),
    "header beyond the end": (GOOD[:12] + b"\xff" * 8 + GOOD[20:], Shortfall.MALFORMED, set()),
    "header of terabytes": (GOOD[:20] + b"\0\0\0\0\0\1\0\0" + GOOD[28:], Shortfall.MALFORMED, set()),
    "wrong start CRC": (GOOD[:8] + bytes(4) + GOOD[12:], Quirk.HEADER_DISAGREEMENT, {"a.txt", "model.pkl"}),
    "wrong header CRC": (
        GOOD[:8] + struct.pack("<I", zlib.crc32(GOOD[12:28] + bytes(4))) + GOOD[12:28] + bytes(4) + GOOD[32:],
        Quirk.HEADER_DISAGREEMENT,
        {"a.txt", "model.pkl"},
    ),
    "another content": (GOOD.replace(b"hello", b"HELLO"), Quirk.HEADER_DISAGREEMENT, {"a.txt", "model.pkl"}),
    "rubbish for a header": (with_header(lambda header: b"\x63" + header), Shortfall.MALFORMED, set()),
    "something behind": (GOOD + EVIL, Quirk.POLYGLOT, {"a.txt", "model.pkl", f"+{len(GOOD)}"}),
    "a name that climbs": (seven_zip({"../x": b""}), Quirk.PATH_TRAVERSAL, {"../x"}),
    "a link out": (seven_zip({"x": b"/etc"}, modes={"x": 0o120777}), Quirk.LINK_ESCAPE, {"x"}),
    "a stream beyond the end": (
        with_header(lambda header: header.replace(b"\6\0\1\x09", b"\6\x7f\1\x09")),
        Shortfall.MALFORMED,
        {"a.txt", "model.pkl", "+32"},
    ),
}


@pytest.mark.parametrize(("data", "fact", "names"), list(MUTATIONS.values()), ids=list(MUTATIONS))
def test_a_single_mutation_is_said(data: bytes, fact: object, names: set[str]) -> None:
    found = facts(data)
    assert fact in odd(found)
    assert set(contents(found)) == names


def test_what_no_header_speaks_of_is_handed_out() -> None:
    place = 32 + int.from_bytes(GOOD[12:20], "little")
    start = struct.pack("<QQI", place - 32 + len(EVIL), len(GOOD) - place, zlib.crc32(GOOD[place:]))
    data = GOOD[:8] + struct.pack("<I", zlib.crc32(start)) + start + GOOD[32:place] + EVIL + GOOD[place:]
    assert contents(facts(data))[f"+{place}"] == EVIL


def test_a_header_packed_again_and_again_is_a_limit() -> None:
    """It says that the header is packed in itself, which is stored: it never ends."""
    header = b"\x17\6\0\1\x09\x11\0\7\x0b\1\0\1\1\0\x0c\x11\0\0"
    header = header.replace(b"\x11", bytes([len(header)]))
    start = struct.pack("<QQI", 0, len(header), zlib.crc32(header))
    found = facts(b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + header)
    assert odd(found) == [Shortfall.LIMIT]


@pytest.mark.parametrize("data", [b"", b"7z\xbc\xaf\x27\x1c", GOOD[1:], b"7z" + bytes(40)])
def test_other_bytes_are_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


BASES = (GOOD, packed(), packed(CHAINS["LZMA"]))


@settings(max_examples=200, deadline=None)
@given(
    base=st.sampled_from(BASES),
    edits=st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), max_size=4),
    mend=st.booleans(),
)
def test_any_damage_ends_within_budget(base: bytes, edits: list[tuple[int, bytes]], mend: bool) -> None:
    data = bytearray(base)
    for at, new in edits:
        at %= len(base)
        data[at : at + len(new)] = new
    if mend:
        place = 32 + int.from_bytes(data[12:20], "little")
        size = int.from_bytes(data[20:28], "little")
        data[28:32] = struct.pack("<I", zlib.crc32(bytes(data[place : place + size])))
        data[8:12] = struct.pack("<I", zlib.crc32(bytes(data[12:32])))
    try:
        for fact in FORMAT.observe(
            MemorySource(bytes(data)), Scope(Budget(Limits(expanded_bytes=1 << 22, members=50)))
        ):
            if isinstance(fact, Child):
                fact.source.read(0, 1 << 20)
    except LimitReached:
        pass
