"""Which versions make sense of a code object."""

import marshal
import sys

import pytest

from modelwarden.parsing.code.code import Code, Version
from modelwarden.parsing.code.instructions import Instruction
from modelwarden.parsing.code.listing import listings, operand, partial_listings
from modelwarden.parsing.code.opcodes import VERSIONS
from modelwarden.parsing.marshal.reader import read


def code(bytecode: bytes, *versions: Version, names: tuple[str, ...] = ()) -> Code:
    return Code(
        name="f", filename="", bytecode=bytecode, constants=(None,), names=names, variables=("x",), cells=("y",),
        parameters=0, exceptions=b"", versions=versions,
    )  # fmt: skip


def versions(*codes: Code) -> list[Version]:
    return [version for version, _ in listings(codes)]


def test_what_this_python_compiles_is_of_this_version_alone() -> None:
    compiled = read(
        marshal.dumps(compile("import os\ndef f(x):\n    return [os.path.join(i) for i in x]", "a", "exec"))
    )
    assert versions(*compiled) == [sys.version_info[:2]]


def test_versions_that_read_it_alike_are_all_kept() -> None:
    assert versions(code(b"\x64\x00\x53\x00", (3, 8), (3, 9), (3, 10))) == [(3, 8), (3, 9), (3, 10)]


def test_a_version_must_make_sense_of_every_code_object() -> None:
    merely_3_9 = code(b"\x7c\x00\x7c\x00\x75\x00\x53\x00", (3, 8), (3, 9))  # 117 is IS_OP since 3.9
    assert versions(merely_3_9, code(b"\x64\x00\x53\x00", (3, 8), (3, 9))) == [(3, 9)]


def test_a_proper_start_is_preferred_to_none() -> None:
    starts_in_3_13 = code(b"\x95\x00\x67\x00\x24\x00", *VERSIONS[-4:])
    assert versions(starts_in_3_13) == [(3, 13)]


@pytest.mark.parametrize(
    "bytecode",
    [b"\x64\x01\x53\x00", b"\x74\x00\x53\x00", b"\x7c\x01\x53\x00", b"\x88\x01\x53\x00"],
    ids=["constant", "name", "variable", "cell"],
)
def test_counting_past_a_table_is_nonsense(bytecode: bytes) -> None:
    assert versions(code(bytecode, (3, 8))) == []


def test_what_makes_sense_is_kept_beside_what_does_not() -> None:
    fine, broken = code(b"\x64\x00\x53\x00", (3, 8)), code(b"\xff\xff", (3, 8))
    assert listings([fine, broken]) == []
    ((version, listing),) = partial_listings([fine, broken])
    assert version == (3, 8)
    assert [one for one, _ in listing] == [fine]


def test_no_code_is_of_no_version() -> None:
    assert listings([]) == []
    assert partial_listings([]) == []


@pytest.mark.parametrize(
    ("name", "argument", "version", "expected"),
    [
        ("LOAD_GLOBAL", 5, (3, 10), ("name", 5)),
        ("LOAD_GLOBAL", 5, (3, 11), ("name", 2)),
        ("LOAD_ATTR", 5, (3, 11), ("name", 5)),
        ("LOAD_ATTR", 5, (3, 12), ("name", 2)),
        ("LOAD_SUPER_ATTR", 9, (3, 12), ("name", 2)),
        ("LOAD_FAST_LOAD_FAST", 0x31, (3, 13), ("variable", 3)),
        ("STORE_DEREF", 1, (3, 8), ("cell", 1)),
        ("POP_TOP", 1, (3, 8), None),
    ],
)
def test_operands_count_as_their_version_does(
    name: str, argument: int, version: Version, expected: tuple[str, int] | None
) -> None:
    assert operand(Instruction(0, 2, name, argument, -1), version) == expected
