"""Ordinary safetensors state nothing and cost their header; headers that lie and bytes outside the tensors are stated."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Name, Quirk, Shortfall, Template
from modelwarden.formats.safetensors import FORMAT
from modelwarden.source.memory import MemorySource


def build(header: Any, data: bytes = b"", padding: bytes = b"") -> bytes:
    text = (header if isinstance(header, str) else json.dumps(header)).encode() + padding
    return len(text).to_bytes(8, "little") + text + data


def tensor(begin: int, end: int, dtype: str = "U8", shape: list[int] | None = None) -> dict[str, Any]:
    return {"dtype": dtype, "shape": [end - begin] if shape is None else shape, "data_offsets": [begin, end]}


def facts(data: bytes, limits: Limits | None = None) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(Budget(limits or Limits()))))


def odd(found: list[Fact]) -> list[tuple[object, str]]:
    return [
        (fact.quirk, fact.subject) if isinstance(fact, Anomaly) else (fact.shortfall, fact.detail)
        for fact in found
        if isinstance(fact, Anomaly | Gap)
    ]


INNOCENTS = {
    "no tensor": build({}),
    "one tensor": build({"a": tensor(0, 4)}, b"1234"),
    "metadata": build({"__metadata__": {"format": "pt", "text": '{"a": [1]}'}, "a": tensor(0, 4)}, b"1234"),
    "padded header": build({"a": tensor(0, 4)}, b"1234", b" " * 7),
    "any order": build({"b": tensor(2, 4), "a": tensor(0, 2)}, b"1234"),
    "dtypes": build(
        {
            "a": tensor(0, 8, "F32", [2]),
            "b": tensor(8, 24, "BF16", [2, 2, 2]),
            "c": tensor(24, 32, "C64", []),
        },
        bytes(32),
    ),
    "small dtypes": build({"a": tensor(0, 2, "F4", [4]), "b": tensor(2, 5, "F6_E2M3", [4])}, bytes(5)),
    "a tensor without elements": build(
        {"a": tensor(0, 0, "F32", [0, 7]), "b": tensor(0, 1), "c": tensor(1, 1)}, b"1"
    ),
    "an indented header": build('{\n  "a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}\n}', b"1"),
}


@pytest.mark.parametrize("data", list(INNOCENTS.values()), ids=list(INNOCENTS))
def test_an_ordinary_file_states_nothing(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\2\0\0\0", bytes(100), b"\2\0\0\0\0\0\0\0[]", b"\2\0\0\0\0\0\0\0{", build("{1: 2}"),
        b"\xff\xff\xff\xff\0\0\0\0" + b'{"a": 1}', b"\x80\4\x95\0\0\0\0\0{}",
    ],
)  # fmt: skip
def test_does_not_recognise_what_has_no_such_header(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".safetensors"))


MALFORMED = {
    "no JSON": '{"a": ',
    "no UTF-8": '{"\udcff": 1}',
    "something behind the JSON": '{"a": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}} {}',
    "a tensor that is no object": '{"a": []}',
    "no dtype": '{"a": {"shape": [0], "data_offsets": [0, 0]}}',
    "a negative size": '{"a": {"dtype": "U8", "shape": [-1], "data_offsets": [0, 0]}}',
    "a size that is true": '{"a": {"dtype": "U8", "shape": [true], "data_offsets": [0, 1]}}',
    "three offsets": '{"a": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0, 0]}}',
    "nested too deeply": '{"a": ' + "[" * 200_000,
    "a number without end": '{"a": {"dtype": "U8", "shape": [' + "1" * 5000 + '], "data_offsets": [0, 0]}}',
    "metadata that is no object": '{"__metadata__": []}',
    "metadata that is no text": '{"__metadata__": {"a": 1}}',
    "a shape that does not fit": '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 1]}}',
    "a shape beyond reason": '{"a": {"dtype": "F32", "shape": ['
    + "9999999999," * 500
    + '1], "data_offsets": [0, 1]}}',
    "an end before the begin": '{"a": {"dtype": "U8", "shape": [1], "data_offsets": [1, 0]}}',
}


@pytest.mark.parametrize("header", list(MALFORMED.values()), ids=list(MALFORMED))
def test_a_header_that_makes_no_sense_is_a_gap(header: str) -> None:
    text = header.encode("utf-8", "surrogateescape")
    data = len(text).to_bytes(8, "little") + text + b"1"
    assert Shortfall.MALFORMED in [shortfall for shortfall, _ in odd(facts(data))]


def test_an_unknown_dtype_is_a_gap() -> None:
    assert odd(facts(build({"a": tensor(0, 1, "F1")}, b"1"))) == [
        (Shortfall.UNSUPPORTED, "'a' has the unknown dtype 'F1'")
    ]


def test_tensors_beyond_the_end_are_a_gap() -> None:
    assert [shortfall for shortfall, _ in odd(facts(build({"a": tensor(0, 9)}, b"1")))] == [
        Shortfall.MALFORMED
    ]


@pytest.mark.parametrize(
    "tensors",
    [
        {"a": tensor(0, 4), "b": tensor(1 << 40, (1 << 40) + 4)},
        {"a": tensor(0, 4, "F32", [1 << 32, 1 << 32])},
        {"a": tensor(0, 4, "U8", [0, 1 << 62, 1 << 62, 0]), "b": tensor(1 << 63, 1 << 64)},
        {"a": tensor(4, 0, "U8", [4])},
    ],
    ids=[
        "an offset beyond the end",
        "a product that overflows",
        "an offset of 64 bits",
        "an end before the begin",
    ],
)
def test_what_leads_out_of_the_file_is_stated(tensors: dict[str, Any]) -> None:
    assert Quirk.OUT_OF_BOUNDS in [quirk for quirk, _ in odd(facts(build(tensors, b"1234")))]


MUTATIONS = {
    "a hole": ({"a": tensor(1, 4)}, b"1234", [Quirk.HEADER_DISAGREEMENT]),
    "a size too small": ({"a": tensor(0, 4, "U8", [3])}, b"1234", [Shortfall.MALFORMED]),
    "half a byte": ({"a": tensor(0, 2, "F4", [3])}, b"12", [Shortfall.MALFORMED]),
    "the same bytes": ({"a": tensor(0, 4), "b": tensor(0, 4)}, b"1234", [Quirk.HEADER_DISAGREEMENT]),
    "an unknown dtype": ({"a": tensor(0, 4, "F33")}, b"1234", [Shortfall.UNSUPPORTED]),
    "a byte too many": ({"a": tensor(0, 4)}, b"12345", [Quirk.POLYGLOT]),
    "a byte too few": ({"a": tensor(0, 4)}, b"123", [Shortfall.MALFORMED]),
}


@pytest.mark.parametrize(("header", "data", "stated"), list(MUTATIONS.values()), ids=list(MUTATIONS))
def test_one_mutation_is_one_statement(header: Any, data: bytes, stated: list[object]) -> None:
    assert [kind for kind, _ in odd(facts(build(header, data)))] == stated


def test_a_length_beyond_the_file_or_the_specification_is_not_recognised() -> None:
    good = build({"a": tensor(0, 4)}, b"1234")
    assert not FORMAT.recognise(Head(MemorySource(len(good).to_bytes(8, "little") + good[8:])))
    assert not FORMAT.recognise(Head(Sparse((100_000_001).to_bytes(8, "little") + b'{"', 1 << 30)))


def test_templates_and_names_in_the_metadata_are_stated() -> None:
    texts = {
        "chat_template": "{{ x.__class__ }}",
        "modelspec.title": "tiny",
        "note": "{{ y }}",
        "template": "plain",
    }
    template, name = facts(build({"__metadata__": texts}))
    assert isinstance(template, Template)
    assert (template.holder, template.attributes) == ("__metadata__.chat_template", ("__class__",))
    assert isinstance(name, Name)
    assert (name.text, name.holder) == ("tiny", "__metadata__.modelspec.title")


def test_templates_without_end_reach_a_limit() -> None:
    many = {f"template{index}": "{{ a }}" + "x" * 200_000 for index in range(9)}
    assert (
        Shortfall.LIMIT,
        "templates of more than 524,288 characters: the rest of them was not read",
    ) in odd(facts(build({"__metadata__": many})))


def test_duplicate_keys_are_stated_once_each() -> None:
    one = '"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}'
    assert odd(facts(build(f"{{{one}, {one}, {one}}}", b"1")))[0] == (Quirk.HEADER_DISAGREEMENT, "a")
    twice = '{"a": {"dtype": "I8", "dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}'
    assert odd(facts(build(twice, b"1"))) == [(Quirk.HEADER_DISAGREEMENT, "a")]
    assert odd(facts(build('{"__metadata__": {"k": "1", "k": "2"}}'))) == [(Quirk.HEADER_DISAGREEMENT, "k")]


def test_shared_bytes_are_stated() -> None:
    assert odd(facts(build({"a": tensor(0, 3), "b": tensor(2, 4)}, b"1234"))) == [
        (Quirk.HEADER_DISAGREEMENT, "b")
    ]


def test_bytes_between_tensors_are_stated_and_handed_out() -> None:
    data = build({"a": tensor(0, 1), "b": tensor(3, 4)}, b"1..4")
    found = facts(data)
    assert odd(found) == [(Quirk.HEADER_DISAGREEMENT, "data_offsets")]
    assert [(fact.member, fact.source.read(0, 9)) for fact in found if isinstance(fact, Child)] == [
        (f"+{len(data) - 3}", b"..")
    ]


def test_bytes_behind_the_tensors_are_stated_and_handed_out() -> None:
    data = build({"a": tensor(0, 1)}, b"1PK\3\4")
    found = facts(data)
    assert odd(found) == [(Quirk.POLYGLOT, "end")]
    assert [(fact.member, fact.source.read(0, 9)) for fact in found if isinstance(fact, Child)] == [
        (f"+{len(data) - 4}", b"PK\3\4")
    ]


class Sparse:
    """A header and very many zeros; counts what is read."""

    def __init__(self, start: bytes, size: int) -> None:
        self.size = size
        self.count = 0
        self._start = start

    def read(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.size - offset))
        self.count += length
        return self._start[offset : offset + length].ljust(length, b"\0")


def test_twenty_gigabytes_cost_their_header() -> None:
    start = build({"a": tensor(0, 20_000_000_000)})
    source = Sparse(start, len(start) + 20_000_000_000)
    assert FORMAT.recognise(Head(source, ".safetensors"))
    assert list(FORMAT.observe(source, Scope())) == []
    assert source.count < 10_000


def test_a_header_too_long_to_parse_is_a_gap_and_not_read() -> None:
    start = (50 << 20).to_bytes(8, "little") + b'{"a":'
    source = Sparse(start, 60 << 20)
    assert FORMAT.recognise(Head(source))
    assert [fact.shortfall for fact in FORMAT.observe(source, Scope()) if isinstance(fact, Gap)] == [
        Shortfall.LIMIT
    ]
    assert source.count < 10_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
TENSOR = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["U8", "F32", "?"]) | JSON,
        "shape": st.lists(st.integers(-1, 5), max_size=3) | JSON,
        "data_offsets": st.lists(st.integers(0, 40), min_size=2, max_size=2) | JSON,
    }
)


@settings(max_examples=300, deadline=None)
@given(
    header=st.dictionaries(st.sampled_from(["a", "b", "__metadata__"]), TENSOR | JSON)
    | JSON
    | st.text(max_size=20),
    rest=st.binary(max_size=40),
    cut=st.integers(0, 300),
)
def test_any_header_ends_within_budget(header: Any, rest: bytes, cut: int) -> None:
    data = build(header, rest)[: 8 + cut]
    budget = Budget(Limits(members=5))
    FORMAT.recognise(Head(MemorySource(data)))
    try:
        for fact in FORMAT.observe(MemorySource(data), Scope(budget)):
            assert isinstance(fact, Anomaly | Gap | Child)
    except LimitReached:
        assert budget.members > 5
