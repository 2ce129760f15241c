"""The committed tables are those of the interpreter that runs this test."""

import builtins
import dis
import sys

import pytest

from modelwarden.parsing.code.opcodes import BUILTINS, CACHES, NAMES, VERSIONS

HERE = sys.version_info[:2]


def test_every_version_from_3_6_to_3_14_has_a_column() -> None:
    assert tuple((3, minor) for minor in range(6, 15)) == VERSIONS
    assert set(NAMES) == set(CACHES) == set(VERSIONS)


def test_numbers_are_those_of_this_interpreter() -> None:
    numbers = {name: number for name, number in dis.opmap.items() if number < 256}
    assert {name: number for name, number in numbers.items() if NAMES[HERE].get(number) != name} == {}


def test_specialised_instructions_have_the_name_of_what_they_stand_for() -> None:
    assert NAMES[3, 11][46] == "LOAD_FAST"  # LOAD_FAST__LOAD_FAST
    assert NAMES[3, 12][111] == "LOAD_GLOBAL"  # LOAD_GLOBAL_BUILTIN
    assert NAMES[3, 13][204] == "LOAD_GLOBAL"  # LOAD_GLOBAL_MODULE


@pytest.mark.parametrize(
    ("version", "name", "number", "caches"),
    [
        ((3, 8), "LOAD_METHOD", 160, 0),
        ((3, 10), "CALL_FUNCTION", 131, 0),
        ((3, 11), "PRECALL", 166, 1),
        ((3, 11), "LOAD_GLOBAL", 116, 5),
        ((3, 12), "LOAD_ATTR", 106, 9),
        ((3, 13), "CALL", 53, 3),
        ((3, 14), "LOAD_ATTR", 80, 9),
        ((3, 14), "RESUME", 128, 0),
    ],
)
def test_some_that_the_documentation_names(
    version: tuple[int, int], name: str, number: int, caches: int
) -> None:
    assert NAMES[version][number] == name
    assert CACHES[version].get(name, 0) == caches


def test_builtins_of_this_interpreter_are_known() -> None:
    assert set(dir(builtins)) - {"_"} <= BUILTINS
