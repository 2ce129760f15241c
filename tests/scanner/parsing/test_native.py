"""Programs are known by what the system's loader reads; numbers that begin alike are not taken for them."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.native import (
    HEADER,
    OVERLAP,
    find_programs,
    program_at,
    program_kind,
    search_programs,
)
from modelwarden.source.memory import MemorySource
from tests.corpus.programs import elf, elf32_big_endian, fat_macho, macho, pe


def changed(data: bytes, offset: int, value: bytes) -> bytes:
    return data[:offset] + value + data[offset + len(value) :]


def relocatable() -> bytes:
    data = changed(elf(kind=1), 40, struct.pack("<Q", 64))
    return changed(changed(data, 54, bytes(4)), 58, b"\x40\0")


PROGRAMS = {
    "elf": ("ELF", elf()),
    "elf, shared": ("ELF", elf(kind=3)),
    "elf, relocatable": ("ELF", relocatable()),
    "elf, arm": ("ELF", elf(machine=183)),
    "elf, 32 bits, big-endian": ("ELF", elf32_big_endian()),
    "elf, identification that nobody reads": ("ELF", elf()[:4] + b"\xff" * 12 + elf()[16:]),
    "elf, wrong version and size of its header": ("ELF", changed(changed(elf(), 20, b"\x09"), 52, b"\0\0")),
    "elf, cut behind its header": ("ELF", elf()[:64] + b"\0" * 8),
    "pe": ("PE", pe()),
    "pe, header at the end of the page": ("PE", pe(HEADER - 26)),
    "mach-o": ("Mach-O", macho()),
    "mach-o, x86": ("Mach-O", macho(0x01000007)),
    "mach-o, fat": ("Mach-O", fat_macho()),
}


@pytest.mark.parametrize(("kind", "data"), list(PROGRAMS.values()), ids=list(PROGRAMS))
def test_programs_are_known(kind: str, data: bytes) -> None:
    assert program_kind(data[:HEADER], len(data)) == kind
    assert program_at(MemorySource(b"12345" + data), 5) == kind


NO_PROGRAMS = {
    "nothing": b"",
    "elf, magic alone": b"\x7fELF",
    "elf, too short": elf()[:20],
    "elf, magic with a digit wrong": changed(elf(), 3, b"G"),
    "elf, type of a core dump": elf(kind=4),
    "elf, type beyond": elf(kind=9),
    "elf, for a graphics processor": elf(machine=190),
    "elf, for AMD's graphics processor": elf(machine=224),
    "elf, no machine": elf(machine=0),
    "elf, entries of another size": changed(elf(), 54, b"\x37"),
    "elf, no segments": changed(elf(), 56, b"\0\0"),
    "elf, segments beyond the end": changed(elf(), 32, struct.pack("<Q", 1 << 40)),
    "elf, floats behind it": b"\x7fELF" + struct.pack("<30f", *[0.25] * 30),
    "pe, magic alone": b"MZ",
    "pe, no header": changed(pe(), 64, b"PX"),
    "pe, offset beyond the end": changed(pe(), 60, b"\xff\xff\xff\xff"),
    "pe, unknown machine": changed(pe(), 68, b"\1\1"),
    "pe, too many sections": changed(pe(), 70, b"\xff\xff"),
    "pe, no optional header": changed(pe(), 88, b"\0\0"),
    "dos program": b"MZ" + bytes(200),
    "mach-o, too short": macho()[:30],
    "mach-o, unknown processor": changed(macho(), 4, b"\x63"),
    "mach-o, unknown type": changed(macho(), 12, b"\x40"),
    "mach-o, no commands": changed(macho(), 16, bytes(4)),
    "mach-o, commands beyond the end": changed(macho(), 20, b"\xff\xff\xff"),
    "mach-o, more commands than fit": changed(macho(), 16, b"\xff\xff"),
    "mach-o, an empty command": changed(macho(), 36, bytes(4)),
    "mach-o, fat, part beyond the end": changed(changed(fat_macho(), 16, b"\x7f"), 36, b"\x7f"),
    "java class": bytes.fromhex("cafebabe00000041") + bytes(100),
}


@pytest.mark.parametrize("data", list(NO_PROGRAMS.values()), ids=list(NO_PROGRAMS))
def test_what_only_begins_alike_is_no_program(data: bytes) -> None:
    assert program_kind(data, len(data)) == ""
    assert program_at(MemorySource(data)) == ""


def test_the_header_of_a_pe_may_be_anywhere_in_the_file() -> None:
    data = pe(100_000)
    assert program_kind(data[:HEADER], len(data)) == ""
    assert program_at(MemorySource(data)) == "PE"


def test_programs_are_found_within_a_block() -> None:
    parts = [b"\0" * 700, elf(), b"MZ" * 50, macho(), b"\x7fELF", pe(), b"\xff" * 90]
    data = b"".join(parts)
    assert sorted(find_programs(data)) == [
        (data.index(elf()), "ELF"),
        (data.index(macho()), "Mach-O"),
        (data.index(pe()), "PE"),
    ]


@pytest.mark.parametrize("place", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + OVERLAP - 5, (2 << 20) - 130])
@pytest.mark.parametrize("program", [elf(), pe(2000), macho()], ids=["elf", "pe", "mach-o"])
def test_a_search_finds_each_place_once(place: int, program: bytes) -> None:
    data = bytes(place) + program + bytes(100_000)
    assert [found for found, _ in search_programs(MemorySource(data))] == [place]
    assert list(search_programs(MemorySource(data), place)) == []


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"]),
)
def test_any_bytes_end(data: bytes, magic: bytes) -> None:
    assert program_kind(magic + data, len(data) + 4) in ("", "ELF", "PE", "Mach-O")
    assert len(list(find_programs(data + magic + data))) <= len(data) + 1


@given(st.sampled_from([elf(), elf32_big_endian(), pe(), macho(), fat_macho()]), st.data())
def test_any_mutation_ends(program: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(program) - 1))
    mutated = changed(program, place, data.draw(st.binary(min_size=1, max_size=4)))
    assert program_at(MemorySource(mutated[: data.draw(st.integers(0, len(program)))])) in (
        "",
        "ELF",
        "PE",
        "Mach-O",
    )
