"""Frozen graphs: which operators are called where, with which files, and what is no graph."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Gap, Operator, Reference, Role, Shortfall
from modelwarden.formats.graph_def import FORMAT
from modelwarden.source.memory import MemorySource
from tests.guard import ends
from tests.scanner.parsing.tensorflow.messages import (
    WRITING,
    attribute,
    constant,
    field,
    function,
    graph,
    meta_graph,
    node,
    saved_model,
    text,
)


def recognised(data: bytes, suffix: str = ".pb") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


def operators(data: bytes) -> list[tuple[str, str, str]]:
    return [(fact.domain, fact.name, fact.argument) for fact in facts(data) if isinstance(fact, Operator)]


def gaps(data: bytes) -> list[Shortfall]:
    return [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)]


GRAPH = graph(node("Placeholder", "x"), *WRITING)


def test_states_each_operator_with_the_constant_it_is_given() -> None:
    assert recognised(GRAPH)
    assert operators(GRAPH) == [
        ("tensorflow", "Placeholder", ""),
        ("tensorflow", "Const", ""),
        ("tensorflow", "WriteFile", "/tmp/x"),
    ]
    (writing,) = (fact for fact in facts(GRAPH) if isinstance(fact, Operator) and fact.name == "WriteFile")
    assert writing.detail == 'node "write"'
    assert GRAPH[writing.span.offset :][: writing.span.length] == WRITING[2]


def test_nodes_of_functions_count_wherever_they_stand() -> None:
    data = graph(node("Placeholder"), functions=(function("f", node("Relu")), function("g", *WRITING)))
    assert ("tensorflow", "WriteFile", "/tmp/x") in operators(data)
    assert 'node "write" in function "g"' in [
        fact.detail for fact in facts(data) if isinstance(fact, Operator)
    ]
    assert recognised(data)
    assert recognised(graph(functions=(function("g", *WRITING),)))


def test_an_operator_is_told_once_for_graph_and_functions() -> None:
    data = graph(node("Relu"), node("Relu"), functions=(function("f", node("Relu"), node("Relu")),))
    assert operators(data) == [("tensorflow", "Relu", "")] * 2


def test_a_function_that_is_called_by_name_is_no_operator_of_tensorflow() -> None:
    data = graph(
        node("__inference_f"), node("WriteFile"), functions=(function("__inference_f"), function("WriteFile"))
    )
    assert operators(data) == [
        ("tensorflow.function", "__inference_f", ""),
        ("tensorflow.function", "WriteFile", ""),
    ]


@pytest.mark.parametrize("data", [
    graph(node("Identity", "WriteFile"), node("Identity", "PyFunc")),
    graph(constant("c", "WriteFile", "PyFunc", "file:///etc/passwd")),
    graph(node("Relu", attributes=attribute("_output_shapes", text("WriteFile")))),
    graph(node("Relu"), functions=(function("WriteFile", node("Relu")),)),
    graph(node("Relu", "n", "WriteFile", "^PyFunc:0")),
])  # fmt: skip
def test_names_and_constants_that_quote_operators_are_none(data: bytes) -> None:
    assert not {"WriteFile", "PyFunc"} & {name for _, name, _ in operators(data)}
    assert not [fact for fact in facts(data) if isinstance(fact, Reference)]


def test_constants_are_followed_through_what_passes_them_on() -> None:
    data = graph(
        constant("a", "/x"), node("Identity", "b", "^c", "a:0"), node("ShardedFilename", "d", "b"), node("SaveV2", "s", "d")
    )  # fmt: skip
    assert ("tensorflow", "SaveV2", "/x") in operators(data)


def test_a_cycle_of_what_passes_on_ends() -> None:
    data = graph(node("Identity", "a", "b"), node("Identity", "b", "a"), node("ReadFile", "r", "a"))
    assert ("tensorflow", "ReadFile", "") in operators(data)


@pytest.mark.parametrize(("op", "attributes", "given"), [
    ("ImmutableConst", attribute("memory_region_name", text("/etc/passwd")), "/etc/passwd"),
    ("PrintV2", attribute("output_stream", text("file:///tmp/x")), "file:///tmp/x"),
    ("DebugIdentityV2", attribute("debug_urls", field(1, text("grpc://host:1"))), "grpc://host:1"),
])  # fmt: skip
def test_attributes_that_name_files_are_given_too(op: str, attributes: bytes, given: str) -> None:
    assert operators(graph(node(op, attributes=attributes))) == [("tensorflow", op, given)]


@pytest.mark.parametrize(("location", "stated"), [
    ("/etc/passwd", True), ("s3://bucket/key", True), ("C:\\x", True), ("~/x", True), ("vocabulary.txt", False), ("", False),
])  # fmt: skip
def test_files_that_are_named_outright_are_references(location: str, stated: bool) -> None:
    data = graph(constant("c", location), node("ReadFile", "r", "c"))
    references = [fact for fact in facts(data) if isinstance(fact, Reference)]
    assert [(fact.role, fact.location) for fact in references] == [(Role.INPUT, location)] * stated


def test_graphs_within_constants_are_read_when_they_are_run() -> None:
    inner = graph(*WRITING)
    assert ("tensorflow", "WriteFile", "/tmp/x") in operators(
        graph(constant("g", inner), node("DatasetFromGraph", "d", "g"))
    )
    engine = node("TRTEngineOp", attributes=attribute("serialized_segment", text(inner)))
    assert ("tensorflow", "WriteFile", "/tmp/x") in operators(graph(engine))
    assert ("tensorflow", "WriteFile", "/tmp/x") not in operators(graph(constant("g", inner)))


def test_graphs_within_graphs_end() -> None:
    data = graph(*WRITING)
    for _ in range(8):
        data = graph(node("TRTEngineOp", attributes=attribute("serialized_segment", text(data))))
    assert gaps(data) == [Shortfall.LIMIT]


def test_the_last_of_several_values_of_an_attribute_is_among_the_stated() -> None:
    several = attribute("output_stream", text("stderr")) * 2_000 + attribute(
        "output_stream", text("file:///tmp/x")
    )
    assert ("tensorflow", "PrintV2", "file:///tmp/x") in operators(graph(node("PrintV2", attributes=several)))


def test_the_last_of_many_graphs_is_read() -> None:
    relu, writing = graph(node("Relu")), graph(*WRITING)
    engines = [
        node("TRTEngineOp", attributes=attribute("serialized_segment", text(one)))
        for one in (*[relu] * 100, writing)
    ]
    assert ("tensorflow", "WriteFile", "/tmp/x") in operators(graph(*engines))


def test_fields_may_come_in_any_order_and_unknown_ones_are_passed_by() -> None:
    turned = (
        graph(functions=(function("f", *WRITING),)) + field(99, b"?") + field(4, b"") + field(1, node("Relu"))
    )
    assert recognised(turned)
    assert recognised(field(999, "x" * 10_000) + GRAPH)
    assert ("tensorflow", "WriteFile", "/tmp/x") in operators(field(999, "x") + GRAPH)


def test_graphs_written_one_behind_the_other_merge() -> None:
    assert ("tensorflow", "WriteFile", "/tmp/x") in operators(graph(node("Relu")) + GRAPH)


def test_the_last_name_of_an_operator_counts() -> None:
    assert operators(graph(field(2, "Relu") + node("WriteFile"))) == [("tensorflow", "WriteFile", "")]


@pytest.mark.parametrize("cut", range(1, 24, 4))
def test_what_was_seen_before_the_break_counts(cut: int) -> None:
    data = GRAPH + field(1, node("PyFunc"))
    assert ("tensorflow", "WriteFile", "/tmp/x") in operators(data[:-cut])
    assert gaps(data[:-cut]) == [Shortfall.MALFORMED]


def test_a_node_that_is_cut_off_counts_as_far_as_it_goes() -> None:
    data = graph(node("Relu"), node("PyFunc"))[:-5]
    assert ("tensorflow", "PyFunc", "") in operators(data)


INNOCENT = {
    "nothing": b"",
    "text": b"\nnode { op: 'x' }\n",
    "a number": b"\x08\x01",
    "a pickle": b"\x80\x04K\x01.",
    "zeros": bytes(100),
    "a label map": field(1, field(1, "cat") + field(2, 1)) * 3,
    "pieces of SentencePiece": field(1, field(1, "the") + b"\x15\0\0\0\0") * 3,
    "descriptors": field(1, field(1, "a/b.proto") + field(2, "tensorflow") + field(4, field(1, "M"))),
    "an event": b"\x18\0\0\0\0\0\0\0abcd\x09",
    "a model of ONNX": field(1, 8)
    + field(2, "pytorch")
    + field(7, field(1, field(1, "x") + field(4, "Relu"))),
    "a layer of Caffe": field(1, "net") + field(100, field(1, "conv") + field(2, "Convolution")),
    "names alone": field(1, field(1, "name") + field(2, "Name")),
    "operators' definitions": field(1, field(1, "WriteFile") + field(2, field(1, "filename"))),
    "a SavedModel": saved_model(meta_graph(GRAPH)),
    "a MetaGraphDef": meta_graph(GRAPH),
}


@pytest.mark.parametrize("data", INNOCENT.values(), ids=list(INNOCENT))
def test_is_precise(data: bytes) -> None:
    assert not recognised(data)
    assert not recognised(data, ".bin")


def test_very_many_operators_are_a_limit() -> None:
    data = graph(*(node(f"Op{number}") for number in range(20_100)))
    assert gaps(data) == [Shortfall.LIMIT]
    assert len(operators(data)) == 20_000


def test_many_harmless_files_of_an_operator_do_not_hide_another() -> None:
    nodes = [
        node("PrintV2", attributes=attribute("output_stream", text(f"log:{number}"))) for number in range(500)
    ]
    last = node("PrintV2", attributes=attribute("output_stream", text("file:///tmp/x")))
    assert ("tensorflow", "PrintV2", "file:///tmp/x") in operators(graph(*nodes, last))
    assert gaps(graph(*nodes * 50, last)) == []


def test_files_without_end_are_a_limit_and_operators_are_told_still() -> None:
    nodes = [
        node("PrintV2", attributes=attribute("output_stream", text(f"log:{number}")))
        for number in range(20_100)
    ]
    data = graph(*nodes, *WRITING)
    assert gaps(data) == [Shortfall.LIMIT]
    assert ("tensorflow", "WriteFile", "") in operators(data)


@settings(max_examples=200, deadline=None)
@given(
    place=st.integers(0, len(GRAPH) - 1),
    byte=st.integers(0, 255),
    cut=st.integers(0, len(GRAPH)),
    data=st.data(),
)
def test_any_mutation_ends(place: int, byte: int, cut: int, data: st.DataObject) -> None:
    changed = GRAPH[:place] + bytes([byte]) + GRAPH[place + 1 : cut] + data.draw(st.binary(max_size=20))
    recognised(changed)
    facts(changed)


def test_much_in_front_of_a_graph_does_not_hide_it() -> None:
    assert recognised(field(3, 1) * 1_000_000 + GRAPH)
    assert recognised(field(9, "x") * 100_000 + GRAPH)
    with pytest.raises(LimitReached):
        recognised(field(9, "x") * 500_000 + GRAPH)
    assert not recognised(field(9, "x") * 500_000 + GRAPH, ".bin")


def test_a_graph_of_50_000_nodes_ends() -> None:
    one = field(
        1, node("MatMul", "layer/name", "a", "b", attributes=attribute("_output_shapes", text("x" * 200)))
    )
    with ends():
        assert operators(one * 50_000) == [("tensorflow", "MatMul", "")]


def test_numbers_without_end_end() -> None:
    data = field(3, 1) * 5_000_000 + field(1, b"") * 2_000_000 + GRAPH
    with ends():
        assert ("tensorflow", "WriteFile", "/tmp/x") in operators(data)
