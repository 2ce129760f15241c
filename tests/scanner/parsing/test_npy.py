"""Headers are read as literals; objects are found wherever they stand in a type, and nowhere else."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.parsing.npy import (
    LITERAL_BYTES,
    HeaderExpression,
    HeaderProblem,
    HeaderTooLong,
    Layout,
    UnknownVersion,
    layout,
    read_header,
)
from modelwarden.source.memory import MemorySource

GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }"


def npy(header: str | bytes, version: int = 1, stated: int | None = None) -> MemorySource:
    text = header if isinstance(header, bytes) else header.encode("utf-8" if version == 3 else "latin-1")
    length = (len(text) if stated is None else stated).to_bytes(2 if version == 1 else 4, "little")
    return MemorySource(b"\x93NUMPY" + bytes([version, 0]) + length + text)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_good_header_says_where_and_how_large_the_data_is(version: int) -> None:
    source = npy(GOOD.ljust(117) + "\n", version)
    header = read_header(source)
    assert header.data == source.size == (128 if version == 1 else 130)
    assert (header.count, header.layout, header.data_bytes) == (12, Layout(8), 96)


def test_sizes_as_python_2_wrote_them() -> None:
    header = read_header(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3L, 4L), }"))
    assert header.count == 12
    assert (
        read_header(npy("{'descr': [('3L', '<i2')], 'fortran_order': False, 'shape': (2L,), }")).data_bytes
        == 4
    )


@pytest.mark.parametrize(
    ("shape", "count"),
    [("()", 1), ("(0, 5)", 0), ("(7,)", 7), ("(9" * 4300 + ",)", None), ("(10**3,)", None)],
)
def test_shapes(shape: str, count: int | None) -> None:
    source = npy(f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}")
    if count is None:
        with pytest.raises(HeaderProblem):
            read_header(source)
    else:
        assert read_header(source).count == count


def test_a_size_beyond_any_file_stays_a_number_that_can_be_shown() -> None:
    side = "9" * 4000
    header = read_header(npy(f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({side}, {side})}}"))
    assert header.data_bytes == 1 << 63


@pytest.mark.parametrize(
    ("descr", "item_bytes"),
    [
        ("<f8", 8), (">i2", 2), ("|b1", 1), ("|u1", 1), ("<c16", 16), ("<f16", 16), ("<U5", 20), ("|S5", 5), ("<U0", 0),
        ("|V3", 3), ("<M8[ns]", 8), ("<m8[25us]", 8), ("?", 1), ("d", 8), ("float32", 4), ("bool", 1), ("datetime64[D]", 8),
        ("f4", 4), ("=i8", 8), ("c", 1), ("a7", 7),
        ([("x", "<i4"), ("y", "<f8")], 12),
        ([("x", "<i4"), ("", "|V4"), ("y", "<f8")], 16),
        ([("x", "<i4", (2, 3))], 24),
        ([("x", "<i4", 5)], 20),
        ([("x", [("y", "<i2", (2, 2)), ("z", "i1")], 2)], 18),
        ([(("title", "x"), "<i4")], 4),
        ([("O", "<i4"), ("object", "<U3")], 16),
        ([], 0),
        (("<f4", (2, 2)), 16),
        ("foo", None), ("", None), ("(2,3)f4", None), ("i4,f8", None), ([("x", "foo")], None), ([("x",)], None), (7, None),
        ([("x", "<i4", -1)], None), ([("x", "<i4", "y")], None), ("<f8garbage", None),
        ({"names": ["x"], "formats": ["<i4"]}, None),
    ],
)  # fmt: skip
def test_types_without_objects(descr: object, item_bytes: int | None) -> None:
    assert layout(descr) == Layout(item_bytes)


@pytest.mark.parametrize(
    "descr",
    [
        "|O", "O", "<O", "=O8", "O4", "object", "object_", "i4,O", "(2,)O", "f8, object, i4",
        [("x", "<i4"), ("y", "|O")],
        [("x", [("y", "<i4"), ("z", [("deep", "O")])])],
        [("x", "O", (2, 2))],
        ["xO", ("x", "O")],
        ("O", (3,)),
        (("O", 2), 2),
        ("<i8", [("x", "O")]),
        {"names": ["x"], "formats": ["O"]},
        {"x": ("O", 0)},
    ],
)  # fmt: skip
def test_types_with_objects(descr: object) -> None:
    assert layout(descr).objects


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': __import__('os').system('echo'), 'fortran_order': False, 'shape': (3,)}",
        "exit()",
        "f8",
        "{'descr': f'{1}', 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)} if 1 else 2",
        "(lambda: 1)()",
        "[x for x in 'abc']",
        "{**{}}",
    ],
)
def test_python_that_is_no_literal_is_an_expression(header: str) -> None:
    with pytest.raises(HeaderExpression):
        read_header(npy(header))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "{'descr': '<f8', 'fortran_order': False",
        "import os",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'x': 1}",
        "{'descr': '<f8', 'shape': (3,)}",
        "[1, 2]",
        "{[]: 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 3}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': ('3',)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': " + f"({'1, ' * 65})" + "}",
        "(" * 5000,
        "-" * 50_000 + "1",
        "1" + "+1" * 30_000,
        "'a\0b'",
        '"\\d"',
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_header_is_a_problem_but_no_expression(header: str) -> None:
    with pytest.raises(HeaderProblem) as caught:
        read_header(npy(header))
    assert type(caught.value) is HeaderProblem


def test_a_header_that_goes_on_behind_the_end() -> None:
    with pytest.raises(HeaderProblem, match="behind the end"):
        read_header(npy(GOOD, stated=9999))


def test_text_that_is_no_utf_8() -> None:
    broken = GOOD.encode().replace(b"<f8", b"\xff")
    with pytest.raises(HeaderProblem, match="UTF-8"):
        read_header(npy(broken, 3))
    assert read_header(npy(broken, 2)).layout == Layout(None)


def test_padding_does_not_count_and_longer_literals_are_not_parsed() -> None:
    padded = npy(GOOD + " " * (LITERAL_BYTES * 4) + "\n", 2)
    assert read_header(padded).count == 12
    fields = ", ".join(f"('column {number}', '<f8')" for number in range(10_000))
    with pytest.raises(HeaderTooLong) as caught:
        read_header(npy(f"{{'descr': [{fields}], 'fortran_order': False, 'shape': (3,)}}", 2))
    assert caught.value.data > LITERAL_BYTES


@pytest.mark.parametrize("version", [0, 4, 255])
def test_other_versions_are_not_read(version: int) -> None:
    with pytest.raises(UnknownVersion):
        read_header(npy(GOOD, version))


@pytest.mark.parametrize("length", range(12))
def test_a_file_cut_in_its_magic_is_a_problem(length: int) -> None:
    with pytest.raises(HeaderProblem):
        read_header(MemorySource(npy(GOOD).read(0, length)))


@settings(max_examples=500, deadline=None)
@given(
    header=st.text(alphabet="{}[]()'descrfotan_shape:,<8 01O-+*.\n\\x", max_size=80),
    version=st.sampled_from([1, 2, 3]),
)
def test_any_header_ends_in_a_header_or_a_problem(header: str, version: int) -> None:
    try:
        found = read_header(npy(header, version))
    except HeaderProblem:
        return
    assert set(ast.literal_eval(header.strip())) == {"descr", "fortran_order", "shape"}
    assert found.count >= 0


DESCR = st.recursive(
    st.sampled_from(["<f8", "O", "|S3", "", "i4,O", "U", 7, None]),
    lambda inner: st.one_of(
        st.lists(st.tuples(st.text(max_size=2), inner), max_size=3),
        st.tuples(inner, inner),
        st.tuples(st.text(max_size=2), inner, inner),
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=2), inner, max_size=2),
    ),
)


@settings(max_examples=500, deadline=None)
@given(descr=DESCR)
def test_any_type_has_a_layout(descr: object) -> None:
    found = layout(descr)
    assert found.item_bytes is None or found.item_bytes >= 0
