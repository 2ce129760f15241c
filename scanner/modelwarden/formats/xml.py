"""XML documents of no other format: configurations and manifests beside a model.

Specification: <https://www.w3.org/TR/xml/>. An attacker can declare entities which the reader of the document replaces by files
of the host (XXE), or which swell until memory is full. Harmless documents declare some too: drawings, ontologies, manuals.

Checked: The document type, in any encoding: entities that fetch local files or addresses, and those that expand without measure.

Not checked: The elements; document types in other files; what a program does with the document.
"""

from collections.abc import Iterator

from modelwarden.domain.format import HEAD_BYTES, ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall

_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_DECLARATIONS = (*("<?xml".encode(encoding) for encoding in _ENCODINGS), b"\x4c\x6f\xa7\x94\x93")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\xff\xfe", b"\xfe\xff")
_BLANK = b" \t\r\n"


def _recognise(head: Head) -> bool:
    start = head.start
    if start[:1] not in (b"<", b"\0", b"\x4c", b"\xef", b"\xff", b"\xfe", b" ", b"\t", b"\r", b"\n"):
        return False
    for mark in _MARKS:
        if start.startswith(mark):
            start = start[len(mark) :]
            break
    start = start.lstrip(_BLANK)
    if start.startswith(_DECLARATIONS) or (start.startswith(b"<!DOCTYPE") and b"<!ENTITY" in start):
        return True
    if head.size <= HEAD_BYTES or (start and not start.startswith((b"<!DOCTYPE", b"<!--", b"<?"))):
        return False
    from modelwarden.parsing.xml_prolog import prolog  # only documents need it

    return bool(prolog(head.source).entities)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.xml_prolog import attacks, prolog  # only documents need it

    found = prolog(source)
    yield from attacks(found)
    if found.long and found.doctype:
        yield Gap(
            Shortfall.LIMIT, "the document type is too long: the document was not read", Span(0, found.size)
        )


FORMAT = Format(
    name="xml",
    title="XML document",
    suffixes=(),
    recognise=_recognise,
    observe=_observe,
    ambiguous_suffixes=(".xml",),
)
