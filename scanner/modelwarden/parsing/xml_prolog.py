"""What stands before the root element of an XML document: its encoding, its document type, the entities it declares.

An own reader, because parsers are what such declarations attack: nothing is expanded here, nothing fetched, and the encodings in
which declarations are hidden from filters (UTF-7, UTF-16, UTF-32, EBCDIC) are read. Specification:
<https://www.w3.org/TR/xml/#sec-prolog-dtd>; how an encoding is told: appendix F there.
"""

import codecs
import re
from collections.abc import Iterator

from modelwarden.domain.format import HEAD_BYTES, ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Quirk
from modelwarden.domain.preview import shorten
from modelwarden.domain.record import record

PROLOG_BYTES = 1 << 20
"""No longer prolog is read."""
_ENTITIES = 10_000
_ROUNDS = 64
_BOMB = 10 << 20
"""Entities that expand to more characters than this, out of a prolog of at most a tenth of it, are meant to."""
_ENDLESS = 1 << 40

_MARKS = (
    (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)  # fmt: skip
_STARTS = (
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)  # fmt: skip
_DECLARED = re.compile(r"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][\w.:-]{0,40})""")
_TEXTUAL = re.compile(
    r"utf-?[78]|ascii|us-ascii|latin|iso|windows-|cp|koi8|mac|ibm|ebcdic|shift|sjis|euc|gb|big5|hz|tis",
    re.IGNORECASE,
)
"""Encodings of text in which the declaration itself can be read; `codecs` also knows others that are none."""

_LITERAL = r"""(?:"[^"]*"|'[^']*')"""
_PASSED = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DOCTYPE = re.compile(
    rf"<!DOCTYPE\s++([^\s\[>]++)\s*+(?:(?:SYSTEM|PUBLIC\s*+({_LITERAL}))\s*+({_LITERAL})?+)?+\s*+([\[>])",
    re.DOTALL,
)
_ENTITY = re.compile(
    rf"<!ENTITY\s++(%\s++)?+([^\s\"'%>]++)\s++(?:(?:SYSTEM|PUBLIC\s*+({_LITERAL}))\s*+({_LITERAL})|({_LITERAL}))[^>]*+>",
    re.DOTALL,
)
_OTHER = re.compile(
    rf"\s+|%[^;\s]+;|<!--.*?-->|<\?.*?\?>|<!(?:ELEMENT|ATTLIST|NOTATION)(?:[^>\"']|{_LITERAL})*+>", re.DOTALL
)
_LOOSE = re.compile(r"<!ENTITY\s+(?:%\s+)?(\S+)")
_LOOSE_ENTITIES = 100
_ROOT = re.compile(r"<([^\s>/<!?\"'&]+)")
_USED = re.compile(r"&([^;&\s]+);")


@record
class Entity:
    """An entity as it is declared. `system`: where its text is to be fetched from, or None when `value` is its text."""

    name: str
    parameter: bool
    public: str
    system: str | None
    value: str


@record
class Prolog:
    """`root`: name of the root element without prefix, or empty. `doctype`: name of the document type, or empty.

    `public`, `system`: its identifiers. `broken`: why it could not be read to the root, or empty; `long`: because it is too long.
    """

    root: str
    doctype: str
    public: str
    system: str
    entities: tuple[Entity, ...]
    size: int
    broken: str
    long: bool


def starts_like_xml(start: bytes) -> bool:
    """Whether bytes may begin an XML document: an opening bracket in any encoding, after a mark or white space."""
    for mark, _ in _MARKS:
        if start.startswith(mark):
            start = start[len(mark) :]
            break
    first = start.lstrip(b" \t\r\n\0")[:1]
    # a whole head of blanks leaves it open; so many zeros are something else
    return (
        first == b"<"
        or start.startswith(b"\x4c\x6f\xa7\x94")
        or (not first and len(start) > HEAD_BYTES - 8 and start.strip(b"\0") != b"")
    )


def prolog(source: ByteSource, most: int = PROLOG_BYTES) -> Prolog:
    """The prolog, of which at most `most` bytes are read."""
    length = min(HEAD_BYTES, most)
    while True:
        data = source.read(0, length)
        found = _parsed(_decoded(data), whole=len(data) < length or length >= source.size)
        if not found.long or length >= most:
            return found
        length = most


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    encoding = next((name for start, name in _STARTS if data.startswith(start)), "utf-8")
    text = data.decode(encoding, "replace")
    declared = _DECLARED.match(text.lstrip())
    if declared is None or encoding.startswith(("utf-16", "utf-32")) or not _TEXTUAL.match(declared[1]):
        return text
    try:
        name = declared[1].lower().replace("ebcdic-cp-us", "cp037")
        return codecs.lookup(name).decode(data, "replace")[0]
    except (LookupError, UnicodeError):
        return text


def _parsed(text: str, *, whole: bool) -> Prolog:
    position = _passed(text, 0)
    doctype = public = system = broken = ""
    entities: tuple[Entity, ...] = ()
    match = _DOCTYPE.match(text, position)
    if match is not None:
        doctype, public, system = match[1], _inner(match[2]), _inner(match[3])
        position = match.end()
        if match[4] == "[":
            entities, position, broken = _subset(text, position)
        position = _passed(text, position)
    elif text.startswith("<!DOCTYPE", position):
        doctype, broken = "?", "a document type that cannot be read"
    root = None if broken else _ROOT.match(text, position)
    if root is not None and (whole or root.end() < len(text)):
        return Prolog(root[1].rpartition(":")[2], doctype, public, system, entities, root.start(), "", False)
    long = not whole
    reason = broken or ("no root element follows" if whole else "no root element in its first part")
    return Prolog("", doctype, public, system, entities, len(text), reason, long)


def _passed(text: str, position: int) -> int:
    match = _PASSED.match(text, position)
    return position if match is None else match.end()


def _subset(text: str, position: int) -> tuple[tuple[Entity, ...], int, str]:
    """The entities of an internal subset, where the document type ends, and why that is not known."""
    entities: list[Entity] = []
    while position < len(text):
        if text[position] == "]":
            end = text.find(">", position)
            return (
                tuple(entities),
                end + 1 if end >= 0 else len(text),
                "" if end >= 0 else "a document type that does not end",
            )
        match = _ENTITY.match(text, position)
        if match is not None:
            system = None if match[4] is None else _inner(match[4])
            entities.append(
                Entity(match[2], match[1] is not None, _inner(match[3]), system, _inner(match[5]))
            )
            if len(entities) >= _ENTITIES:
                return tuple(entities), len(text), "more entities than anybody needs"
        else:
            match = _OTHER.match(text, position)
        if match is None:
            # Damaged or cut off: what looks like a declaration further on counts all the same.
            names: list[str] = _LOOSE.findall(text, position)[:_LOOSE_ENTITIES]
            entities += [Entity(name, False, "", None, "") for name in names]
            return tuple(entities), len(text), "a document type that cannot be read"
        position = match.end()
    return tuple(entities), position, "a document type that does not end"


def _inner(literal: str | None) -> str:
    return literal[1:-1] if literal else ""


def refused(found: Prolog, harmless: re.Pattern[str] | None = None) -> Iterator[Anomaly]:
    """What a document has that should have no document type at all. `harmless`: addresses of one that may be named."""
    span = Span(0, found.size)
    for entity in found.entities:
        yield Anomaly(Quirk.XML_ENTITY, entity.name, f"declares {_told(entity)}", span)
    if found.doctype and not found.entities:
        if harmless is not None and found.system and harmless.fullmatch(found.system) and not found.broken:
            return
        where = f" and takes it from {shorten(found.system)}" if found.system else ""
        yield Anomaly(
            Quirk.XML_ENTITY, "DOCTYPE", f"brings the document type {shorten(found.doctype)}{where}", span
        )


def attacks(found: Prolog) -> Iterator[Anomaly]:
    """What no document declares that means its reader well: entities that fetch files, and those that swell."""
    span = Span(0, found.size)
    for entity in found.entities:
        if entity.system is not None and _reaches_out(entity):
            yield Anomaly(Quirk.XML_ENTITY, entity.name, f"declares {_told(entity)}", span)
    size = _expanded(found.entities)
    if size > _BOMB and size > 10 * found.size:
        much = "without end" if size >= _ENDLESS else f"to {size:,} characters"
        yield Anomaly(Quirk.XML_ENTITY, "entities", f"declares entities that expand {much}", span)


_LOCAL = re.compile(r"file:|/|\\|[A-Za-z]:[\\/]|(?:\.\./)+(?:etc|proc|root|home|windows)\b", re.I)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_STANDARDS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:w3|oasis-open|docbook|ibiblio|openoffice|gnome|freedesktop|apple|sun|tei-c)\.(?:org|com)/"
)
"""Where documents fetch parts of published document types from."""


def _reaches_out(entity: Entity) -> bool:
    place = (entity.system or "").strip()
    if _LOCAL.match(place):
        return True
    return bool(_SCHEME.match(place)) and not _STANDARDS.match(place)


def _told(entity: Entity) -> str:
    kind = "parameter entity" if entity.parameter else "entity"
    where = f", to be read from {shorten(entity.system)}" if entity.system is not None else ""
    return f"the {kind} {shorten(entity.name)}{where}"


def _expanded(entities: tuple[Entity, ...]) -> int:
    """How many characters the largest entity becomes; `_ENDLESS` when it holds itself."""
    held = {entity.name: entity for entity in entities if entity.system is None and not entity.parameter}
    used = {name: _USED.findall(entity.value) for name, entity in held.items() if "&" in entity.value}
    sizes = {name: len(entity.value) for name, entity in held.items()}
    for _ in range(_ROUNDS):
        changed = False
        for name, names in used.items():
            total = min(_ENDLESS, len(held[name].value) + sum(sizes.get(one, 0) for one in names))
            changed |= total > sizes[name]
            sizes[name] = max(sizes[name], total)
        if not changed:
            return max(sizes.values(), default=0)
    return _ENDLESS
