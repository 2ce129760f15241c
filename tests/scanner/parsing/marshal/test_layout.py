"""The parts of a code object: what CPython would refuse is refused."""

from typing import Any

import pytest

from modelwarden.domain.value import UNKNOWN
from modelwarden.parsing.code.code import Code
from modelwarden.parsing.marshal.layout import LAYOUTS, Assembler, Layout, WrongPart

NEWEST, OLDER, OLDEST, PYTHON_2 = LAYOUTS
PARTS: dict[str, Any] = {
    "code": b"\x97\x00", "consts": (None, "x", 1.5, (1,)), "names": ("os",), "variables": ("a", "b"), "kinds": b"  ",
    "free": ("f",), "cells": ("c",), "filename": "a.py", "name": "g", "qualname": "f.g", "lines": b"", "exceptions": b"\x81",
}  # fmt: skip


def made(layout: Layout, **changed: Any) -> Code:
    parts = [(PARTS | changed)[name] for name in layout.fields]
    return Assembler(layout).code([1] * len(layout.numbers), parts)


def test_the_newest_layout_has_a_qualified_name_and_an_exception_table() -> None:
    code = made(NEWEST)
    assert (code.name, code.exceptions, code.cells) == ("f.g", b"\x81", ())


def test_older_layouts_count_cells_apart() -> None:
    assert made(OLDER).cells == ("c", "f")
    assert made(OLDEST).name == "g"


def test_constants_of_no_interest_are_unknown_and_none_is_none() -> None:
    assert made(OLDER).constants == (None, "x", UNKNOWN, UNKNOWN)


def test_only_python_2_names_things_with_bytes() -> None:
    assert made(PYTHON_2, name=b"g", filename=b"a.py", names=(b"os",)).names == ("os",)
    with pytest.raises(WrongPart):
        made(OLDER, names=(b"os",))


@pytest.mark.parametrize(
    ("field", "part"),
    [
        ("code", "text"),
        ("consts", UNKNOWN),
        ("names", ("a", None)),
        ("names", "os"),
        ("variables", (1,)),
        ("filename", b"a.py"),
        ("name", None),
        ("qualname", UNKNOWN),
        ("exceptions", None),
    ],
)
def test_a_part_of_a_wrong_type_is_refused(field: str, part: object) -> None:
    with pytest.raises(WrongPart):
        made(NEWEST, **{field: part})


def test_every_layout_knows_its_versions_once() -> None:
    versions = [version for layout in LAYOUTS for version in layout.versions]
    assert len(versions) == len(set(versions))
