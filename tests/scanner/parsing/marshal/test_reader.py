"""Marshal data of every CPython: what it says of its code objects is what we read, and nothing else ever comes of any bytes."""

import base64
import json
import marshal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.code.code import Code
from modelwarden.parsing.marshal.reader import Unreadable, read

SAMPLES = {
    (path.stem, case): sample
    for path in sorted((Path(__file__).parent / "samples").glob("*.json"))
    for case, sample in json.loads(path.read_text(encoding="utf-8")).items()
}
each_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=("-".join(key) for key in SAMPLES))


def told(code: Code) -> list[Any]:
    """What a sample says of a code object."""
    words = [word for word in code.constants if isinstance(word, (str, bytes)) and word != "\ud800"]
    return [
        code.name.rpartition(".")[2],
        list(code.names),
        code.variables,
        base64.b64encode(code.bytecode).decode(),
        words,
    ]


def in_order(code: Code) -> Iterator[Code]:
    """The tree of code objects, outermost first, as the samples walk it."""
    yield code
    for constant in code.constants:
        if isinstance(constant, Code):
            yield from in_order(constant)


def text(word: object) -> object:
    return word.decode() if isinstance(word, bytes) else word


@each_sample
def test_reads_what_every_cpython_writes_as_that_cpython_does(sample: dict[str, Any]) -> None:
    for encoded in sample["data"]:
        codes = read(base64.b64decode(encoded))
        read_ = [told(code) for code in in_order(codes[0])]
        assert len(read_) == len(codes) == len(sample["codes"])
        for found, (name, names, variables, bytecode, words) in zip(read_, sample["codes"], strict=True):
            assert found[0] == name
            assert found[1] == names
            assert list(found[2][: len(variables)]) == variables  # newer versions list cells behind them
            assert found[3] == bytecode
            known = {text(word) for word in found[4]}
            assert known >= set(words)


@pytest.mark.parametrize("version", sorted({version for version, _ in SAMPLES}))
def test_every_version_is_laid_out_as_one_that_is_known(version: str) -> None:
    number = tuple(map(int, version.split(".")))
    codes = read(base64.b64decode(SAMPLES[version, "call"]["data"][-1]))
    assert codes[0].versions == () if number < (3,) else number in codes[0].versions


def test_finds_code_objects_wherever_they_are() -> None:
    one, two = compile("a", "one.py", "exec"), compile("b", "two.py", "exec")
    codes = read(marshal.dumps([{"x": (one, frozenset([two]))}, [one]]))
    assert {code.filename for code in codes} == {"one.py", "two.py"}


def test_reads_numbers_and_text_among_the_constants() -> None:
    source = "a = 1; b = 1152921504606846976; c = 1.5; d = 2j; e = b'x'; f = 'y'; g = -3"
    (code,) = read(marshal.dumps(compile(source, "numbers.py", "exec")))
    assert {constant for constant in code.constants if isinstance(constant, (int, str, bytes))} >= {
        1152921504606846976,
        b"x",
        "y",
        -3,
    }


def test_ignores_what_stands_behind_the_first_object() -> None:
    data = marshal.dumps(compile("a", "a.py", "exec"))
    assert len(read(data + b"anything")) == 1


def test_nesting_costs_no_stack() -> None:
    depth = 10 * sys.getrecursionlimit()
    inner = marshal.dumps(compile("import os", "deep.py", "exec"))
    assert [code.filename for code in read(b")\x01" * depth + inner)] == ["deep.py"]


def test_shared_tables_are_looked_at_once() -> None:
    """A quadratic reader would take minutes: each of 20,000 code objects has the same 20,000 constants."""
    count = (20_000).to_bytes(4, "little")
    nothing = b"s" + bytes(4)
    # five numbers; bytecode, constants, names, variables, kinds; three names, a line, two tables: CPython 3.11
    parts = (nothing, b"r" + bytes(4), b")\0", b")\0", nothing, b"z\0" * 3, bytes(4), nothing, nothing)
    code = b"c" + bytes(20) + b"".join(parts)
    data = b"(\x02\0\0\0" + b"\xa8" + count + b"N" * 20_000 + b"(" + count + code * 20_000
    assert len(read(data)) == 20_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"0",
        b"?",
        b"s\xff\xff\xff\x7f",
        b"s\xff\xff\xff\xff",
        b"(\xff\xff\xff\x7f",
        b"r\x00\x00\x00\x00",
        b"l\x00\x00\x00\x80",
        b"u\x01\x00\x00\x00\xff",
        b")\x01",
        b")\x010",
        b"{N",
        b"\xe3" + bytes(20) + b"r\x00\x00\x00\x00",
        b"c" + bytes(20) + b"N" * 10,
    ],
)
def test_refuses_what_no_cpython_reads(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data)


@pytest.mark.parametrize(
    "data", [b"N", b"F", b"{0", b"[\x00\x00\x00\x00", b">\x00\x00\x00\x00", b"g" + bytes(8), b")\x02NN"]
)
def test_data_without_code_hold_none(data: bytes) -> None:
    assert read(data) == ()


@given(st.binary(max_size=300))
def test_any_bytes_end_in_code_objects_or_in_the_reader_s_own_error(data: bytes) -> None:
    try:
        codes = read(data)
    except Unreadable:
        return
    assert all(isinstance(code, Code) for code in codes)


@given(st.sampled_from(list(SAMPLES.values())), st.data())
def test_a_changed_sample_does_the_same(sample: dict[str, Any], data: st.DataObject) -> None:
    raw = bytearray(base64.b64decode(sample["data"][-1]))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        codes = read(bytes(raw))
    except Unreadable:
        return
    assert all(isinstance(code, Code) for code in codes)


def test_what_this_python_compiles_is_read_as_it_is() -> None:
    code = compile(Path(__file__).read_text(encoding="utf-8"), __file__, "exec")
    assert [found.bytecode for found in in_order(read(marshal.dumps(code))[0])] == [
        one.co_code for one in walk(code)
    ]


def walk(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from walk(constant)
