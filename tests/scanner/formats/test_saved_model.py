"""SavedModels: their graphs, assets and Keras objects, in real files and in ones written by hand."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import CodeBlob, Gap, Operator, Reference, Shortfall
from modelwarden.formats.saved_model import FORMAT
from modelwarden.source.memory import MemorySource
from tests.scanner.parsing.tensorflow.messages import (
    WRITING,
    constant,
    field,
    graph,
    meta_graph,
    node,
    saved_model,
)

CORPUS = Path(__file__).parents[2] / "corpus"
MODEL = saved_model(meta_graph(graph(node("Placeholder"), *WRITING)))


def recognised(data: bytes, suffix: str = ".pb") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


def names(data: bytes) -> set[str]:
    return {fact.name for fact in facts(data) if isinstance(fact, Operator)}


@pytest.mark.parametrize(
    "path",
    sorted((CORPUS / "benign/tensorflow/saved-model").rglob("saved_model.pb")),
    ids=lambda path: path.parent.name,
)
def test_reads_what_tensorflow_writes(path: Path) -> None:
    data = path.read_bytes()
    assert recognised(data)
    assert recognised(data, "")
    assert names(data) > {"StatefulPartitionedCall", "SaveV2", "Const"}
    assert not [fact for fact in facts(data) if not isinstance(fact, Operator)]


@pytest.mark.parametrize(("sample", "name", "place"), [
    ("file-write-operator/saved-model-write-file", "WriteFile", "__inference___call__"),
    ("file-write-operator/saved-model-write-in-nested-function", "WriteFile", "__inference_second"),
    ("file-write-operator/saved-model-write-in-branch", "WriteFile", "cond_true"),
    ("python-operator/saved-model-py-function-in-nested-function", "EagerPyFunc", "__inference_within"),
])  # fmt: skip
def test_finds_operators_in_functions_that_functions_call(sample: str, name: str, place: str) -> None:
    data = (CORPUS / "malicious" / sample / "saved_model.pb").read_bytes()
    details = [fact.detail for fact in facts(data) if isinstance(fact, Operator) and fact.name == name]
    assert details
    assert all(f'in function "{place}' in detail for detail in details)


def test_a_second_model_behind_the_first_merges_with_it() -> None:
    clean = saved_model(meta_graph(graph(node("Relu"))))
    assert "WriteFile" in names(clean + MODEL)


def test_parts_may_come_in_any_order_and_without_version_or_information() -> None:
    bare = field(2, field(2, graph(*WRITING)))
    for data in (bare, bare + field(1, 1), field(1_000, "?") + bare, field(2, b"") + bare):
        assert recognised(data)
        assert "WriteFile" in names(data)


def test_every_graph_of_several_is_read() -> None:
    assert {"Relu", "WriteFile"} <= names(
        saved_model(meta_graph(graph(node("Relu"))), meta_graph(graph(*WRITING)))
    )


@pytest.mark.parametrize("cut", [1, 3, 9])
def test_what_was_seen_before_the_break_counts(cut: int) -> None:
    data = MODEL[:-cut]
    assert recognised(data)
    assert "WriteFile" in names(data)
    assert [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


TABLE = (
    constant("path", "/home/me/words.txt"),
    node("InitializeTableFromTextFileV2", "init", "table", "path"),
)
ASSET = field(6, field(1, field(1, "path:0")) + field(2, "words.txt"))
COLLECTION = field(4, field(1, "asset_filepaths") + field(2, field(1, field(1, "path:0"))))


@pytest.mark.parametrize("part", [ASSET, COLLECTION])
def test_the_path_of_an_asset_is_no_reference(part: bytes) -> None:
    data = saved_model(meta_graph(graph(*TABLE), part))
    assert not [fact for fact in facts(data) if isinstance(fact, Reference)]


def test_a_table_from_another_file_is_one() -> None:
    references = [
        fact for fact in facts(saved_model(meta_graph(graph(*TABLE)))) if isinstance(fact, Reference)
    ]
    assert [fact.location for fact in references] == ["/home/me/words.txt"]


@pytest.mark.parametrize(("name", "stated"), [
    ("words.txt", False), ("sub/words..txt", False), ("../../etc/passwd", True), ("a/../../b", True), ("..\\x", True),
    ("/etc/passwd", True), ("https://host/x", True),
])  # fmt: skip
def test_an_asset_outside_its_directory_is_stated(name: str, stated: bool) -> None:
    data = saved_model(meta_graph(graph(node("Relu")), field(6, field(2, name))))
    assert [fact.location for fact in facts(data) if isinstance(fact, Reference)] == [name] * stated


def test_keras_configuration_in_the_object_graph_is_read() -> None:
    config = json.dumps({"class_name": "Lambda", "config": {"name": "l", "function": ["4wA=", None, None]}})
    for identifier, count in (("_tf_keras_layer", 1), ("trackable", 0)):
        user = field(4, field(1, identifier) + field(3, config))
        data = saved_model(meta_graph(graph(node("Relu")), field(7, field(1, user))))
        assert len([fact for fact in facts(data) if isinstance(fact, CodeBlob)]) == count


INNOCENT = {
    "nothing": b"",
    "a version": field(1, 1),
    "text": b"\x08\x01 is no model",
    "a fingerprint": b"".join(field(number, 1 << 40) for number in range(1, 6)),
    "a model of ONNX": field(1, 8) + field(2, "pytorch") + field(7, field(1, node("Relu"))),
    "a model of Core ML": field(1, 5) + field(2, field(1, field(1, "in") + field(2, "Image"))),
    "a graph": graph(*WRITING),
    "a MetaGraphDef": meta_graph(graph(*WRITING)),
}


@pytest.mark.parametrize("data", INNOCENT.values(), ids=list(INNOCENT))
def test_is_precise(data: bytes) -> None:
    assert not recognised(data)
    assert not recognised(data, ".bin")


def test_much_in_front_of_a_graph_does_not_hide_it() -> None:
    junk = field(9, "x") * 500_000
    assert not recognised(junk)
    with pytest.raises(LimitReached):
        recognised(field(2, junk + field(2, graph(*WRITING))))
    assert recognised(field(1, 1) * 1_000_000 + MODEL)


@settings(max_examples=200, deadline=None)
@given(
    place=st.integers(0, len(MODEL) - 1),
    byte=st.integers(0, 255),
    cut=st.integers(0, len(MODEL)),
    rest=st.binary(max_size=20),
)
def test_any_mutation_ends(place: int, byte: int, cut: int, rest: bytes) -> None:
    changed = MODEL[:place] + bytes([byte]) + MODEL[place + 1 : cut] + rest
    recognised(changed)
    facts(changed)
