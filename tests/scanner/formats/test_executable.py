"""A whole program is stated with its kind and the name it bears."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Place, Program
from modelwarden.formats.executable import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.programs import elf, elf32_big_endian, fat_macho, macho, pe

PROGRAMS = {
    "elf": ("ELF", elf()),
    "elf32": ("ELF", elf32_big_endian()),
    "pe": ("PE", pe()),
    "pe, far behind": ("PE", pe(9000)),
    "mach-o": ("Mach-O", macho()),
    "fat": ("Mach-O", fat_macho()),
}


@pytest.mark.parametrize(("kind", "data"), list(PROGRAMS.values()), ids=list(PROGRAMS))
def test_a_program_is_stated_under_its_name(kind: str, data: bytes) -> None:
    source = MemorySource(data)
    assert FORMAT.recognise(Head(source, ".pt"))
    assert list(FORMAT.observe(source, Scope(name="model.pt"))) == [
        Program(kind, Place.FILE, "model.pt", Span(0, len(data)))
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ",
        b"\x7fELF" + bytes(100),
        b"MZ" + bytes(5000),
        b"PK\3\4",
        b"\x80\4}.",
        b"\xca\xfe\xba\xbe\0\0\0\x41",
    ],
)
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))
    assert list(FORMAT.observe(MemorySource(data), Scope())) == []


@given(
    st.binary(max_size=100), st.sampled_from([b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"])
)
def test_any_bytes_end(data: bytes, magic: bytes) -> None:
    source = MemorySource(magic + data)
    assert FORMAT.recognise(Head(source)) is bool(list(FORMAT.observe(source, Scope())))
