"""skops files: what their schema names is a fact, whatever else the archive holds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Call, Gap, How, Shortfall
from modelwarden.domain.value import UNKNOWN, Global
from modelwarden.formats.skops import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.malicious_skops import SCHEMAS, Node, listed, node, packed, text


def observe(data: bytes) -> list[Fact]:
    source = MemorySource(data)
    assert FORMAT.recognise(Head(source, ".skops"))
    return list(FORMAT.observe(source, Scope()))


def named(schema: Node) -> set[str]:
    calls = [fact for fact in observe(packed(schema)) if isinstance(fact, Call)]
    assert all(call.how is How.CLASS_NAME for call in calls)
    return {str(call.callee) for call in calls}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("function", "os.system"),
        ("function-in-content", "os.system"),
        ("object", "subprocess.Popen"),
        ("method", "os.environ.putenv"),
        ("nested-in-lists", "posix.system"),
        ("behind-a-model", "builtins.exec"),
    ],
)
def test_names_are_found_wherever_they_stand(name: str, wanted: str) -> None:
    assert wanted in named(SCHEMAS[name])


def test_an_operator_is_told_with_what_it_is_made_of() -> None:
    facts = observe(
        packed(node("operator", "methodcaller", "OperatorFuncNode", attrs=listed(text("system"))))
    )
    [call] = [
        fact for fact in facts if isinstance(fact, Call) and fact.callee == Global("operator", "methodcaller")
    ]
    assert call.arguments == ("system",)
    bare = observe(packed(node("operator", "itemgetter", "OperatorFuncNode")))
    assert [fact.arguments for fact in bare if isinstance(fact, Call)] == [(UNKNOWN,)]


def test_a_name_is_told_once_and_members_are_handed_out() -> None:
    facts = observe(packed(listed(*[node("os", "system", "FunctionNode")] * 50)))
    assert len([fact for fact in facts if isinstance(fact, Call)]) == 2
    assert [fact.member for fact in facts if isinstance(fact, Child)] == ["schema.json"]


@pytest.mark.parametrize(
    "schema",
    [b'{"__loader__": ', b'"__loader__"' + b"[" * 100_000, b'\xff"__loader__"'],
    ids=["cut off", "nested", "no text"],
)
def test_a_broken_schema_is_a_gap(schema: bytes) -> None:
    [gap] = [fact for fact in observe(packed(schema)) if isinstance(fact, Gap)]
    assert gap.shortfall is Shortfall.MALFORMED


def test_more_names_than_any_model_has_are_a_gap() -> None:
    many: Node = [node("m", f"c{index}", "ObjectNode") for index in range(20_100)]
    [gap] = [fact for fact in observe(packed(many)) if isinstance(fact, Gap)]
    assert gap.shortfall is Shortfall.LIMIT


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b'PK schema.json "__loader__"', packed(b"{}")])
def test_other_files_are_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".skops"))


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_schema_ends(schema: object) -> None:
    data = json.dumps({"__loader__": "X", "content": schema}).encode()
    assert [fact for fact in observe(packed(data)) if isinstance(fact, Gap)] == []


@given(st.integers(0, 600), st.binary(max_size=8))
def test_any_damage_ends(place: int, damage: bytes) -> None:
    good = packed(SCHEMAS["behind-a-model"])
    source = MemorySource(good[:place] + damage + good[place + len(damage) :])
    if FORMAT.recognise(Head(source, ".skops")):
        list(FORMAT.observe(source, Scope()))
