"""Keras metadata beside a SavedModel."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import CodeBlob, Gap, Shortfall
from modelwarden.formats.keras_metadata import FORMAT
from modelwarden.source.memory import MemorySource
from tests.scanner.parsing.tensorflow.messages import field

CORPUS = Path(__file__).parents[2] / "corpus"


def saved(config: str, identifier: str = "_tf_keras_layer") -> bytes:
    return field(1, field(2, 1) + field(3, "root") + field(4, identifier) + field(5, config))


LAMBDA = saved(
    json.dumps({"class_name": "Lambda", "config": {"name": "l", "function": ["4wA=", None, None]}})
)
DENSE = saved(json.dumps({"class_name": "Dense", "config": {"name": "lambda", "units": 1}}))


def recognised(data: bytes, suffix: str = ".pb") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


def test_reads_the_configuration_of_every_object() -> None:
    assert recognised(DENSE + LAMBDA)
    assert len([fact for fact in facts(DENSE + LAMBDA + LAMBDA) if isinstance(fact, CodeBlob)]) == 2


def test_a_layer_named_lambda_is_none() -> None:
    assert not [fact for fact in facts(DENSE) if isinstance(fact, CodeBlob)]


def test_the_sample_carries_a_lambda() -> None:
    data = (CORPUS / "malicious/lambda-dangerous/keras-metadata/keras_metadata.pb").read_bytes()
    assert recognised(data)
    assert [fact for fact in facts(data) if isinstance(fact, CodeBlob)]


def test_what_was_seen_before_the_break_counts() -> None:
    found = facts(LAMBDA + DENSE[:-3])
    assert isinstance(found[0], CodeBlob)
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)][-1] is Shortfall.MALFORMED


def test_an_empty_configuration_is_nothing() -> None:
    assert facts(saved("")) == []


@pytest.mark.parametrize(
    "data", [b"", b"\ntext", saved("{}", "other"), field(1, "_tf_keras_layer"), field(4, "_tf_keras_layer")]
)
def test_is_precise(data: bytes) -> None:
    assert not recognised(data)


@given(st.binary(max_size=100))
def test_any_bytes_end(data: bytes) -> None:
    recognised(data)
    facts(data)
    facts(saved(data.decode("latin-1")))
