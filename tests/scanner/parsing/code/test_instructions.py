"""Bytecode as instructions: as `dis` lists them, and only those that can be reached."""

import argparse
import asyncio.base_events
import dis
import json.decoder
import marshal
import sys
from collections.abc import Iterator
from types import CodeType, ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.code.code import Code
from modelwarden.parsing.code.instructions import Nonsense, instructions
from modelwarden.parsing.code.opcodes import VERSIONS
from modelwarden.parsing.marshal.reader import read

HERE = sys.version_info[:2]


def code(bytecode: bytes, exceptions: bytes = b"") -> Code:
    return Code(
        name="f", filename="", bytecode=bytecode, constants=(), names=(), variables=(), cells=(), parameters=0,
        exceptions=exceptions, versions=VERSIONS,
    )  # fmt: skip


def walk(outer: CodeType) -> Iterator[CodeType]:
    yield outer
    for constant in outer.co_consts:
        if isinstance(constant, CodeType):
            yield from walk(constant)


@pytest.mark.parametrize(
    "module", [argparse, json.decoder, asyncio.base_events], ids=lambda module: module.__name__
)
def test_lists_what_dis_lists(module: ModuleType) -> None:
    assert module.__file__ is not None
    with open(module.__file__, encoding="utf-8") as file:
        compiled = compile(file.read(), module.__file__, "exec")
    for theirs in walk(compiled):
        (ours,) = [one for one in read(marshal.dumps(theirs)) if one.bytecode == theirs.co_code][:1]
        expected = {
            step.offset: (step.opname, step.arg or 0, step.argval if step.opcode in dis.hasjrel else -1)
            for step in dis.get_instructions(theirs)
            if step.opname not in ("EXTENDED_ARG", "CACHE")
        }
        for step in instructions(ours, HERE, 100_000):
            at = max(offset for offset in expected if offset < step.end)
            name, argument, target = expected[at]
            assert step.name == name
            if step.target >= 0:
                assert step.target == target
            elif argument:
                assert step.argument == argument


def test_junk_behind_a_jump_is_not_read() -> None:
    steps = instructions(code(b"\x6e\x02\xff\xff\x53\x00"), (3, 8), 100)
    assert [(step.offset, step.name) for step in steps] == [(0, "JUMP_FORWARD"), (4, "RETURN_VALUE")]


def test_a_jump_into_what_looks_like_a_cache_is_followed() -> None:
    # JUMP_FORWARD over LOAD_GLOBAL into its caches, where RETURN_VALUE stands
    steps = instructions(code(b"\x6e\x02" + b"\x74\x00" + bytes(2) + b"\x53\x00"), (3, 11), 100)
    assert [step.name for step in steps] == ["JUMP_FORWARD", "RETURN_VALUE"]


def test_handlers_of_exceptions_are_reached() -> None:
    table = bytes((0x80, 0x01, 0x02, 0x00))  # start 0, length 1, target 2, depth 0
    steps = instructions(code(b"\x97\x00\x53\x00\x53\x00", table), (3, 11), 100)
    assert [step.offset for step in steps] == [0, 2, 4]


def test_arguments_are_extended() -> None:
    (step, _) = instructions(code(b"\x90\x01\x90\x02\x64\x03\x53\x00"), (3, 8), 100)
    assert (step.name, step.argument, step.offset, step.end) == ("LOAD_CONST", 0x010203, 0, 6)


def test_jumps_count_bytes_before_3_10_and_units_since() -> None:
    loop = b"\x09\x00" * 4 + b"\x71\x04"
    assert instructions(code(loop), (3, 9), 100)[-1].target == 4
    assert instructions(code(loop), (3, 10), 100)[-1].target == 8


@pytest.mark.parametrize(
    "bytecode", [b"", b"\x53", b"\x09\x00", b"\xfe\x00", b"\x71\xff", b"\x71\x01", b"\x90\x01"], ids=bytes.hex
)
def test_what_would_crash_is_nonsense(bytecode: bytes) -> None:
    with pytest.raises(Nonsense):
        instructions(code(bytecode), (3, 8), 100)


def test_there_is_a_limit() -> None:
    with pytest.raises(Nonsense):
        instructions(code(b"\x09\x00" * 200 + b"\x53\x00"), (3, 8), 100)


@given(st.binary(max_size=200), st.binary(max_size=20), st.sampled_from(VERSIONS))
def test_any_bytes_are_listed_or_nonsense(
    bytecode: bytes, exceptions: bytes, version: tuple[int, int]
) -> None:
    try:
        steps = instructions(code(bytecode, exceptions), version, 1000)
    except Nonsense:
        return
    assert [step.offset for step in steps] == sorted({step.offset for step in steps})
    assert all(step.offset < step.end <= len(bytecode) for step in steps)
