"""TensorFlow Lite models: operators, what Flex operators really run, and what stands behind the model."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Operator, Quirk, Shortfall
from modelwarden.formats.tflite import FORMAT
from modelwarden.source.memory import MemorySource

CORPUS = Path(__file__).parents[2] / "corpus"
BENIGN = CORPUS / "benign/tensorflow/lite"
DENSE = (BENIGN / "dense.tflite").read_bytes()
CUSTOM = (CORPUS / "malicious/custom-operator/lite/model.tflite").read_bytes()
FLEX = (CORPUS / "malicious/file-write-operator/lite-flex/model.tflite").read_bytes()


def recognised(data: bytes) -> bool:
    return FORMAT.recognise(Head(MemorySource(data), ".tflite"))


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


def operators(data: bytes) -> list[tuple[str, str]]:
    return [(fact.domain, fact.name) for fact in facts(data) if isinstance(fact, Operator)]


@pytest.mark.parametrize(("name", "found"), [
    ("dense", []),
    ("nested", []),
    ("branches", []),
    ("quantised", []),
    ("tensor-named-flex-write-file", []),
    ("description-quotes-operators", []),
    ("flex", [("tensorflow", "RegexReplace"), ("tensorflow", "StaticRegexReplace")]),
    ("detection-post-process", [("tflite", "TFLite_Detection_PostProcess")]),
])  # fmt: skip
def test_reads_what_tensorflow_writes(name: str, found: list[tuple[str, str]]) -> None:
    data = (BENIGN / f"{name}.tflite").read_bytes()
    assert recognised(data)
    stated = operators(data)
    assert set(stated) <= set(found)
    assert bool(stated) == bool(found)
    assert len(facts(data)) == len(stated)


@pytest.mark.parametrize(("sample", "name"), [
    ("file-write-operator/lite-flex", "WriteFile"),
    ("file-write-operator/lite-flex-hidden", "WriteFile"),
    ("file-write-operator/lite-flex-node", "WriteFile"),
    ("file-write-operator/lite-flex-new-code", "WriteFile"),
    ("file-read-operator/lite-flex", "ReadFile"),
    ("python-operator/lite-flex", "PyFunc"),
])  # fmt: skip
def test_flex_operators_are_those_of_tensorflow(sample: str, name: str) -> None:
    assert ("tensorflow", name) in operators((CORPUS / "malicious" / sample / "model.tflite").read_bytes())


def test_what_a_flex_operator_is_given_is_stated() -> None:
    data = (CORPUS / "malicious/file-write-operator/lite-flex-print/model.tflite").read_bytes()
    assert "file:///tmp/modelwarden.txt" in [
        fact.argument for fact in facts(data) if isinstance(fact, Operator)
    ]


def test_custom_operators_are_stated() -> None:
    assert operators(CUSTOM) == [("tflite", "AcmeDecrypt")]


def test_an_archive_of_labels_is_how_metadata_is_packed() -> None:
    found = facts((BENIGN / "with-labels.tflite").read_bytes())
    assert [fact.member for fact in found if isinstance(fact, Child)] == ["labels.txt"]
    assert len(found) == 1


def test_the_members_of_an_archive_are_handed_out_whatever_they_are() -> None:
    packed = io.BytesIO(DENSE)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("evil.pkl", b"\x80\x04K\x01.")
    packed.seek(0, 2)
    found = facts(packed.getvalue() + b"more behind the archive")
    assert "evil.pkl" in [fact.member for fact in found if isinstance(fact, Child)]
    assert [fact.quirk for fact in found if isinstance(fact, Anomaly)] == [Quirk.POLYGLOT]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"TFL3",
        b"\0\0\0\0TFL3",
        b"\xff\xff\xff\xffTFL3" + bytes(50),
        b"\x1c\0\0\0TFL2" + bytes(50),
        DENSE[4:],
    ],
)
def test_is_precise(data: bytes) -> None:
    assert not recognised(data)


@pytest.mark.parametrize("cut", [1, 100, 300, 500, 700, 900, 970])
def test_a_model_that_is_cut_off_is_a_gap(cut: int) -> None:
    found = facts(DENSE[:-cut])
    assert {fact.shortfall for fact in found if isinstance(fact, Gap)} <= {Shortfall.MALFORMED}
    assert all(isinstance(fact, Gap) for fact in found)
    assert found or cut < 8


def mutated(offset: int, value: bytes) -> bytes:
    return DENSE[:offset] + value + DENSE[offset + len(value) :]


ROOT = int.from_bytes(DENSE[:4], "little")
VTABLE = ROOT - int.from_bytes(DENSE[ROOT : ROOT + 4], "little", signed=True)


def part(index: int) -> int:
    """Where the offset of a field of the model stands."""
    return ROOT + int.from_bytes(DENSE[VTABLE + 4 + 2 * index :][:2], "little")


CODES = part(1) + int.from_bytes(DENSE[part(1) :][:4], "little")
BROKEN = {
    "a layout outside": mutated(ROOT, (-(1 << 30)).to_bytes(4, "little", signed=True)),
    "a layout before the start": mutated(ROOT, (1 << 30).to_bytes(4, "little")),
    "operator codes outside": mutated(part(1), b"\xff\xff\xff\x7f"),
    "operator codes at themselves": mutated(part(1), bytes(4)),
    "a count too large": mutated(CODES, b"\xff\xff\xff\xff"),
    "an operator code outside": mutated(CODES + 4, b"\xff\xff\xff\x7f"),
    "subgraphs outside": mutated(part(2), b"\xff\xff\xff\x7f"),
    "buffers outside": mutated(part(4), b"\xff\xff\xff\x7f"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))
def test_what_leads_nowhere_is_a_gap(data: bytes) -> None:
    assert recognised(data)
    assert Shortfall.MALFORMED in [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)]


def test_what_can_be_read_besides_is_read() -> None:
    subgraphs = CUSTOM.index(DENSE[part(2) : part(2) + 4])
    broken = CUSTOM[:subgraphs] + b"\xff\xff\xff\x7f" + CUSTOM[subgraphs + 4 :]
    assert ("tflite", "AcmeDecrypt") in operators(broken) or facts(broken)


@settings(max_examples=300, deadline=None)
@given(place=st.integers(8, len(FLEX) - 5), value=st.binary(min_size=1, max_size=4), cut=st.integers(0, 40))
def test_any_mutation_ends(place: int, value: bytes, cut: int) -> None:
    facts((FLEX[:place] + value + FLEX[place + len(value) :])[: len(FLEX) - cut])


@given(st.binary(max_size=200))
def test_any_bytes_end(data: bytes) -> None:
    recognised(data)
    facts(data)
    facts(b"\x10\0\0\0TFL3" + data)
