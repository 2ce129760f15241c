"""Graphs of OpenVINO: libraries they name, layers of no opset, and the XML around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Operator, Quirk, Reference, Role, Shortfall
from modelwarden.formats.openvino import FORMAT
from modelwarden.source.memory import MemorySource

INPUT = '<layer id="0" name="input" type="Parameter" version="opset1"><data shape="1,3"/></layer>'


def graph(layer: str = "", *, before: str = "", around: str = "", after: str = "") -> bytes:
    text = f'<?xml version="1.0"?>\n{before}<net name="n" version="11">{around}<layers>{INPUT}{layer}</layers>{after}</net>'
    return text.encode()


def custom(attribute: str) -> str:
    return f'<layer id="1" name="mine" type="ReLU" version="opset1"><data {attribute}/></layer>'


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize(
    "data",
    [
        graph(),
        graph('<layer id="1" name="libsample.so" type="Result" version="opset15"/>'),
        graph('<layer id="1" name="old" type="ReLU"/>'),
        graph(after='<rt_info><extension value="/opt/libsample.so"/></rt_info>'),
        graph(custom('library="numbers.bin"')),
        graph(custom('mode="so"')),
    ],
    ids=["plain", "a name", "no opset", "told by the converter", "numbers", "a word"],
)
def test_an_ordinary_graph_states_nothing(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data), ".xml"))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data", [b"", b"<net", b"<network/>", b"<net/>", b"<html><net version='11'/></html>", bytes(99)]
)
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".xml"))


@pytest.mark.parametrize(
    ("data", "location", "holder"),
    [
        (graph(custom('library="./libsample.so"')), "./libsample.so", "layer mine"),
        (graph(custom('plugin="libsample.so.2.1"')), "libsample.so.2.1", "layer mine"),
        (graph(custom('module="C:\\s\\Sample.DLL"')), "C:\\s\\Sample.DLL", "layer mine"),
        (graph(around='<extension path="libsample.dylib"/>'), "libsample.dylib", "extension"),
        (graph(custom('library="lib&#115;ample.so"')), "libsample.so", "layer mine"),
    ],
    ids=["so", "version", "dll", "dylib outside the layers", "character reference"],
)  # fmt: skip
def test_a_library_is_stated(data: bytes, location: str, holder: str) -> None:
    (reference,) = facts(data)
    assert isinstance(reference, Reference)
    assert (reference.role, reference.location, reference.holder) == (Role.LIBRARY, location, holder)


def test_a_library_is_stated_once() -> None:
    assert len(facts(graph(custom('library="a.so"') * 3))) == 1


@pytest.mark.parametrize(
    ("kind", "version", "domain"), [("Python", "opset1", "openvino"), ("Mine", "extension", "extension")]
)
def test_a_layer_of_no_opset_is_stated(kind: str, version: str, domain: str) -> None:
    (operator,) = facts(graph(f'<layer id="1" name="mine" type="{kind}" version="{version}"/>'))
    assert isinstance(operator, Operator)
    assert (operator.domain, operator.name) == (domain, kind)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_stated(encoding: str) -> None:
    data = (
        graph(before='<!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/hostname">]>').decode().encode(encoding)
    )
    assert FORMAT.recognise(Head(MemorySource(data), ".xml"))
    (anomaly,) = facts(data)
    assert isinstance(anomaly, Anomaly)
    assert (anomaly.quirk, anomaly.subject) == (Quirk.XML_ENTITY, "x")


@pytest.mark.parametrize(
    ("data", "shortfall"),
    [
        (graph(custom('library="a.so"'))[:-3], Shortfall.MALFORMED),
        (graph(custom('library="a.so"'), after="</b>"), Shortfall.MALFORMED),
        (graph(custom('library="a.so"'), after="&unknown;"), Shortfall.MALFORMED),
        (graph(custom('library="a.so"'), after="<a>" * 100_000), Shortfall.LIMIT),
    ],
    ids=["cut", "wrong end", "unknown entity", "too deep"],
)
def test_what_stands_before_a_break_is_stated(data: bytes, shortfall: Shortfall) -> None:
    reference, gap = facts(data)
    assert isinstance(reference, Reference)
    assert isinstance(gap, Gap)
    assert gap.shortfall is shortfall


GUILTY = graph(custom('library="./libsample.so"'))


@given(st.binary(max_size=60), st.integers(0, len(GUILTY)))
def test_any_mutation_ends(data: bytes, place: int) -> None:
    mutated = GUILTY[:place] + data + GUILTY[place + len(data) // 2 :]
    for one in (mutated, data, b"<net " + data):
        FORMAT.recognise(Head(MemorySource(one), ".xml"))
        assert all(isinstance(fact, Anomaly | Gap | Reference | Operator) for fact in facts(one))
