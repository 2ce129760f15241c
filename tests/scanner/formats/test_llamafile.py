"""A program with weights behind it is told once, and its members are handed out; other programs are none."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Place, Program
from modelwarden.formats.llamafile import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.gguf_bytes import model
from tests.corpus.malicious_gguf import llamafile
from tests.corpus.programs import elf, pe

PORTABLE = b"MZqFpD='\n" + pe()[9:]


def behind(program: bytes, *members: str) -> bytes:
    archive = io.BytesIO()
    archive.write(program)
    with zipfile.ZipFile(archive, "a") as packed:
        for member in members:
            packed.writestr(zipfile.ZipInfo(member), b"x")
    return archive.getvalue()


def recognised(data: bytes) -> bool:
    return FORMAT.recognise(Head(MemorySource(data), ".llamafile"))


@pytest.mark.parametrize(("program", "kind"), [(pe(), "PE"), (elf(), "ELF"), (PORTABLE, "PE")])
def test_a_llamafile_is_told_and_opened(program: bytes, kind: str) -> None:
    data = llamafile(program, model())
    assert recognised(data)
    found = list(FORMAT.observe(MemorySource(data), Scope(name="tiny.llamafile")))
    programs = [fact for fact in found if isinstance(fact, Program)]
    assert [(fact.kind, fact.place, fact.name) for fact in programs] == [
        ("llamafile", Place.FILE, "tiny.llamafile"),
        (kind, Place.FILE, "tiny.llamafile"),
    ]
    assert [fact.member for fact in found if isinstance(fact, Child)] == ["model.gguf", ".args"]
    assert not [fact for fact in found if isinstance(fact, Anomaly | Gap)]


def test_a_shell_for_weights_elsewhere_is_one_too() -> None:
    assert recognised(behind(pe(), "llama.cpp/.args"))


@pytest.mark.parametrize(
    "data",
    [
        b"", pe(), elf(), behind(pe(), "setup.py", "__main__.py"), behind(b"", "model.gguf"), b"MZ" + bytes(500),
        behind(b"#!/bin/sh\n", "model.gguf"), model(),
    ],
)  # fmt: skip
def test_other_programs_and_archives_are_none(data: bytes) -> None:
    assert not recognised(data)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_mutation_ends_without_an_error(data: st.DataObject) -> None:
    good = bytearray(llamafile(elf(), b"GGUF"))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(good) - 1))
        good[place : place + 1] = data.draw(st.binary(min_size=0, max_size=4))
    source = MemorySource(bytes(good))
    FORMAT.recognise(Head(source))
    try:
        for fact in FORMAT.observe(source, Scope(Budget(Limits(members=50)))):
            assert isinstance(fact, Anomaly | Gap | Child | Program)
    except LimitReached:
        pass
