"""Graphs in protobuf's text format."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import CodeBlob, Gap, Operator, Reference, Shortfall
from modelwarden.formats.tensorflow_text import FORMAT
from modelwarden.source.memory import MemorySource
from tests.guard import ends

CORPUS = Path(__file__).parents[2] / "corpus"
CONST = 'node { name: "c" op: "Const" attr { key: "value" value { tensor { dtype: DT_STRING string_val: "/tmp/x" } } } }\n'
WRITE = 'node { name: "w" op: "WriteFile" input: "c" input: "c" }\n'


def recognised(text: str, suffix: str = ".pbtxt") -> bool:
    return FORMAT.recognise(Head(MemorySource(text.encode()), suffix))


def facts(text: str) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(text.encode()), Scope()))


def operators(text: str) -> list[tuple[str, str]]:
    return [(fact.name, fact.argument) for fact in facts(text) if isinstance(fact, Operator)]


@pytest.mark.parametrize(
    "path", sorted((CORPUS / "benign/tensorflow/text").rglob("*.pbtxt")), ids=lambda path: path.parent.name
)
def test_reads_what_tensorflow_writes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert recognised(text)
    assert recognised(text, ".txt")
    found = facts(text)
    assert found
    assert all(isinstance(fact, Operator) and fact.name != "WriteFile" for fact in found)


def test_states_operators_with_their_constants_and_place() -> None:
    text = f"{CONST}{WRITE}"
    assert operators(text) == [("Const", ""), ("WriteFile", "/tmp/x")]
    (written,) = (fact for fact in facts(text) if isinstance(fact, Operator) and fact.name == "WriteFile")
    assert text[written.span.offset :][: written.span.length].startswith('{ name: "w"')
    assert text[written.span.offset :][: written.span.length].endswith("}")


@pytest.mark.parametrize("text", [
    WRITE,
    f"graph_def {{ {WRITE} }}",
    f"saved_model_schema_version: 1 meta_graphs {{ graph_def {{ {WRITE} }} }}",
    f"meta_graphs: [{{ graph_def < {WRITE} > }}]",
    'library { function { node_def { op: "WriteFile" } signature { name: "f" } } }',
    'graph_def { library { function: [{ signature { name: "f" } node_def { op: "WriteFile" } }] } }',
    'node: [{ op: "Relu" }, { op: "WriteFile" }]',
    "node < op: 'WriteFile' >",
    'node { op: "Write" "File" }',
    'node { op: "Write" # a comment "\n  \'File\' }',
    r'node { op: "\127rite\x46ile" }',
    r'node { op: "\u0057rite\U00000046ile" }',
    'node { op: "Relu" op: "WriteFile" }',
    'node { op: "WriteFile", };',
    "\ufeff# a comment\n\nversions { producer: 1 } node{op:'WriteFile'}",
    'node { unknown: [1, 2.5e3, -inf] [a.b.c/d]: { x: 1 } op: "WriteFile" }',
    'node { attr { key: "x" value { s: "\\"}" } } op: "WriteFile" }',
])  # fmt: skip
def test_takes_what_the_text_format_allows(text: str) -> None:
    assert recognised(text)
    assert "WriteFile" in dict(operators(text))
    assert not [fact for fact in facts(text) if isinstance(fact, Gap)]


@pytest.mark.parametrize("text", [
    'node { name: "WriteFile" op: "Relu" }',
    'node { op: "Relu" attr { key: "op" value { s: "WriteFile" } } }',
    'node { op: "Relu" attr { key: "x" value { s: "} } node { op: \\"WriteFile\\" }" } } }',
    'node { op: "Relu" } # node { op: "WriteFile" }',
    'library { function { signature { name: "WriteFile" } node_def { op: "Relu" } } }',
    'meta_info_def { stripped_op_list { op { name: "WriteFile" } } } graph_def { node { op: "Relu" } }',
    'node { op: "Relu" experimental_debug_info { original_node_names: "WriteFile" } }',
])  # fmt: skip
def test_texts_that_quote_a_graph_are_texts(text: str) -> None:
    assert [name for name, _ in operators(text)] == ["Relu"]


BROKEN = {
    "a brace that is not closed": WRITE + "node { op: 'Relu'",
    "a brace too many": WRITE + "}",
    "a text that does not end": WRITE + 'node { op: "Rel',
    "a token that is none": WRITE + "node { op: \0 }",
    "a value without a name": WRITE + "{ }",
    "nested too deep": WRITE + "a {" * 300,
    "a bracket that is not closed": WRITE + "node { [a.b",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=list(BROKEN))
def test_what_was_seen_before_the_break_counts(text: str) -> None:
    assert ("WriteFile", "") in operators(text)
    assert [fact.shortfall for fact in facts(text) if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


def test_a_node_that_is_cut_off_counts() -> None:
    assert operators('node { op: "WriteFile" name: "') == [("WriteFile", "")]


def test_assets_and_keras_objects_are_read() -> None:
    text = (
        'meta_graphs { asset_file_def { tensor_info { name: "c:0" } filename: "../x" } '
        'object_graph_def { nodes { user_object { identifier: "_tf_keras_layer" metadata: '
        '"{\\"class_name\\": \\"Lambda\\", '
        '\\"config\\": {\\"name\\": \\"l\\", \\"function\\": [\\"4wA=\\", null, null]}}" } } } }'
    )
    found = facts(text)
    assert [fact.location for fact in found if isinstance(fact, Reference)] == ["../x"]
    assert [fact for fact in found if isinstance(fact, CodeBlob)]


@pytest.mark.parametrize("text", [
    "", "node", "nodes: 3", "node.js is a runtime", "version: 1\nservices:\n  op: x", '{"node": {"op": "x"}}',
    'item { id: 1 name: "cat" }', 'node { calculator: "Gate" }', 'layer { name: "c" type: "Convolution" }',
    "# a readme\n\nThis graph_def { is prose", "op { name: 'WriteFile' }",
])  # fmt: skip
def test_is_precise(text: str) -> None:
    assert not recognised(text, ".txt")


def test_long_comments_do_not_hide_a_graph() -> None:
    assert recognised("# x\n" * 5_000 + WRITE)


@pytest.mark.parametrize("text", ["a{" * 200_000, "a:[" * 200_000, "a:" * 200_000, "'' " * 200_000, "a{}" * 200_000,
                                  'a:""' * 100_000,
                                  "#" * 400_000, "node{op:''}" * 40_000, "a:'" + "\\x" * 200_000, "[" * 200_000])  # fmt: skip
def test_the_worst_texts_end(text: str) -> None:
    with ends():
        facts("node{}" + text)
        recognised("  " + text)


PIECES = st.sampled_from(
    [
        "node",
        "op",
        ":",
        "{",
        "}",
        "<",
        ">",
        "[",
        "]",
        '"WriteFile"',
        "'",
        '"',
        "library",
        "function",
        "attr",
        " ",
        ",",
        "\\",
        "#",
        "\n",
        "-",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=30))
def test_any_text_ends(pieces: list[str]) -> None:
    text = "".join(pieces).encode("utf-8", "replace").decode()
    recognised(text)
    facts(text)
