"""The start tags of an XML document, one after the other, with what encloses them.

For documents without a document type (`xml_prolog` says): so there are no entities to expand. Nothing is fetched.
"""

from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from modelwarden.domain.format import ByteSource

_BLOCK = 1 << 16
_DEPTH = 1_000


class Element(NamedTuple):
    """A start tag. `offset` in bytes; `inside`: names of the elements around it, the root first."""

    name: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    offset: int


class Unreadable(Exception):
    """The document cannot be read on; `str()` says why. `long`: only because it is too large or too deep."""

    def __init__(self, reason: str, *, long: bool = False) -> None:
        super().__init__(reason)
        self.long = long


def elements(source: ByteSource, most: int) -> Iterator[Element]:
    """Every start tag in the first `most` bytes. Raises Unreadable, after what stands before the break."""
    parser = expat.ParserCreate()
    found: list[Element] = []
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(path) >= _DEPTH:
            raise Unreadable(
                f"elements are nested more than {_DEPTH:,} deep: what is deeper was not read", long=True
            )
        found.append(Element(name, attributes, tuple(path), parser.CurrentByteIndex))
        path.append(name)

    def end(name: str) -> None:
        path.pop()

    def document_type(name: str, system: str | None, public: str | None, subset: bool) -> None:
        raise Unreadable("it has a document type")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = document_type
    offset = 0
    while True:
        block = source.read(offset, _BLOCK)
        offset += len(block)
        try:
            parser.Parse(block, not block)
        except expat.ExpatError as error:
            yield from found
            raise Unreadable(f"{expat.ErrorString(error.code)} in line {error.lineno}") from error
        except (
            LookupError,
            ValueError,
        ) as error:  # what Python says of encodings that it, or expat, does not know
            raise Unreadable("its encoding is not known") from error
        except Unreadable:
            yield from found
            raise
        yield from found
        found.clear()
        if not block:
            return
        if offset > most:
            raise Unreadable(f"only the first {offset:,} of {source.size:,} bytes were read", long=True)
