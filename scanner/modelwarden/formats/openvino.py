"""OpenVINO's intermediate representation: a graph as an XML document (root `net`); its numbers stand in a `.bin` beside it.

Specification: <https://docs.openvino.ai/latest/documentation/openvino-ir-format.html>. Layers of opsets compute. Layers of
`extension` or another set run code of a library that the loader has been given; a document that names such a library itself, or a
Python layer of old converters, asks for it to be loaded. Around it is XML: entities attack the parser.

Checked: The document type: there should be none; layers that belong to no opset; attributes that name a native library.

Not checked: The numbers in the `.bin`, and whether it is there; what shapes and offsets say.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Operator, Reference, Role, Shortfall
from modelwarden.domain.preview import shorten

if TYPE_CHECKING:
    from modelwarden.parsing.xml_elements import Element

_ROOT = "net"
_LAYERS = rb"l\0?a\0?y\0?e\0?r|v\0?e\0?r\0?s\0?i\0?o\0?n\0?\s*=\0?\s*[\"']\0?1?\d"
_SETS = r"opset\d+|util|experimental|type_relaxed_opset|ie_internal_opset|gpu_opset|SnippetsOpset|"
"""What OpenVINO brings (`src/core/include/openvino/opsets`, plug-ins' own); before version 10 a layer named none."""
_PYTHON = frozenset({"Python", "PythonLayer", "PyOp"})
_LIBRARY = r"(?is)\S.*\.(?:so(?:\.\d+)*|dll|dylib)"
_NAMING = r"(?i)lib|plugin|extension|module|custom|path|file|location|value|source"
_RECORDS = frozenset({"cli_parameters", "conversion_parameters", "rt_info"})
"""The converter writes down here what it was called with; nobody loads that again."""


def _recognise(head: Head) -> bool:
    if head.start[:1] not in (b"<", b"\0", b"\xef", b"\xff", b"\xfe", b" ", b"\t", b"\r", b"\n"):
        return False
    from modelwarden.parsing.xml_prolog import prolog, starts_like_xml  # only documents need it

    if not starts_like_xml(head.start):
        return False
    found = prolog(head.source)
    if found.root == _ROOT:
        return re.search(_LAYERS, head.source.read(0, 4 * found.size + 8192)) is not None or bool(
            found.doctype
        )
    return found.doctype == _ROOT


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.xml_elements import Unreadable, elements
    from modelwarden.parsing.xml_prolog import prolog, refused

    found = prolog(source)
    yield from refused(found)
    if found.doctype:
        return
    layer = ""
    seen: set[tuple[str, str]] = set()
    try:
        for element in elements(source, scope.budget.limits.searched_bytes):
            if element.name == "layer" and element.inside[-1:] == ("layers",):
                layer = element.attributes.get("name", "")
                yield from _operator(element, seen)
            if _RECORDS.isdisjoint(element.inside):
                yield from _libraries(element, layer, seen)
    except Unreadable as error:
        shortfall = Shortfall.LIMIT if error.long else Shortfall.MALFORMED
        detail = str(error) if error.long else f"the document cannot be read: {error}"
        yield Gap(shortfall, detail, Span(0, source.size))


def _operator(element: "Element", seen: set[tuple[str, str]]) -> Iterator[Fact]:
    """A layer that runs something which OpenVINO does not bring."""
    kind, version = element.attributes.get("type", ""), element.attributes.get("version", "")
    if re.fullmatch(_SETS, version) and kind not in _PYTHON:
        return
    domain = "openvino" if kind in _PYTHON else version
    if (domain, kind) not in seen:
        seen.add((domain, kind))
        yield Operator(
            domain, kind, f"layer {shorten(element.attributes.get('name', ''))}", Span(element.offset)
        )


def _libraries(element: "Element", layer: str, seen: set[tuple[str, str]]) -> Iterator[Fact]:
    """Attributes whose value is a native library, where their name, or that of the element, speaks of one."""
    for key, value in element.attributes.items():
        if not re.fullmatch(_LIBRARY, value) or ("", value) in seen:
            continue
        if re.search(_NAMING, key) or re.search(_NAMING, element.name):
            seen.add(("", value))
            holder = (
                f"layer {shorten(layer)}"
                if layer and "layer" in (*element.inside, element.name)
                else element.name
            )
            yield Reference(Role.LIBRARY, value, shorten(holder), Span(element.offset))


FORMAT = Format(
    name="openvino",
    title="OpenVINO IR",
    suffixes=(),
    recognise=_recognise,
    observe=_observe,
    ambiguous_suffixes=(".xml",),
    refines=("xml",),
)
