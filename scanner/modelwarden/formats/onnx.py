"""ONNX: a graph of operators and the numbers they work with, as one protobuf message (`ModelProto`).

Specification: <https://github.com/onnx/onnx/blob/main/docs/IR.md>, `onnx/onnx.proto`, `docs/ExternalData.md`. A tensor may say
that its numbers stand in another file: a path that an attacker chooses, and several loaders followed it anywhere
(CVE-2022-25882, CVE-2024-27318, CVE-2026-27489). Older versions of onnx also set whatever else a tensor says there as an
attribute of an object (CVE-2026-34445), and onnxruntime has a path that means an address in its own memory. Operators of other
domains run code that is registered with the loader, some of it Python.

Checked: every node of the graph, of subgraphs, functions and training graphs, by domain and operator; every tensor whose numbers
are elsewhere, wherever a tensor can stand (initialisers, sparse ones, attributes), and the compiled models that EPContext nodes
name; secrets and URLs in the model's metadata; what lies in fields that ONNX does not know.

Not checked: the numbers themselves, and whether shapes and types fit; ONNX written as text or JSON.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Operator, Quirk, Reference, Role, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.source.slice import SliceSource

if TYPE_CHECKING:
    from modelwarden.parsing.onnx.walk import External, Node

_BEGINNINGS = frozenset(b"\x08\x12\x1a\x22\x28\x32\x3a\x42\x72\xa2\xca\xd2")
"""How a field of a model begins: its tag, or the first byte of it."""
_SUFFIX = ".onnx"
_KEYS = frozenset({"location", "offset", "length", "checksum", "basepath"})
_NUMBERS = frozenset({"offset", "length"})
_NUMBER = r"[0-9]{1,19}"
_MEMORY = r"\*/_ORT_\w*MEM_ADDR_/\*"
"""`onnxruntime/core/framework/tensorprotoutils.h`: the offset is then an address in memory."""
_CONTEXT_BYTES = 64


def _recognise(head: Head) -> bool:
    if not head.start or (head.start[0] not in _BEGINNINGS and head.suffix != _SUFFIX):
        return False
    # Only a file that begins like a model is looked at further.
    from modelwarden.parsing.onnx.beginning import begins_like_a_model

    return begins_like_a_model(head.source, named=head.suffix == _SUFFIX)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.onnx import properties  # few ask

        yield from properties(source)
    from modelwarden.parsing.headers.onnx import licences
    from modelwarden.parsing.onnx.notes import notes
    from modelwarden.parsing.onnx.schema import MODEL_FIELDS
    from modelwarden.parsing.onnx.walk import Broken, External, Node, Unknown, walk
    from modelwarden.parsing.protobuf import Wire

    seen: set[tuple[str, str]] = set()
    broken: Gap | None = None
    # A graph of 100,000 nodes has about a million and a half fields.
    for found in walk(Wire(source, scope.budget.limits.values * 5 // 2), MODEL_FIELDS):
        match found:
            case Node():
                domain = found.domain or "ai.onnx"
                span = Span(found.offset, found.size)
                if (domain, found.operator) not in seen:
                    seen.add((domain, found.operator))
                    yield Operator(domain, found.operator, _holder("node", found.name), span)
                if found.context is not None:
                    yield from _compiled(found, source, scope)
            case External():
                yield from _elsewhere(found, seen)
            case Unknown(number, offset, size):
                scope.budget.spend_members()
                yield Child(f"field {number} +{offset}", SliceSource(source, offset, size))
            case Broken(kind, reason, offset):
                broken = broken or Gap(
                    Shortfall.MALFORMED, f"a {kind.value} is broken: {reason}", Span(offset)
                )
    if broken is not None:
        yield broken
    yield from licences(source)
    yield from notes(source)


def _elsewhere(tensor: "External", seen: set[tuple[str, str]]) -> Iterator[Fact]:
    """What a tensor says about where its numbers are. `seen` takes the locations."""
    span = Span(tensor.offset, tensor.size)
    holder = _holder("tensor", tensor.name)
    located = False
    for key, value in tensor.entries:
        if key == "location" and value:
            located = True
            if re.fullmatch(_MEMORY, value):
                detail = "takes its numbers from an address in the loader's own memory"
                yield Anomaly(Quirk.OUT_OF_BOUNDS, holder, detail, span)
            elif ("", value) not in seen:
                seen.add(("", value))
                yield Reference(Role.TENSORS, value, holder, span)
        elif key in _NUMBERS and not re.fullmatch(_NUMBER, value):
            detail = f"takes its numbers from another file, at an {key} that is none: {shorten(value)}"
            yield Anomaly(Quirk.OUT_OF_BOUNDS, holder, detail.replace("an length", "a length"), span)
        elif key.startswith("_") and key not in _KEYS:
            detail = f"its external data has the key {shorten(key)}, which older versions of onnx set as an attribute"
            yield Anomaly(Quirk.HEADER_DISAGREEMENT, holder, detail, span)
    if not located:
        yield Gap(Shortfall.MALFORMED, f"{holder} has its numbers elsewhere, but does not say where", span)


def _compiled(node: "Node", source: ByteSource, scope: Scope) -> Iterator[Fact]:
    """The compiled model of an EPContext node: in another file, or here."""
    context = node.context
    if context is None:
        return
    if node.embedded:
        scope.budget.spend_members()
        yield Child(f"ep_cache_context +{context.start}", SliceSource(source, context.start, context.size))
        return
    location = source.read(context.start, min(context.size, 64 << 10)).decode("utf-8", "replace")
    if location:
        yield Reference(Role.TENSORS, location, _holder("node", node.name), Span(context.start, context.size))


def _holder(what: str, name: str) -> str:
    return f"{what} {shorten(name)}" if name else f"a {what}"


FORMAT = Format(
    name="onnx",
    title="ONNX model",
    suffixes=(_SUFFIX,),
    recognise=_recognise,
    observe=_observe,
    ambiguous_suffixes=(".bin", ".model"),
)
