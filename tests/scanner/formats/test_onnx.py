"""Ordinary models state their operators; wherever a tensor can stand its location is seen, and nothing else of it is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import ByteSource, Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Operator, Quirk, Reference, Role, Shortfall
from modelwarden.formats.onnx import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.malicious_onnx import (
    IDENTITY,
    attribute,
    block,
    entry,
    graph,
    model,
    node,
    number,
    outside,
    samples,
    varint,
)

CORPUS = Path(__file__).parents[2] / "corpus"
BENIGN = sorted((CORPUS / "benign" / "onnx").rglob("*.onnx"))
PLAIN = model(IDENTITY)


def facts(source: ByteSource | bytes, limits: Limits | None = None) -> list[Fact]:
    source = MemorySource(source) if isinstance(source, bytes) else source
    return list(FORMAT.observe(source, Scope(Budget(limits or Limits()))))


def locations(data: bytes) -> list[str]:
    return [fact.location for fact in facts(data) if isinstance(fact, Reference)]


def operators(data: bytes) -> list[str]:
    return [f"{fact.domain}::{fact.name}" for fact in facts(data) if isinstance(fact, Operator)]


def gaps(data: bytes) -> list[Shortfall]:
    return [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)]


def recognised(data: bytes, suffix: str = "") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


@pytest.mark.parametrize("path", BENIGN, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_models_of_real_libraries_are_recognised_and_whole(path: Path) -> None:
    data = path.read_bytes()
    assert recognised(data)
    assert all(isinstance(fact, Operator | Reference) for fact in facts(data))
    assert operators(data)


def test_each_operator_is_stated_once_with_its_domain() -> None:
    other = node("FusedMatMul", domain="com.microsoft")
    named = node("Identity", domain="ai.onnx")
    assert operators(model(IDENTITY, other, IDENTITY, named, other)) == [
        "ai.onnx::Identity",
        "com.microsoft::FusedMatMul",
    ]


def test_each_location_is_stated_once_with_the_first_tensor() -> None:
    found = facts(model(block(5, outside("w.bin", name="a")), block(5, outside("w.bin", name="b"))))
    assert [(fact.role, fact.location, fact.holder) for fact in found if isinstance(fact, Reference)] == [
        (Role.TENSORS, "w.bin", "tensor a")
    ]


ESCAPES = {name: data for name, data in samples() if name.startswith("path-escape/")}


@pytest.mark.parametrize("data", list(ESCAPES.values()), ids=list(ESCAPES))
def test_a_location_is_seen_wherever_it_stands(data: bytes) -> None:
    assert recognised(data, ".onnx")
    assert any(
        "modelwarden-sample" in place or "host.invalid" in place or "\0" in place for place in locations(data)
    )


def test_a_location_counts_only_where_the_tensor_says_that_it_is_elsewhere() -> None:
    inside = number(1, 4) + number(2, 1) + entry("location", "/etc/passwd")
    assert locations(model(block(5, inside))) == []
    assert locations(model(block(5, inside, number(14, 0)))) == []
    assert locations(model(block(5, inside, number(14, 1), number(14, 0)))) == []
    assert locations(model(block(5, inside, number(14, 0), number(14, 1)))) == ["/etc/passwd"]


def test_an_external_tensor_without_a_location_is_a_gap() -> None:
    assert gaps(model(block(5, number(14, 1)))) == [Shortfall.MALFORMED]
    assert gaps(model(block(5, outside("")))) == [Shortfall.MALFORMED]


@pytest.mark.parametrize("value", ["-1", "abc", "", "1.5", "0x10", "9" * 30])
@pytest.mark.parametrize("key", ["offset", "length"])
def test_an_offset_or_length_that_is_none_is_stated(key: str, value: str) -> None:
    found = [
        fact for fact in facts(model(block(5, outside("w", entry(key, value))))) if isinstance(fact, Anomaly)
    ]
    assert [(fact.quirk, fact.subject) for fact in found] == [(Quirk.OUT_OF_BOUNDS, "tensor w")]


@pytest.mark.parametrize("key", ["checksum", "basepath", "prepacked_0"])
def test_other_keys_of_external_data_are_harmless(key: str) -> None:
    assert not [
        fact for fact in facts(model(block(5, outside("w", entry(key, "x"))))) if isinstance(fact, Anomaly)
    ]


def test_a_key_that_would_be_set_as_an_attribute_is_stated() -> None:
    found = facts(model(block(5, outside("w", entry("__class__", "x")))))
    assert [fact.quirk for fact in found if isinstance(fact, Anomaly)] == [Quirk.HEADER_DISAGREEMENT]


@pytest.mark.parametrize("place", ["*/_ORT_MEM_ADDR_/*", "*/_ORT_NATIVE_ENDIAN_MEM_ADDR_/*"])
def test_an_address_in_memory_is_stated_and_no_file(place: str) -> None:
    found = facts(model(block(5, outside(place, entry("offset", "4096")))))
    assert [fact.quirk for fact in found if isinstance(fact, Anomaly)] == [Quirk.OUT_OF_BOUNDS]
    assert not [fact for fact in found if isinstance(fact, Reference)]


def test_a_compiled_model_inside_is_handed_out() -> None:
    compiled = node("EPContext", attribute("ep_cache_context", 4, "\x7fELF…"), domain="com.microsoft")
    children = [fact for fact in facts(model(compiled)) if isinstance(fact, Child)]
    assert [child.source.read(0, 4) for child in children] == [b"\x7fELF"]


def test_unknown_fields_of_the_model_are_handed_out() -> None:
    children = [fact for fact in facts(PLAIN + block(999, "PK\3\4")) if isinstance(fact, Child)]
    assert [(child.member[:9], child.source.read(0, 9)) for child in children] == [("field 999", b"PK\3\4")]


def test_an_attribute_of_another_name_or_type_is_no_operator() -> None:
    assert operators(model(node("Identity", attribute("op", 4, "PyOp")))) == ["ai.onnx::Identity"]
    assert operators(model(block(1, number(4, 7)))) == []


def test_the_last_operator_type_counts_as_in_parsers() -> None:
    assert operators(model(block(1, block(4, "Relu"), block(4, "PyOp")))) == ["ai.onnx::PyOp"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x08", bytes(100), b"\x08\x08" * 5000, b"\x80\4\x95\0\0\0\0\0\0\0\0}.", b"plain text\n" * 99, b"{}", b"\x12" * 99,
        b"BBBBBBBB" * 99, b"(a)" * 99, b":)" * 99, b"2 3 4\n" * 99, b'"a","b"\n' * 99,
        number(1, 8), number(1, 8) + block(7, ""), number(1, 8) + block(7, "this is a text of some length"),
        number(1, 1) + block(2, block(1, "saved model")), block(1, block(1, "n"), block(2, "Relu")),
        number(1, 8) + block(7, block(1, block(4, "\0\1"))), number(1, 8) + block(7, number(1, 1)),
    ],
)  # fmt: skip
def test_does_not_recognise_other_bytes(data: bytes) -> None:
    assert not recognised(data)


def test_recognises_a_graph_of_tensors_alone() -> None:
    assert recognised(number(1, 8) + block(7, block(5, number(1, 4), number(2, 1))))
    assert not recognised(number(1, 8) + block(7, block(5, number(1, 4), number(2, 999))))


def test_a_model_that_is_cut_off_gives_what_it_holds_and_a_gap() -> None:
    data = model(IDENTITY, block(5, outside("w.bin")), block(5, block(9, bytes(1000))))[:-500]
    assert recognised(data)
    assert operators(data) == ["ai.onnx::Identity"]
    assert locations(data) == ["w.bin"]
    assert gaps(data) == [Shortfall.MALFORMED]


@pytest.mark.parametrize(
    "data",
    [
        number(1, 8) + b"\x3a" + varint(1 << 62) + IDENTITY,
        number(1, 8) + b"\x3a" + b"\xff" * 11,
        model(block(1, b"\x07")),
        model(block(1, b"\x00\x01")),
        model(b"\x0a" + varint(10_000) + block(4, "Relu")),
    ],
    ids=["length past the end", "length that overflows", "no wire type", "no field", "node past the end"],
)
def test_a_damaged_message_is_one_gap(data: bytes) -> None:
    assert gaps(data) == [Shortfall.MALFORMED]


def test_nesting_beyond_any_parser_is_a_gap_and_quick() -> None:
    deep = graph(block(5, outside("../x")))
    for _ in range(2_000):
        deep = graph(node("If", attribute("g", 6, deep)))
    assert gaps(number(1, 8) + block(7, deep)) == [Shortfall.MALFORMED]


class Sparse:
    """A beginning, and very many zeros; counts what is read."""

    def __init__(self, start: bytes, size: int) -> None:
        self.size = size
        self.count = 0
        self._start = start

    def read(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.size - offset))
        self.count += length
        return self._start[offset : offset + length].ljust(length, b"\0")


def test_twenty_gigabytes_of_numbers_are_not_read() -> None:
    raw = b"\x4a" + varint(20_000_000_000)
    tensor = b"\x2a" + varint(20_000_000_000 + len(raw)) + raw
    body = IDENTITY + tensor
    start = number(1, 8) + b"\x3a" + varint(20_000_000_000 + len(body)) + body
    source = Sparse(start, 20_000_000_000 + len(start))
    assert FORMAT.recognise(Head(source, ".onnx"))
    assert [fact.name for fact in facts(source) if isinstance(fact, Operator)] == ["Identity"]
    assert source.count < 1 << 20


def test_numbers_and_words_by_the_million_are_passed_by() -> None:
    many = number(8, 300) * 200_000 + b"\x3d0000" * 200_000 + block(9, "BRANCH_LEQ") * 200_000
    tree = node("TreeEnsembleClassifier", block(5, block(1, "nodes"), many, block(6, graph(node("PyOp")))))
    assert operators(model(tree)) == ["ai.onnx::PyOp", "ai.onnx::TreeEnsembleClassifier"]


def test_a_model_of_too_many_fields_reaches_a_limit() -> None:
    with pytest.raises(LimitReached, match="more than 1,000 fields"):
        facts(number(1, 8) * 1_001, Limits(values=400))


def test_children_cost_members() -> None:
    with pytest.raises(LimitReached):
        facts(PLAIN + block(999, "x") * 20, Limits(members=10))


def _mutants() -> Iterator[bytes]:
    yield from (data for _, data in samples())
    yield from (path.read_bytes() for path in BENIGN[:6])


@settings(max_examples=300, deadline=None)
@given(
    data=st.sampled_from(list(_mutants())) | st.binary(max_size=200),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
    cut=st.integers(0, 600),
)
def test_any_bytes_end_without_an_exception(data: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    broken = bytearray(data[: cut or None])
    for index, value in changes:
        if index < len(broken):
            broken[index] = value
    for suffix in ("", ".onnx"):
        recognised(bytes(broken), suffix)
    for fact in facts(bytes(broken)):
        assert isinstance(fact, Operator | Reference | Anomaly | Gap | Child)
