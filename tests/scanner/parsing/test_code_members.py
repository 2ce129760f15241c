"""What members of a model's archive are, by their first bytes or by the name of a script."""

import pytest

from modelwarden.domain.format import Child
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Place, Program
from modelwarden.parsing.code_members import member_kind, with_programs
from modelwarden.source.memory import MemorySource
from tests.corpus.programs import elf, pe


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a/data.pkl", b"\x80\4}.", ""), ("a/version", b"3\n", ""), ("a/notes", b"#! no interpreter".replace(b" ", b"-"), ""),
        ("a/x", elf(), "ELF"), ("a/x.so", elf(kind=3), "ELF"), ("a/x", pe(), "PE"), ("a/x.so", b"text", ""),
        ("a/x.py", b"", "Python"), ("a/X.PY", b"x = 1", "Python"), ("a/x", b"\xa7\r\r\n" + bytes(12), "Python"),
        ("a/x.sh", b"echo", "script"), ("a/x.BAT", b"echo", "script"),
        ("a/x", b"#!/bin/sh\n", "script"), ("a/x", b"#! /bin/sh\n", "script"),
    ],
)  # fmt: skip
def test_kinds(name: str, data: bytes, kind: str) -> None:
    assert member_kind(name, MemorySource(data)) == kind


def test_a_program_is_stated_before_its_member_is_handed_out() -> None:
    child = Child("a/x", MemorySource(elf()))
    plain = Child("a/version", MemorySource(b"3"))
    facts = list(with_programs(iter([plain, child])))
    assert facts == [plain, Program("ELF", Place.MEMBER, "a/x", Span(0, len(elf()))), child]
