"""Manifests name their layers; what is wrong with them is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Gap, Reference, Role, Shortfall
from modelwarden.engine.identify import identify
from modelwarden.formats.oci import FORMAT
from modelwarden.source.memory import MemorySource

DIGEST = "4d" * 32
OTHER = "5e" * 32
MANIFEST = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": {
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": f"sha256:{OTHER}",
        "size": 2,
    },
    "layers": [
        {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": f"sha256:{DIGEST}", "size": 9}
    ],
}
INDEX = {"schemaVersion": 2, "manifests": [{"mediaType": "…", "digest": f"sha256:{DIGEST}", "size": 9}]}
DOCKER = [
    {"Config": "c.json", "RepoTags": ["a:b"], "Layers": ["4d/layer.tar", "5e/layer.tar", "4d/layer.tar"]}
]


def facts(value: object, name: str = "index.json", *, inside: bool = False) -> list[Fact]:
    data = value if isinstance(value, bytes) else json.dumps(value, indent=2).encode()
    return list(FORMAT.observe(MemorySource(data), Scope(name=name, inside=inside)))


def named(found: list[Fact]) -> list[str]:
    assert all(isinstance(fact, Reference) and fact.role is Role.STAND_IN for fact in found)
    return [fact.location for fact in found if isinstance(fact, Reference)]


@pytest.mark.parametrize("value", [MANIFEST, INDEX, DOCKER])
def test_recognises_what_names_layers(value: object) -> None:
    assert FORMAT.recognise(Head(MemorySource(json.dumps(value).encode())))
    assert FORMAT.recognise(Head(MemorySource(b"\n " + json.dumps(value, indent=1).encode())))


@pytest.mark.parametrize(
    ("value", "name", "locations"),
    [
        (MANIFEST, "model.manifest", [f"blobs/sha256/{DIGEST}"]),
        (INDEX, "index.json", [f"blobs/sha256/{DIGEST}"]),
        (MANIFEST, OTHER, [DIGEST]),
        (MANIFEST, "manifest.json", [DIGEST]),
        (DOCKER, "manifest.json", ["4d/layer.tar", "5e/layer.tar"]),
    ],
)
def test_names_layers_from_where_it_stands(value: object, name: str, locations: list[str]) -> None:
    assert named(facts(value, name)) == locations


def test_within_an_archive_the_layers_are_members() -> None:
    assert facts(MANIFEST, inside=True) == []


@pytest.mark.parametrize(
    "layer",
    [
        {"digest": "sha256:../../etc/passwd"},
        {"digest": 5},
        {"digest": f"sha256:{DIGEST}", "urls": ["https://x"]},
        "x",
        None,
        {},
    ],
)
def test_a_layer_without_a_digest_or_from_elsewhere_is_not_here(layer: object) -> None:
    assert facts({"schemaVersion": 2, "layers": [layer]}) == []


@pytest.mark.parametrize(
    ("data", "shortfall"),
    [
        (json.dumps(MANIFEST).encode()[:-2], Shortfall.MALFORMED),
        (b'{"schemaVersion":2,"digest":"","layers":[' + b"[" * 100_000, Shortfall.MALFORMED),
        (b'{"layers":"\xff"}', Shortfall.MALFORMED),
        (b"{" + b" " * (5 << 20) + b"}", Shortfall.LIMIT),
    ],
)
def test_a_manifest_that_cannot_be_read_is_a_gap(data: bytes, shortfall: Shortfall) -> None:
    [gap] = facts(data)
    assert isinstance(gap, Gap)
    assert gap.shortfall is shortfall


def test_too_many_layers_are_a_limit() -> None:
    layers = [{"digest": f"sha256:{number:064x}"} for number in range(10_001)]
    *_, gap = facts({"schemaVersion": 2, "layers": layers})
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.LIMIT


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"schemaVersion": 2}', b'{"layers": [], "name": "bert"}', b'[{"a": 1}]']
)
def test_other_json_is_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.just(f"sha256:{DIGEST}"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("layers", "manifests", "digest", "Layers", "Config", "urls")), inner, max_size=4
        )
    ),
)


@given(JSON)
def test_any_json_ends(value: object) -> None:
    facts(value)


@pytest.mark.parametrize("value", [MANIFEST, INDEX, [{"RepoTags": ["x" * 5000], **DOCKER[0]}]])
def test_keys_behind_the_head_are_found(value: object) -> None:
    late = {"annotations": {"x": "y" * 5000}, **value} if isinstance(value, dict) else value
    for data in (json.dumps(late).encode(), b" " * 5000 + json.dumps(value).encode()):
        assert FORMAT in identify(Head(MemorySource(data)))
        assert named(facts(data))


def test_words_of_a_vocabulary_are_no_keys() -> None:
    words = {"schemaVersion": 1, "layers": 2, "digest": 3, "Config": 4, "Layers": 5}
    assert not FORMAT.recognise(Head(MemorySource(json.dumps(words).encode())))
    assert not FORMAT.recognise(Head(MemorySource(json.dumps([words]).encode())))
