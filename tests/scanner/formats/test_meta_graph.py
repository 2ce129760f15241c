"""MetaGraphDefs: the `.meta` files of TensorFlow 1."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Gap, Operator
from modelwarden.formats.meta_graph import FORMAT
from modelwarden.source.memory import MemorySource
from tests.scanner.parsing.tensorflow.messages import WRITING, field, graph, meta_graph, node, saved_model

CORPUS = Path(__file__).parents[2] / "corpus"
META = meta_graph(graph(node("Placeholder"), *WRITING))


def recognised(data: bytes, suffix: str = ".meta") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize("name", ["checkpoint/version-1/model.ckpt.meta", "meta-graph/vocabulary/model.meta"])
def test_reads_what_tensorflow_writes(name: str) -> None:
    data = (CORPUS / "benign/tensorflow" / name).read_bytes()
    assert recognised(data)
    assert recognised(data, "")
    found = facts(data)
    assert found
    assert all(isinstance(fact, Operator) for fact in found)


def test_states_operators() -> None:
    assert [(fact.name, fact.argument) for fact in facts(META) if isinstance(fact, Operator)][-1] == (
        "WriteFile",
        "/tmp/x",
    )


def test_the_information_may_be_missing() -> None:
    assert recognised(field(2, graph(*WRITING)))


def test_what_was_seen_before_the_break_counts() -> None:
    found = facts(META[:-2])
    assert "WriteFile" in [fact.name for fact in found if isinstance(fact, Operator)]
    assert isinstance(found[-1], Gap)


@pytest.mark.parametrize("data", [
    b"", b"\ntext", bytes(99), graph(*WRITING), saved_model(META),
    field(1, field(5, "no version")), field(1, 7) + field(2, "onnx"),
    field(1, field(1, "a/b.proto") + field(2, "google") + field(5, field(1, "E"))),
])  # fmt: skip
def test_is_precise(data: bytes) -> None:
    assert not recognised(data)
    assert not recognised(data, ".bin")


@given(st.binary(max_size=100))
def test_any_bytes_end(data: bytes) -> None:
    recognised(data)
    facts(data)
    facts(META[:20] + data)
