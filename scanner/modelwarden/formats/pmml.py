"""PMML: models of statistics and data mining as an XML document.

Specification: <https://dmg.org/pmml/pmml-v4-4-1.html>. Its elements hold numbers and expressions of a closed language; nothing in
them runs code. What attacks is the XML around: entities that a parser replaces by files of the host or answers of the network
(CWE-611), or that swell until memory is full (CWE-776). PMML since 3.0 is defined by a schema and has no document type.

Checked: The document type, in any encoding: there should be none; that of PMML 2 and older may name the DTD of its authors.

Not checked: The model's elements, extensions included. They may hold any text, and no reader runs it.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall

_SUFFIX = ".pmml"
_ROOT = "PMML"
_OWN_DTD = r"(?:https?://(?:www\.)?dmg\.org/(?:[\w.-]+/)*)?pmml[\w.-]*\.dtd"


def _recognise(head: Head) -> bool:
    if head.start[:1] not in (b"<", b"\0", b"\x4c", b"\xef", b"\xff", b"\xfe", b" ", b"\t", b"\r", b"\n"):
        return False
    from modelwarden.parsing.xml_prolog import prolog, starts_like_xml  # only documents need it

    if not starts_like_xml(head.start):
        return False
    return head.suffix == _SUFFIX or prolog(head.source).root == _ROOT


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.xml_prolog import prolog, refused

    found = prolog(source)
    yield from refused(found, re.compile(_OWN_DTD, re.IGNORECASE))
    if found.broken:
        shortfall = Shortfall.LIMIT if found.long else Shortfall.MALFORMED
        yield Gap(shortfall, f"the document cannot be read: {found.broken}", Span(0, found.size))
    elif found.root != _ROOT:
        yield Gap(Shortfall.MALFORMED, "its root element is not PMML", Span(found.size))


FORMAT = Format(
    name="pmml",
    title="PMML",
    suffixes=(_SUFFIX,),
    recognise=_recognise,
    observe=_observe,
    refines=("xml",),
)
