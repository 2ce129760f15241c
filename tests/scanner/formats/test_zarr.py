"""Ordinary arrays of Zarr state nothing; chunks that are pickles are stated."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Call, Gap, How, Shortfall
from modelwarden.domain.value import Global
from modelwarden.engine.identify import identify
from modelwarden.formats.zarr import FORMAT
from modelwarden.source.memory import MemorySource

REAL = sorted((Path(__file__).parents[2] / "corpus" / "benign" / "orbax").rglob(".zarray"))
ARRAY: dict[str, Any] = {
    "zarr_format": 2, "chunks": [4], "compressor": {"id": "zstd", "level": 1}, "dtype": "<f4", "fill_value": None,
    "filters": None, "order": "C", "shape": [4],
}  # fmt: skip
SHARDS = {
    "name": "sharding_indexed",
    "configuration": {"codecs": [{"name": "bytes"}, {"name": "numcodecs.pickle"}]},
}


def facts(value: object) -> list[Fact]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.parent.name)
def test_what_tensorstore_writes_states_nothing(path: Path) -> None:
    data = path.read_bytes()
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize(
    "value",
    [
        ARRAY,
        {**ARRAY, "filters": [{"id": "delta", "dtype": "<f4"}, {"id": "vlen-utf8"}]},
        {**ARRAY, "dtype": "|O", "filters": [{"id": "json2"}]},
        {"zarr_format": 2},
        {
            "zarr_format": 3,
            "node_type": "group",
            "attributes": {"codecs": [{"id": "pickle"}], "name": "pickle"},
        },
        {
            "zarr_consolidated_format": 1,
            "metadata": {"a/.zarray": ARRAY, "a/.zattrs": {"filters": [{"id": "pickle"}]}},
        },
        {**ARRAY, "note": {"id": "pickle"}},
    ],
    ids=["plain", "filters", "texts", "group", "attributes", "consolidated", "another key"],
)
def test_ordinary_metadata_states_nothing(value: object) -> None:
    assert FORMAT.recognise(Head(MemorySource(json.dumps(value).encode())))
    assert facts(value) == []


@pytest.mark.parametrize(
    "value",
    [
        {**ARRAY, "filters": [{"id": "pickle", "protocol": 5}]},
        {**ARRAY, "compressor": {"id": "pickle"}},
        {**ARRAY, "filters": [{"id": "delta"}, {"id": "PICKLE"}]},
        {"zarr_consolidated_format": 1, "metadata": {"a/.zarray": {**ARRAY, "filters": [{"id": "pickle"}]}}},
        {"zarr_format": 3, "codecs": [{"name": "numcodecs.pickle"}]},
        {"zarr_format": 3, "codecs": ["numcodecs.pickle"]},
        {"zarr_format": 3, "codecs": [SHARDS]},
    ],
    ids=[
        "filter",
        "compressor",
        "second filter",
        "consolidated",
        "version 3",
        "version 3, name alone",
        "within shards",
    ],
)
def test_chunks_that_are_pickles_are_stated(value: object) -> None:
    assert FORMAT.recognise(Head(MemorySource(json.dumps(value).encode())))
    assert [(fact.callee, fact.how) for fact in facts(value) if isinstance(fact, Call)] == [
        (Global("pickle", "loads"), How.TARGET)
    ]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[2]", b'{"zarr": 2}', b'"zarr_format": 2', b'{"zarr_format": 9}']
)
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


@pytest.mark.parametrize(
    "data",
    [b'{"zarr_format": 2', b'{"zarr_format": 2, "a": \xff}', b'{"zarr_format": 2, "a": ' + b"[" * 100_000],
)
def test_broken_metadata_is_a_gap(data: bytes) -> None:
    assert [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


def test_metadata_too_long_is_a_gap() -> None:
    for word in (b"pickle", b"\\u0070ickle"):
        found = facts(b'{"zarr_format": 2}'.ljust((1 << 20) - 3) + word.ljust(17 << 20))
        assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.LIMIT]


def test_metadata_too_long_that_cannot_name_pickle_states_nothing() -> None:
    assert facts(b'{"zarr_format": 2}'.ljust(17 << 20)) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize(
    "text",
    [
        '{"zarr_format": 2, "filters": [{"id": "pickle"}]}',
        " " * 5000 + '{"zarr_format": 2, "filters": [{"id": "pickle"}]}',
        '{"' + "k" * 5000 + '": 1, "filters": [{"id": "pickle"}], "zarr_format": 2}',
        '{"' + "k" * 5000 + '": 1, "filters": [{"id": "pickle"}], "zarr\\u005fformat": 2}',
        '{"filters": [{"id": "pickle"}], "x": "' + "y" * (1 << 20) + '", "zarr_format": 2}',
    ],
    ids=["plain", "behind blanks", "late", "late and escaped", "behind a megabyte"],
)
def test_nothing_that_json_allows_hides_a_filter(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert FORMAT in identify(Head(MemorySource(data)))
    assert [type(fact) for fact in facts(data)] == [Call]


def test_a_long_document_in_utf_16_that_names_pickle_is_a_gap() -> None:
    found = facts(('{"zarr_format": 2}'.ljust(9 << 20) + "pickle").encode("utf-16"))
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.LIMIT]


@pytest.mark.parametrize("words", [{"zarr_format": 21}, {"zarr_format": 71_234}, {'{"zarr_format": 2': 1}])
def test_a_vocabulary_with_the_word_is_not_recognised(words: dict[str, int]) -> None:
    assert not FORMAT.recognise(Head(MemorySource(json.dumps({"vocab": words}).encode())))


JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["pickle", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "filters", "zarr_format"]), inner, max_size=3)
    ),
    max_leaves=15,
)


@given(JSON)
def test_any_metadata_ends(value: object) -> None:
    assert len(facts(value)) <= 1


@given(st.binary(max_size=40))
def test_any_bytes_end(data: bytes) -> None:
    assert all(isinstance(fact, Call | Gap) for fact in facts(b'{"zarr_format": 2' + data))
