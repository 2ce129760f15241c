"""Metadata and databases of Orbax state nothing; foreign handlers and what follows a manifest are stated."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Call, Gap, How, Quirk, Shortfall
from modelwarden.domain.value import Global
from modelwarden.formats.orbax import FORMAT
from modelwarden.source.memory import MemorySource

SAMPLES = Path(__file__).parents[2] / "corpus" / "benign" / "orbax"
REAL = [path for path in sorted(SAMPLES.rglob("*")) if path.is_file() and path.name != ".zarray"]


def node(magic: str = "0cdb3a2a", length: int = 60, size: int = 60) -> bytes:
    return (bytes.fromhex(magic) + length.to_bytes(8, "little") + b"\0\1").ljust(size, b"x")


def handlers(value: object) -> bytes:
    return json.dumps({"item_handlers": value}).encode()


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_what_orbax_writes_is_known_by_content_and_states_nothing(path: Path) -> None:
    data = path.read_bytes()
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"\x0c\xdb", node("0cdb0000"), node(length=1 << 50), node()[:12], b'{"tree": 1}', b'{"item": 1}',
        b'["tree_metadata"]', b'{"text": "tree_metadata"}',
    ],
)  # fmt: skip
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


def test_nodes_in_a_row_are_ordinary_but_not_behind_a_manifest() -> None:
    assert facts(node("0cdb20de", 60, 99)) == []
    found = facts(node(length=60, size=99))
    assert [(fact.quirk, fact.subject) for fact in found if isinstance(fact, Anomaly)] == [
        (Quirk.TRAILING_DATA, "end")
    ]
    assert [(fact.member, fact.source.size) for fact in found if isinstance(fact, Child)] == [("+60", 39)]


def test_a_node_that_goes_on_behind_the_end_is_a_gap() -> None:
    assert [fact.shortfall for fact in facts(node(length=61)) if isinstance(fact, Gap)] == [
        Shortfall.MALFORMED
    ]


@pytest.mark.parametrize(
    "value", ["os.system", {"state": "os.system"}, {"state": "orbax.checkpoint.X", "x": "os.system"}]
)
def test_foreign_handlers_are_stated(value: object) -> None:
    data = handlers(value)
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert [(fact.callee, fact.how) for fact in facts(data) if isinstance(fact, Call)] == [
        (Global("os", "system"), How.CLASS_NAME)
    ]


@pytest.mark.parametrize("value", [None, 1, "", "word", {"a": None}, {"a": "orbax.checkpoint.Json"}, []])
def test_no_or_known_handlers_state_nothing(value: object) -> None:
    assert facts(handlers(value)) == []


@pytest.mark.parametrize("rest", [b"", b":", b": [", b": " + b"[" * 100_000, b': {"a": 1}, "b'])
def test_broken_metadata_is_a_gap(rest: bytes) -> None:
    found = facts(b'{"item_handlers"' + rest)
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


def test_metadata_too_long_is_a_gap() -> None:
    found = facts(b'{"item_handlers": 1}'.ljust(17 << 20))
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.LIMIT]


@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"\x0c\xdb\x3a\x2a", b'{"item_handlers": ', b'{"tree_metadata": {']),
)
def test_any_bytes_end(data: bytes, start: bytes) -> None:
    FORMAT.recognise(Head(MemorySource(start + data)))
    assert all(isinstance(fact, Anomaly | Call | Child | Gap) for fact in facts(start + data))
