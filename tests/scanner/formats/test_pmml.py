"""PMML has no document type: every one is stated, in any encoding; the model itself states nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.formats.pmml import FORMAT
from modelwarden.source.memory import MemorySource

DECLARED = b'<?xml version="1.0"?>\n'
MODEL = b'<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/></PMML>'
GOOD = DECLARED + MODEL
BAD = DECLARED + b'<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + MODEL


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        MODEL,
        b"\xef\xbb\xbf" + GOOD,
        b"\n\n" + MODEL,
        GOOD.replace(b"PMML version", b"p:PMML version"),
        GOOD.decode().encode("utf-16"),
        DECLARED + b"<!-- <!DOCTYPE x> -->" + MODEL,
    ],
    ids=["plain", "undeclared", "mark", "blank lines", "prefix", "utf-16", "comment"],
)
def test_a_model_states_nothing(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data), ".xml"))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data", [b"", b"<", b"PMML", b"<PMMLX/>", b"<html/>", b"\x80\4}.", b"<pmml/>", bytes(99)]
)
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".xml"))


@pytest.mark.parametrize(
    ("subset", "subject"),
    [
        (b'[<!ENTITY x SYSTEM "file:///etc/hostname">]', "x"),
        (b'[<!ENTITY x PUBLIC "a" "http://sample.invalid/">]', "x"),
        (b'[<!ENTITY % x SYSTEM "http://sample.invalid/"> %x;]', "x"),
        (b'[<!ENTITY x "text">]', "x"),
        (b"[]", "DOCTYPE"),
        (b'SYSTEM "http://sample.invalid/x.dtd"', "DOCTYPE"),
        (b'PUBLIC "a" "http://sample.invalid/x.dtd"', "DOCTYPE"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_document_type_is_stated(subset: bytes, subject: str, encoding: str) -> None:
    data = (DECLARED + b"<!DOCTYPE PMML " + subset + b">" + MODEL).decode().encode(encoding)
    assert FORMAT.recognise(Head(MemorySource(data), ".pmml"))
    (anomaly,) = facts(data)
    assert isinstance(anomaly, Anomaly)
    assert (anomaly.quirk, anomaly.subject) == (Quirk.XML_ENTITY, subject)


@pytest.mark.parametrize(
    "data",
    [DECLARED, GOOD[:25], GOOD.replace(b"PMML", b"HTML"), DECLARED + b"no tag"],
    ids=["no root", "cut", "another root", "text"],
)
def test_a_broken_file_by_its_name_is_malformed(data: bytes) -> None:
    (gap,) = facts(data)
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.MALFORMED


def test_a_document_type_that_does_not_end_is_stated_and_malformed() -> None:
    found = facts(BAD.partition(b"]>")[0])
    assert [type(fact) for fact in found] == [Anomaly, Gap]


@given(st.binary(max_size=60), st.integers(0, len(BAD)))
def test_any_mutation_ends(data: bytes, place: int) -> None:
    mutated = BAD[:place] + data + BAD[place + len(data) // 2 :]
    for one in (mutated, data, b"<" + data):
        FORMAT.recognise(Head(MemorySource(one), ".pmml"))
        assert all(isinstance(fact, Anomaly | Gap) for fact in facts(one))
