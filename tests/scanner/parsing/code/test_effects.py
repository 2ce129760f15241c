"""How many values instructions take and give: as the interpreter that runs this test says itself."""

import dis
import sys

import pytest

from modelwarden.parsing.code.effects import counts
from modelwarden.parsing.code.opcodes import NAMES

HERE = sys.version_info[:2]
# `dis` counts what a jump, a caller or the start of a generator adds, and PRECALL for the CALL behind it.
OTHERWISE = {"PRECALL", "RETURN_GENERATOR", "RETURN_VALUE", "BUILD_SLICE", "SEND", "END_ASYNC_FOR"}
WITH_ARGUMENT = getattr(dis, "hasarg", range(dis.HAVE_ARGUMENT, 256))
COUNTED = sorted(
    name
    for number, name in NAMES[HERE].items()
    if dis.opmap.get(name) == number and name not in OTHERWISE and counts(name, 0, HERE) is not None
)


@pytest.mark.parametrize("name", COUNTED)
def test_the_difference_is_the_effect_that_dis_states(name: str) -> None:
    number = dis.opmap[name]
    for argument in (0, 1, 2, 3, 5, 8, 17, 32):
        taken, given = counts(name, argument, HERE) or (0, 0)
        assert given - taken == dis.stack_effect(
            number, argument if number in WITH_ARGUMENT else None, jump=False
        )


def test_most_instructions_are_counted() -> None:
    assert len(COUNTED) > 60


@pytest.mark.parametrize(
    ("name", "argument", "version", "expected"),
    [
        ("END_FOR", 0, (3, 12), (2, 0)),
        ("END_FOR", 0, (3, 13), (1, 0)),
        ("MAKE_FUNCTION", 9, (3, 10), (4, 1)),
        ("MAKE_FUNCTION", 9, (3, 11), (3, 1)),
        ("MAKE_FUNCTION", 0, (3, 13), (1, 1)),
        ("UNPACK_EX", 0x0102, (3, 8), (1, 4)),
        ("FORMAT_VALUE", 4, (3, 9), (2, 1)),
        ("CALL", 1, (3, 12), None),
    ],
)
def test_versions_differ(
    name: str, argument: int, version: tuple[int, int], expected: tuple[int, int] | None
) -> None:
    assert counts(name, argument, version) == expected
