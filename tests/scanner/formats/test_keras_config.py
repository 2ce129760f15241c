"""Keras's JSON is told from other JSON by its objects; escapes hide nothing."""

import json

import pytest

from modelwarden.domain.format import Head, Scope
from modelwarden.domain.observation import Call, Gap
from modelwarden.formats.keras_config import FORMAT
from modelwarden.source.memory import MemorySource

LAYER = {"class_name": "Dense", "config": {"units": 1}}
MODEL = {"class_name": "Sequential", "config": {"layers": [LAYER]}, "keras_version": "2.15.0"}
KERAS3 = {"module": "keras", "class_name": "Functional", "config": {}, "registered_name": "Functional"}


def recognised(data: bytes) -> bool:
    return FORMAT.recognise(Head(MemorySource(data)))


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(MODEL).encode(),
        json.dumps(KERAS3, indent=2).encode(),
        b"\xef\xbb\xbf \n" + json.dumps(MODEL).encode(),
        json.dumps({"format": "layers-model", "modelTopology": {"model_config": MODEL}}).encode(),
        json.dumps({"junk": "x" * 10_000, **MODEL}).encode(),
        "".join(f"\\u{ord(one):04x}" if one.isalpha() else one for one in json.dumps(MODEL)).encode(),
    ],
    ids=[
        "keras 2",
        "keras 3, indented",
        "byte order mark",
        "tensorflow.js",
        "after ten thousand bytes",
        "escaped",
    ],
)
def test_recognises_a_model(data: bytes) -> None:
    assert recognised(data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"{}", b"[]", b"\x80\x04N.", b'{"class_name": "A"}', b'{"config": {}}', b"not json at all",
        json.dumps(MODEL).encode()[:-5], json.dumps(MODEL).encode() + b"\n" + json.dumps(MODEL).encode(),
        json.dumps({"text": json.dumps(MODEL)}).encode(), json.dumps({"class_name": "A", "other": {"config": {}}}).encode(),
        b"class_name: Sequential\nconfig: {}\n",
    ],
)  # fmt: skip
def test_does_not_recognise_other_text(data: bytes) -> None:
    assert not recognised(data)


def test_a_long_file_is_recognised_by_its_beginning_and_read() -> None:
    data = json.dumps({**KERAS3, "padding": "x" * (5 << 20)}).encode()
    assert recognised(data)
    assert [type(fact) for fact in FORMAT.observe(MemorySource(data), Scope())] == [Call]


def test_a_file_beyond_reason_is_a_gap() -> None:
    data = json.dumps({**KERAS3, "padding": "x" * (18 << 20)}).encode()
    assert [type(fact) for fact in FORMAT.observe(MemorySource(data), Scope())] == [Gap]


def test_nesting_beyond_reason_is_recognised_and_a_gap() -> None:
    data = b'{"class_name": "Sequential", "config": {"layers": ' + b"[" * 100_000
    assert recognised(data)
    assert [type(fact) for fact in FORMAT.observe(MemorySource(data), Scope())] == [Gap]
