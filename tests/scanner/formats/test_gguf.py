# ruff: noqa: E501  # a file is one line
"""Ordinary GGUF files state their templates and names; each field that lies is stated, and nothing is read but the header."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Name, Quirk, Template
from modelwarden.formats.gguf import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.gguf_bytes import ARRAY, LE, NAME, STRING, TEMPLATE, Writer, model, with_template
from tests.corpus.malicious_gguf import CHAIN
from tests.guard import ends

HUGE = (1 << 64) - 1


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(Budget(Limits()))))


def odd(data: bytes) -> list[str]:
    """Quirks and shortfalls of a file, in order."""
    return [
        fact.quirk.value if isinstance(fact, Anomaly) else fact.shortfall.name
        for fact in facts(data)
        if isinstance(fact, Anomaly | Gap)
    ]


def recognised(data: bytes, suffix: str = "") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


TYPES = (
    (24, 0, 256),
    (2, 256, 144),
    (8, 416, 272),
    (12, 704, 144),
    (30, 864, 512),
    (34, 1376, 54),
    (39, 1440, 136),
    (1, 1600, 512),
)
"""Type, place and bytes of tensors of 256 values."""
OTHER_ORDER, FIRST_VERSION = Writer(">"), Writer(wide=4)
INNOCENTS = {
    "a model": model(),
    "a template": with_template(TEMPLATE),
    "no tensor": LE.file([NAME]),
    "nothing at all": LE.file([]),
    "lists": LE.file([LE.strings("a.b", ["x"] * 300), LE.text("c") + LE.u32(ARRAY) + LE.u32(5) + LE.count(2) + bytes(8)]),
    "lists in lists": LE.file([LE.text("c") + LE.u32(ARRAY) + LE.u32(ARRAY) + LE.count(2) + (LE.u32(0) + LE.count(3) + b"abc") * 2]),
    "version 1": FIRST_VERSION.file([FIRST_VERSION.number("a", 1)], [FIRST_VERSION.tensor("t", [8], 0, 0)], bytes(32), version=1),
    "version 2": LE.file([NAME], [LE.tensor("t", [8], 0, 0)], bytes(32), version=2),
    "big-endian": OTHER_ORDER.file([OTHER_ORDER.number("general.alignment", 64)], [OTHER_ORDER.tensor("t", [8], 0, 0)], bytes(32), alignment=64),
    "alignment": LE.file([LE.number("general.alignment", 256)], [LE.tensor("t", [8], 0, 0), LE.tensor("u", [8], 0, 256)], bytes(288), alignment=256),
    "padding at the end": model(tail=bytes(32)),
    "padding to a page": model(tail=bytes(4096)),
    "an empty tensor": LE.file([NAME], [LE.tensor("t", [0], 0, 0), LE.tensor("u", [8], 0, 0)], bytes(32)),
    "any order": LE.file([NAME], [LE.tensor("t", [8], 0, 32), LE.tensor("u", [8], 0, 0)], bytes(64)),
    "every type": LE.file([NAME], [LE.tensor(str(kind), [256], kind, begin) for kind, begin, _ in TYPES], bytes(2112)),
}  # fmt: skip


@pytest.mark.parametrize("name", list(INNOCENTS))
def test_an_ordinary_file_has_nothing_odd(name: str) -> None:
    assert recognised(INNOCENTS[name])
    assert odd(INNOCENTS[name]) == []


@pytest.mark.parametrize(
    "data", [b"", b"GGUF", b"GGUF\3\0\0", b"GGUf" + bytes(40), b"GGUF is a format\n", bytes(64)]
)
def test_does_not_recognise_what_has_no_such_header(data: bytes) -> None:
    assert not recognised(data, ".gguf")


def test_an_unknown_version_is_a_gap() -> None:
    assert odd(LE.file([NAME], version=4)) == ["UNSUPPORTED"]


def test_templates_and_names_are_stated() -> None:
    found = facts(with_template(TEMPLATE))
    assert [(fact.holder, fact.text) for fact in found if isinstance(fact, Name)] == [
        ("general.name", "tiny")
    ]
    (template,) = [fact for fact in found if isinstance(fact, Template)]
    assert (template.holder, template.parsed) == ("tokenizer.chat_template", True)
    assert with_template(TEMPLATE)[template.span.offset :].startswith(TEMPLATE.encode())


@pytest.mark.parametrize(
    "data",
    [
        with_template(CHAIN, "tokenizer.chat_template.tool_use"),
        with_template(CHAIN, "tokenizer.ggml.chat_template"),
        model(LE.strings("tokenizer.chat_templates", [TEMPLATE, CHAIN])),
        model(LE.string("tokenizer.chat_template", TEMPLATE), LE.string("tokenizer.chat_template", CHAIN)),
        with_template(CHAIN)[:-100],
    ],
)
def test_every_template_is_read(data: bytes) -> None:
    assert any("__globals__" in fact.attributes for fact in facts(data) if isinstance(fact, Template))


def test_keeps_the_template_it_saw_before_the_break() -> None:
    data = LE.file([LE.string("tokenizer.chat_template", CHAIN), LE.u64(1 << 63)])
    assert any("__globals__" in fact.attributes for fact in facts(data) if isinstance(fact, Template))
    assert odd(data) == [Quirk.OUT_OF_BOUNDS, "MALFORMED"]


def test_a_template_that_is_no_jinja_is_a_gap() -> None:
    assert odd(with_template("{{ x }}{% if %}")) == ["MALFORMED"]
    assert odd(with_template("chatml")) == []


def test_a_template_too_long_to_be_parsed_is_a_limit() -> None:
    assert odd(with_template("{{ a }}" + "x" * 300_000)) == ["LIMIT"]


def test_templates_without_end_reach_a_limit() -> None:
    many = model(LE.strings("tokenizer.chat_templates", ["{{ a }}" + "x" * 200_000] * 9))
    assert odd(many) == ["LIMIT"]


CUT = {
    "in the counts": 20,
    "in a key": 30,
    "in a value": 60,
    "in a tensor's header": 100,
    "in the numbers": -40,
}


@pytest.mark.parametrize("length", list(CUT.values()), ids=list(CUT))
def test_a_file_cut_off_is_malformed_and_no_alarm(length: int) -> None:
    assert odd(model()[:length]) == ["MALFORMED"]


LIES = {
    "count of keys": LE.file([NAME], counts=(0, 1 << 61)),
    "count of tensors": LE.file([NAME], counts=(HUGE, 1)),
    "length of a key": LE.file([LE.u64(1 << 63) + b"x"]),
    "length of a text": LE.file([LE.text("a") + LE.u32(STRING) + LE.u64(HUGE) + b"x"]),
    "length of a list": LE.file([LE.text("a") + LE.u32(ARRAY) + LE.u32(5) + LE.u64(1 << 62)]),
    "length of a list of texts": LE.file([LE.text("a") + LE.u32(ARRAY) + LE.u32(STRING) + LE.u64(1 << 60)]),
    "length within a list": LE.file(
        [LE.text("a") + LE.u32(ARRAY) + LE.u32(STRING) + LE.u64(1) + LE.u64(HUGE)]
    ),
    "dimensions": LE.file([NAME], [LE.tensor("a", [1] * 5, 0, 0)], bytes(32)),
    "product": LE.file([NAME], [LE.tensor("a", [1 << 32, 1 << 32, 4], 0, 0)], bytes(32)),
    "product that wraps to the right size": LE.file(
        [NAME], [LE.tensor("a", [8, (1 << 61) + 1], 0, 0)], bytes(32)
    ),
    "negative size": LE.file([NAME], [LE.tensor("a", [HUGE], 0, 0)], bytes(32)),
    "offset": LE.file([NAME], [LE.tensor("a", [8], 0, 0), LE.tensor("b", [8], 0, 1 << 40)], bytes(64)),
    "offset that overflows": LE.file([NAME], [LE.tensor("a", [8], 0, HUGE - 31)], bytes(32)),
    "offset that is not aligned": LE.file([NAME], [LE.tensor("a", [8], 0, 4)], bytes(64)),
    "size over the neighbours": LE.file(
        [NAME], [LE.tensor("a", [999], 0, 0), LE.tensor("b", [8], 0, 32)], bytes(64)
    ),
    "half a block": LE.file([NAME], [LE.tensor("a", [33], 2, 0)], bytes(64)),
    "alignment 0": LE.file([LE.number("general.alignment", 0)]),
    "alignment 48": LE.file([LE.number("general.alignment", 48)]),
    "alignment as text": LE.file([LE.string("general.alignment", "32")]),
}


@pytest.mark.parametrize("data", list(LIES.values()), ids=list(LIES))
def test_a_field_that_lies_is_out_of_bounds(data: bytes) -> None:
    assert recognised(data)
    assert Quirk.OUT_OF_BOUNDS in odd(data)


def test_unknown_types_are_gaps() -> None:
    assert odd(LE.file([LE.text("a") + LE.u32(99) + bytes(8)])) == ["MALFORMED"]
    assert odd(LE.file([NAME], [LE.tensor("a", [8], 99, 0)], bytes(32))) == ["UNSUPPORTED"]


def test_keys_tensors_and_bytes_that_occur_twice_are_stated() -> None:
    assert odd(LE.file([NAME, NAME])) == [Quirk.HEADER_DISAGREEMENT]
    twice = [LE.tensor("a", [8], 0, 0), LE.tensor("a", [8], 0, 32)]
    assert odd(LE.file([NAME], twice, bytes(64))) == [Quirk.HEADER_DISAGREEMENT]
    shared = [LE.tensor("a", [16], 0, 0), LE.tensor("b", [8], 0, 32)]
    assert odd(LE.file([NAME], shared, bytes(64))) == [Quirk.HEADER_DISAGREEMENT]


def children(data: bytes) -> list[bytes]:
    return [fact.source.read(0, 99) for fact in facts(data) if isinstance(fact, Child)]


def test_what_stands_behind_the_tensors_is_handed_out() -> None:
    assert odd(model(tail=b"PK\3\4")) == [Quirk.TRAILING_DATA]
    assert children(model(tail=b"PK\3\4")) == [b"PK\3\4"]


def test_what_stands_between_tensors_is_handed_out() -> None:
    tensors = [LE.tensor("a", [8], 0, 0), LE.tensor("b", [8], 0, 128)]
    data = LE.file([NAME], tensors, bytes(32) + b"hidden".ljust(96, b".") + bytes(32))
    assert odd(data) == [Quirk.HEADER_DISAGREEMENT]
    assert children(data) == [b"hidden".ljust(96, b".")]


def test_what_stands_in_wide_padding_is_handed_out() -> None:
    pairs = [LE.number("general.alignment", 4096)]
    tensors = [LE.tensor("a", [8], 0, 0), LE.tensor("b", [8], 0, 4096)]
    silent = LE.file(pairs, tensors, bytes(4096 + 32), alignment=4096)
    assert odd(silent) == []
    loud = LE.file(pairs, tensors, bytes(32) + b"x" * 500 + bytes(3564) + bytes(32), alignment=4096)
    assert odd(loud) == [Quirk.HEADER_DISAGREEMENT]


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
    start = LE.file([NAME], [LE.tensor("a", [5_000_000_000], 0, 0)])
    source = Sparse(start, len(start) + 20_000_000_000)
    assert FORMAT.recognise(Head(source, ".gguf"))
    assert not [fact for fact in FORMAT.observe(source, Scope()) if not isinstance(fact, Name)]
    assert source.count < 1 << 20


def test_a_large_vocabulary_ends() -> None:
    words = [f"word{index}" for index in range(250_000)]
    data = LE.file([LE.strings("tokenizer.ggml.tokens", words), LE.strings("tokenizer.ggml.merges", words)])
    with ends():
        assert odd(data) == []


def test_lists_in_lists_without_end_stop() -> None:
    deep = (
        LE.text("a") + LE.u32(ARRAY) + (LE.u32(ARRAY) + LE.count(1)) * 50_000 + LE.u32(0) + LE.count(1) + b"x"
    )
    assert odd(LE.file([deep])) == []
    wide = LE.text("a") + LE.u32(ARRAY) + LE.u32(ARRAY) + LE.count(1 << 40)
    assert odd(LE.file([wide])) == ["MALFORMED"]


def test_a_sparse_file_of_zeros_reaches_a_limit() -> None:
    source = Sparse(b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 30), 100 << 30)
    with pytest.raises(LimitReached):
        list(FORMAT.observe(source, Scope()))
    assert source.count < 1 << 20


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_mutation_ends_within_budget(data: st.DataObject) -> None:
    good = bytearray(data.draw(st.sampled_from(list(INNOCENTS.values()))))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(4, len(good) - 1))
        good[place : place + 1] = data.draw(st.binary(min_size=0, max_size=9))
    check(bytes(good[: data.draw(st.integers(8, len(good) + 8))]))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_within_budget(data: bytes) -> None:
    check(data)
    check(b"GGUF\3\0\0\0" + data)
    check(b"GGUF\0\0\0\2" + data)


def check(data: bytes) -> None:
    recognised(data)
    budget = Budget(Limits(members=5))
    try:
        for fact in FORMAT.observe(MemorySource(data), Scope(budget)):
            assert isinstance(fact, Anomaly | Gap | Child | Name | Template)
    except LimitReached:
        pass
