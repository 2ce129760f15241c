"""Keras's JSON is told from other JSON by its objects; escapes hide nothing."""

import json

import pytest

from modelwarden.domain.format import Head, Scope
from modelwarden.domain.observation import Call, Gap
from modelwarden.engine.identify import identify
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


LAMBDA = {
    "class_name": "Lambda",
    "config": {"function": {"class_name": "__lambda__", "config": {"code": "4wEAAAA="}}},
}
EVIL = json.dumps({"class_name": "Functional", "config": {"layers": [LAMBDA]}})
HIDDEN = {
    "behind blanks": (" " * 5000 + EVIL).encode(),
    "behind a mark and blanks": b"\xef\xbb\xbf" + (" \n" * 3000 + EVIL).encode(),
    "blanks behind the brace": ("{" + "\t" * 5000 + EVIL[1:]).encode(),
    "blanks before a colon": EVIL.replace(":", " " * 2000 + ":", 4).encode(),
    "behind nine megabytes": ('{"x": "' + "y" * (9 << 20) + '", ' + EVIL[1:]).encode(),
    "behind nine megabytes, escaped": (
        '{"x": "' + "y" * (9 << 20) + '", ' + EVIL[1:].replace("class_name", r"cl\u0061ss\u005Fname")
    ).encode(),
    "utf-16 with a mark": EVIL.encode("utf-16"),
    "utf-16-le": EVIL.encode("utf-16-le"),
    "utf-16-be": EVIL.encode("utf-16-be"),
    "utf-16-be with a mark": b"\xfe\xff" + EVIL.encode("utf-16-be"),
    "utf-16 behind blanks": (" " * 5001 + EVIL).encode("utf-16-be"),
    "utf-16 behind two megabytes": ('{"x": "' + "ÿ" * (1 << 20) + '", ' + EVIL[1:]).encode("utf-16"),
    "utf-32 with a mark": EVIL.encode("utf-32"),
    "utf-32-le": EVIL.encode("utf-32-le"),
    "utf-32-be": EVIL.encode("utf-32-be"),
    "utf-32 behind blanks": (" " * 5003 + EVIL).encode("utf-32-be"),
}


@pytest.mark.parametrize("data", HIDDEN.values(), ids=HIDDEN)
def test_nothing_that_json_allows_hides_a_model(data: bytes) -> None:
    assert json.loads(data)["class_name"] == "Functional"
    head = Head(MemorySource(data), ".json")
    assert "keras-config" in [form.name for form in identify(head)]
    assert any(isinstance(fact, Call) for fact in FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32-be"])
def test_a_late_model_beyond_reason_is_a_gap(encoding: str) -> None:
    data = ('{"x": "' + "y" * (17 << 20) + '", ' + EVIL[1:]).encode(encoding)
    assert recognised(data)
    assert [type(fact) for fact in FORMAT.observe(MemorySource(data), Scope())] == [Gap]


WORDS = {"class_name": 41_234, "config": 8573, '{"class_name": "A", "config": {}}': 3}


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_long_tokenizer_with_the_words_is_none(*, ascii_only: bool) -> None:
    vocabulary = {f"é{number:013}": number for number in range(700_000)} | WORDS
    text = {
        "added_tokens": [{"content": '"class_name": "x", "config": {'}],
        "merges": ["class_name", "config"],
    }
    data = json.dumps({**text, "vocab": vocabulary}, ensure_ascii=ascii_only).encode()
    assert len(data) > 17 << 20
    assert not recognised(data)
    assert not recognised(data.replace(b"A", rb"\u0041"))
