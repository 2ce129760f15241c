"""GGUF, the format of llama.cpp and ollama: keys and values, descriptions of tensors, then the tensors' numbers.

An attacker puts a hostile chat template in it (CVE-2024-34359), or counts and offsets that overflow in readers written in C
(CVE-2024-21802, CVE-2024-23496, CVE-2025-53630), or hides another file behind or between the tensors.
Specification: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.

Checked: every count, length, type, dimension and offset of the header against the others and against the size of the file; chat
templates; the names that the model gives itself; secrets and URLs in its texts; what lies between and behind the tensors.

Not checked: the tensors' numbers (with `--weights` those that are not quantised are), the words of the vocabulary, and whether
the keys suit the architecture.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Name, Property, Quirk, Shortfall
from modelwarden.domain.preview import shorten

if TYPE_CHECKING:
    from modelwarden.parsing.gguf import Gguf, Tensor, Value

_MAGIC = b"GGUF"
_TEMPLATES = "chat_template"
_NAMES = (
    "general.name",
    "general.basename",
    "general.finetune",
    "general.repo_url",
    "general.base_model.",
    "general.source.",
)
"""How keys begin by which a model calls itself or those it comes from."""
_NO_NAMES = (".count", ".version", ".description", ".doi", ".organization", ".author")
_LICENCE = "general.license"
_LONGEST_NAME = 500
_VOCABULARY = "tokenizer."
_SHORTEST_TEXT = 16
_TEMPLATE_BYTES = 1 << 19
"""Templates of one file that are read, in all; each counts as `_EACH` more."""
_EACH = 200
_FLOATS = {0: "<f4", 1: "<f2", 28: "<f8", 30: "bf16"}
"""Types that are not quantised. Source: enum ggml_type in `ggml.h`."""
_ALIGNMENT = 32
_IMPOSSIBLE = 1 << 40
"""A length that no damage to a real file explains, in bytes."""


def _recognise(head: Head) -> bool:
    if not head.start.startswith(_MAGIC) or head.size < 8:
        return False
    version = head.start[4:8]
    return int.from_bytes(version, "big" if version[:2] == b"\0\0" else "little") <= 0xFFFF


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.gguf import properties  # few ask

        yield from properties(source, scope.budget.limits.values, scope.budget.limits.members)
    # Its parser is needed for these files alone.
    from modelwarden.parsing.cursor import PastEnd
    from modelwarden.parsing.gguf import VERSIONS, Broken, Gguf

    header = Gguf(source, scope.budget.limits.values, scope.budget.limits.members)
    if source.read(0, 4) != _MAGIC or header.version not in VERSIONS:
        yield Gap(Shortfall.UNSUPPORTED, f"version {header.version} of GGUF is not known here", Span(4, 4))
        return
    try:
        yield from _contents(header, source, scope)
    except Broken as error:
        place = Span(error.offset)
        if error.deliberate:
            yield Anomaly(Quirk.OUT_OF_BOUNDS, "its header", str(error), place)
        yield Gap(Shortfall.MALFORMED, f"the header cannot be read: {error}", place)
    except PastEnd as error:
        place = Span(error.offset)
        if error.needed >= _IMPOSSIBLE:
            yield Anomaly(Quirk.OUT_OF_BOUNDS, "its header", str(error), place)
        yield Gap(Shortfall.MALFORMED, f"the header ends early: {error}", place)


def _contents(header: "Gguf", source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.gguf import STRING, UINT32
    from modelwarden.parsing.gguf_layout import layout

    alignment = _ALIGNMENT
    keys: set[str] = set()
    left = _TEMPLATE_BYTES
    for value in header.values():
        span = Span(value.offset, value.end - value.offset)
        if value.key in keys:
            yield Anomaly(Quirk.HEADER_DISAGREEMENT, value.key, "the header has this key twice", span)
        keys.add(value.key)
        if value.key == "general.alignment":
            alignment = header.number_of(value) if value.kind == UINT32 else 0
            if alignment == 0 or alignment & (alignment - 1):
                yield Anomaly(Quirk.OUT_OF_BOUNDS, value.key, "it is no power of two in 32 bits", span)
                alignment = _ALIGNMENT
        if value.key == _LICENCE and value.kind == STRING:
            text, place, length = next(header.texts_of(value, _LONGEST_NAME))
            yield Property("licence", text, Span(place, length))
        if value.kind == STRING and (_TEMPLATES in value.key or not value.key.startswith(_VOCABULARY)):
            yield from _texts(source, value)
        if _TEMPLATES in value.key:
            left = yield from _templates(header, value, left)
        elif value.kind == STRING and value.key.startswith(_NAMES) and not value.key.endswith(_NO_NAMES):
            text, place, length = next(header.texts_of(value, _LONGEST_NAME))
            yield Name(text, value.key, Span(place, length))
    tensors: list[Tensor] = []
    names: set[str] = set()
    for tensor in header.tensors():
        if tensor.name in names:
            span = Span(tensor.offset, tensor.end - tensor.offset)
            yield Anomaly(Quirk.HEADER_DISAGREEMENT, tensor.name, "the header has this tensor twice", span)
        names.add(tensor.name)
        tensors.append(tensor)
    yield from layout(source, tensors, header.position, alignment, scope)
    if scope.weights:
        yield from _weights(source, tensors, -(-header.position // alignment) * alignment)


def _weights(source: ByteSource, tensors: "list[Tensor]", start: int) -> Iterator[Fact]:
    from modelwarden.parsing.weights import numbers  # it imports numpy, and few ask

    for tensor in tensors:
        dtype = _FLOATS.get(tensor.kind)
        if dtype is not None and tensor.begin < source.size:
            shape = tuple(reversed(tensor.dimensions))
            yield from numbers(source, tensor.name, dtype, shape, start + tensor.begin)


def _texts(source: ByteSource, value: "Value") -> Iterator[Fact]:
    """Secrets and addresses in a text of the header."""
    length = value.end - value.start
    if length > _SHORTEST_TEXT:
        from modelwarden.parsing.texts import texts_of

        span = Span(value.start, length)
        data = source.read(value.start, min(length, _TEMPLATE_BYTES))
        yield from texts_of(data, shorten(value.key), span, code=_TEMPLATES in value.key)


def _templates(header: "Gguf", value: "Value", left: int) -> Generator[Fact, None, int]:
    """The templates that a key holds; of all templates `left` bytes may be read, and what is left then is returned."""
    from modelwarden.parsing.jinja import LONGEST, looks_like_a_template, template

    for index, (text, place, length) in enumerate(header.texts_of(value, _TEMPLATE_BYTES)):
        if left < 0:
            break
        if not looks_like_a_template(text):
            continue
        holder = f"{value.key}[{index}]" if index else value.key
        span = Span(place, length)
        left -= length + _EACH
        if left < 0:
            yield Gap(
                Shortfall.LIMIT,
                f"templates of more than {_TEMPLATE_BYTES:,} bytes: the rest of them was not read",
                span,
            )
            break
        found = template(text, holder, span)
        yield found
        if length > LONGEST:
            yield Gap(
                Shortfall.LIMIT,
                f"{shorten(holder)} is a template of {length:,} bytes: only its beginning was read",
                span,
            )
        elif not found.parsed:
            yield Gap(Shortfall.MALFORMED, f"{shorten(holder)} is no Jinja that is understood", span)
    return left


FORMAT = Format(
    name="gguf",
    title="GGUF",
    suffixes=(".gguf",),
    recognise=_recognise,
    observe=_observe,
)
