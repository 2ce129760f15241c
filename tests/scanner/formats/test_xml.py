"""Other XML documents: entities that reach out or swell are stated; document types of standards are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk
from modelwarden.formats.xml import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.malicious_xml import laughs
from tests.guard import ends


def document(doctype: str, encoding: str = "utf-8") -> bytes:
    return f'<?xml version="1.0"?>\n{doctype}<r/>'.encode(encoding)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize(
    "doctype",
    [
        "",
        "<!DOCTYPE html>",
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
        '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]>',
        '<!DOCTYPE b [<!ENTITY a "text"><!ENTITY b "&a; and &a;">]>',
        "<!DOCTYPE b [<!ELEMENT b (#PCDATA)><!-- <!ENTITY x SYSTEM 'file:///x'> -->]>",
    ],
    ids=["none", "html", "svg", "property list", "name spaces", "texts", "comment"],
)
def test_an_ordinary_document_states_nothing(doctype: str) -> None:
    data = document(doctype)
    assert FORMAT.recognise(Head(MemorySource(data), ".xml"))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data", [b"", b"<", b"<!DOCTYPE html><p>", b"<html>", b"<?php echo 1;", b"\x80\4}.", bytes(99)]
)
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".xml"))


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        "<!ENTITY x SYSTEM '/etc/hostname'>",
        '<!ENTITY x SYSTEM "http://sample.invalid/">',
        '<!ENTITY % x SYSTEM "http://sample.invalid/x.dtd"> %x;',
        '<!-- ]> --><!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ELEMENT r ANY>\n<!ENTITY a "text">\n<!ENTITY x SYSTEM "expect://id">',
    ],
    ids=["file", "path", "address", "parameter", "behind a comment", "behind others"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_an_entity_that_reaches_out_is_stated(entity: str, encoding: str) -> None:
    data = document(f"<!DOCTYPE r [{entity}]>", encoding)
    assert FORMAT.recognise(Head(MemorySource(data), ".xml"))
    (anomaly,) = facts(data)
    assert isinstance(anomaly, Anomaly)
    assert (anomaly.quirk, anomaly.subject) == (Quirk.XML_ENTITY, "x")


@pytest.mark.parametrize(
    "entities",
    [laughs(), laughs(60, 2), laughs(2_000), '<!ENTITY a "&b;"><!ENTITY b "&a;&a;">'],
    ids=["a billion", "doubling", "very many", "cycle"],
)
def test_entities_that_swell_are_stated(entities: str) -> None:
    with ends():
        (anomaly,) = facts(document(f"<!DOCTYPE r [{entities}]>"))
        assert isinstance(anomaly, Anomaly)
        assert (anomaly.quirk, anomaly.subject) == (Quirk.XML_ENTITY, "entities")


@pytest.mark.parametrize("data", [document("")[:-3], document("<!DOCTYPE r ["), document("<r></s>")])
def test_a_broken_document_is_no_gap(data: bytes) -> None:
    assert facts(data) == []


BAD = document('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>')


@given(st.binary(max_size=60), st.integers(0, len(BAD)))
def test_any_mutation_ends(data: bytes, place: int) -> None:
    mutated = BAD[:place] + data + BAD[place + len(data) // 2 :]
    for one in (mutated, data, b"<?xml" + data):
        FORMAT.recognise(Head(MemorySource(one), ".xml"))
        assert all(isinstance(fact, Anomaly | Gap) for fact in facts(one))


@pytest.mark.parametrize(
    "start",
    [b"<!DOCTYPE r", b"<!DOCTYPE r SYSTEM", b"<!DOCTYPE r [<!ENTITY x", b"<!DOCTYPE r [<!ENTITY % x PUBLIC"],
)
def test_blanks_without_end_do_not_hold_the_reader_up(start: bytes) -> None:
    """A pattern that goes back over them took minutes; here the test would never end."""
    source = MemorySource(start + b" " * 400_000)
    FORMAT.recognise(Head(source, ".xml"))
    assert len(list(FORMAT.observe(source, Scope()))) < 10


@pytest.mark.parametrize(
    "place",
    [b'SYSTEM "file:///etc/passwd"', b'PUBLIC "a" "file:///etc/passwd"', b'SYSTEM " file:///etc/passwd"'],
)
def test_an_entity_that_fetches_a_file_is_found_however_it_is_declared(place: bytes) -> None:
    source = MemorySource(b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x ' + place + b"> ]><r>&x;</r>")
    facts = list(FORMAT.observe(source, Scope()))
    assert [fact.quirk for fact in facts if isinstance(fact, Anomaly)] == [Quirk.XML_ENTITY]
