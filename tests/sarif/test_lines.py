"""Lines and columns as editors count them, and the names GitHub's uploader gives to lines."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden_sarif.lines import MAX_TEXT_BYTES, Extent, Lines, line_hashes


def all_hashes(data: bytes) -> list[str]:
    """Of every line, in order."""
    made = line_hashes(data, range(1, len(data) + 2))
    assert list(made) == list(range(1, len(made) + 1))
    return list(made.values())


# Values that github/codeql-action's own code gave (src/fingerprints.ts, run under Node 20).
GITHUB: list[tuple[bytes, list[str]]] = [
    (b"", ["c129715d7a2bc9a3:1"]),
    (
        b"a\nb\nc\n",
        ["52668e89249e7477:1", "9ed7939040abc6c0:1", "3791504be0bd17cc:1", "c129715d7a2bc9a3:1"],
    ),
    (
        b"one\r\ntwo\r\r\n three\n\n\tfour",
        [
            "c0bd059477d8c479:1",
            "7814fbe87a1b2d75:1",
            "e7dafd04fd0e040d:1",
            "8a866bb293e60377:1",
            "cad443a5ec4339:1",
            "253087c0fc0524d3:1",
        ],
    ),
    (
        "\ufeffx\né😀 y\n".encode(),
        ["3626618035fab169:1", "eacc8b6b2fda3aac:1", "c129715d7a2bc9a3:1"],
    ),
    (b"\xff\xfe\xe2\x82x\n\x80", ["b5a9262a1a7b3679:1", "8989dec65f08d110:1"]),
    (
        b"same\n" * 30,
        [
            *(f"6468d5768bad9560:{number}" for number in range(1, 12)),
            *(
                f"{each}:1"
                for each in (
                    "6468d593175bf9e7 da651a21e2c4ed2b fa654d5728d43cbf 41eedd0ee34e7ae3 b54cc712461bd6d7 "
                    "5e3328a25cb820db 814869baf0ce1e2f e228151957fc6d13 6fcfae81efcf38c7 541a672188cafd8b "
                    "e09c79f896499c9f db85c3931d740043 81bc500fad9f8fb7 f22fae5eebd7b33b fd4056a22bb0a80f "
                    "492109b62839e473 55dfc028cbd34ba7 54dd522503d971eb 930af01a65e2307f c129715d7a2bc9a3"
                ).split()
            ),
        ],
    ),
    (
        b'x = "' + b"abcdefghij" * 25 + b'"\ny\n',
        ["191d9a061a0b539a:1", "c33be7e0cf7c3ca:1", "c129715d7a2bc9a3:1"],
    ),
    (b"\0\0\n\0", ["15ec6129f2d75a45:1", "dbb503105d3f7427:1"]),
]


@pytest.mark.parametrize(("data", "hashes"), GITHUB)
def test_line_hashes_are_the_ones_github_computes(data: bytes, hashes: list[str]) -> None:
    assert all_hashes(data) == hashes


def rolled(data: bytes) -> list[str]:
    """The same the long way round: one step for each code unit, as GitHub describes it."""
    raw = data.decode("utf-8", "replace").encode("utf-16-le")
    units = [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]
    window = [0] * 100
    starts: list[int] = [-1] * 100
    value, index, line = 0, 0, 0
    hashes: dict[int, str] = {}
    counts: dict[int, int] = {}
    fresh, after_return = True, False

    def out() -> None:
        if starts[index] >= 0:
            counts[value] = counts.get(value, 0) + 1
            hashes[starts[index]] = f"{value:x}:{counts[value]}"
            starts[index] = -1

    def roll(unit: int) -> None:
        nonlocal value, index
        value = (37 * value + unit - 37**100 * window[index]) % 2**64
        window[index] = unit
        index = (index + 1) % 100

    for unit in (*units, 0xFFFF):
        if unit in (0x20, 0x09) or (after_return and unit == 0x0A):
            after_return = False
            continue
        after_return = unit == 0x0D
        unit = 0x0A if after_return else unit
        out()
        if fresh:
            line += 1
            starts[index] = line
        fresh = unit == 0x0A
        roll(unit)
    for _ in range(100):
        out()
        roll(0)
    return [hashes[number] for number in sorted(hashes)]


TEXTS = st.text(st.sampled_from("ab \t\r\n\0é\ufeff\uffff\U0001f600"), max_size=500)


@given(TEXTS.map(str.encode) | st.binary(max_size=400))
def test_line_hashes_equal_those_rolled_step_by_step(data: bytes) -> None:
    assert all_hashes(data) == rolled(data)


@given(TEXTS.map(str.encode), st.sets(st.integers(-3, 40)))
def test_some_lines_have_the_hashes_they_have_among_all(data: bytes, lines: set[int]) -> None:
    hashes = all_hashes(data)
    known = {number: hashes[number - 1] for number in sorted(lines) if 1 <= number <= len(hashes)}
    assert line_hashes(data, lines) == known


def test_a_line_hash_sees_no_blanks_and_no_kind_of_line_end() -> None:
    assert all_hashes(b"a b\tc\r\nd") == all_hashes(b"abc\nd") == all_hashes(b"abc\rd")


@given(st.binary(max_size=400))
def test_any_bytes_give_one_distinct_hash_a_line(data: bytes) -> None:
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    hashes = all_hashes(data)
    assert len(hashes) == len(lines)
    assert len(set(hashes)) == len(hashes)


def test_a_long_text_of_short_lines_is_no_trouble() -> None:
    data = bytes(random.Random(1).choices(b"ab\n", k=MAX_TEXT_BYTES))
    last = data.count(b"\n") + 1
    assert line_hashes(data, {1, last}).keys() == {1, last}


# Lines and columns


@pytest.mark.parametrize(
    ("data", "span", "extent"),
    [
        (b"abc", (0, 3), Extent(1, 1, 1, 4)),
        (b"abc\ndef", (5, 1), Extent(2, 2, 2, 3)),
        (b"abc\r\ndef", (5, 3), Extent(2, 1, 2, 4)),
        (b"abc\rdef", (4, 3), Extent(2, 1, 2, 4)),
        (b"abc\ndef\nghi", (1, 8), Extent(1, 2, 3, 2)),
        (b"abc\ndef\n", (4, 4), Extent(2, 1, 2, 4)),
        (b"abc\ndef", (4, 0), Extent(2, 1, 2, 4)),
        (b"abc\ndef\n", (5, 0), Extent(2, 2, 2, 4)),
        (b"abc\n", (3, 0), Extent(1, 4, 1, 5)),
        (b"abc\n\n", (4, 1), Extent(2, 1, 2, 2)),
        (b"", (0, 0), Extent(1, 1, 1, 2)),
        (b"abc", (99, 99), Extent(1, 4, 1, 5)),
        (b"abc", (-5, 2), Extent(1, 1, 1, 3)),
        ("é😀x".encode(), (6, 1), Extent(1, 4, 1, 5)),
        ("é😀x".encode(), (2, 4), Extent(1, 2, 1, 4)),
        ("é😀x".encode(), (3, 1), Extent(1, 2, 1, 3)),
        ("\ufeffabc\nd".encode(), (3, 3), Extent(1, 1, 1, 4)),
        ("\ufeffabc\nd".encode(), (0, 3), Extent(1, 1, 1, 2)),
        ("\ufeffabc\nd".encode(), (7, 1), Extent(2, 1, 2, 2)),
    ],
)
def test_lines_and_columns_count_from_one_in_code_units(
    data: bytes, span: tuple[int, int], extent: Extent
) -> None:
    assert Lines(data).extent(*span) == extent


@given(TEXTS, st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), min_size=1, max_size=8))
def test_an_extent_is_never_empty_and_does_not_depend_on_what_was_asked_before(
    text: str, spans: list[tuple[int, int]]
) -> None:
    data = text.replace("\0", "").encode()
    lines = Lines(data)
    for span in spans:
        extent = lines.extent(*span)
        assert extent == Lines(data).extent(*span)
        assert 1 <= extent.start_line <= extent.end_line <= len(all_hashes(data))
        assert extent.start_column >= 1
        assert extent.end_column >= 1
        assert (extent.start_line, extent.start_column) < (extent.end_line, extent.end_column)


@pytest.mark.parametrize("data", [b"a\0b", b"\xff\xfea", b"\xed\xa0\x80", bytes(MAX_TEXT_BYTES + 1)])
def test_what_is_no_text_has_no_lines(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"text|decode"):
        Lines(data)


def test_a_text_of_the_largest_size_has_lines() -> None:
    lines = Lines(b"x" * MAX_TEXT_BYTES)
    assert lines.size == MAX_TEXT_BYTES
    assert lines.extent(MAX_TEXT_BYTES - 1, 1) == Extent(1, MAX_TEXT_BYTES, 1, MAX_TEXT_BYTES + 1)
