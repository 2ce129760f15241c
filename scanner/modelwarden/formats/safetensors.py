"""Safetensors: the length of a JSON header, the header, then the tensors' numbers without a gap.

It runs no code by design. An attacker can only hide something behind or between the tensors, or write a header that two readers
understand differently. Specification: https://huggingface.co/docs/safetensors; reference reader: `safetensors/src/tensor.rs`.

Checked: The header as JSON, keys that occur twice, data types and shapes against the bytes they take, overlaps, holes and what
stands behind the last tensor; offsets that lead out of the file; templates, secrets, URLs and the model's names in the metadata.

Not checked: The numbers, unless `--weights` asks for it; other text of the metadata.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Name, Property, Quirk, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.source.slice import SliceSource

_LENGTH_BYTES = 8
_SPECIFIED_CEILING = 100_000_000
"""The reference reader refuses a longer header."""
_BEGINNING = re.compile(rb'\{\s*["}]')
_METADATA = "__metadata__"
_NAMES = frozenset(("modelspec.title", "ss_output_name", "ss_sd_model_name", "base_model", "model_name"))
"""Keys of the metadata by which trainers call a model or the one it comes from."""
_LICENCES = frozenset(("license", "licence", "modelspec.license"))
_TEMPLATE_CHARACTERS = 1 << 19
"""Templates of one file that are read, in all; each counts as `_EACH` more."""
_EACH = 200
_SHORTEST_SECRET = 20
_LARGEST = 1 << 63
"""Bits of a tensor that no machine can hold; the reference reader checks the product for overflow."""

_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E5M2FNUZ": 8, "F8_E4M3FNUZ": 8,
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
    "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32,
    "F64": 64, "I64": 64, "U64": 64, "C64": 64,
}  # fmt: skip


class _Malformed(Exception):
    """The header cannot be understood; `str()` says why."""


@dataclass(frozen=True, slots=True)
class _Tensor:
    """Where the numbers of a tensor are, in bytes after the header."""

    name: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pairs:
    """A JSON object as written, duplicate keys included."""

    items: list[tuple[str, Any]]


def _recognise(head: Head) -> bool:
    length = int.from_bytes(head.start[:_LENGTH_BYTES], "little")
    return (
        2 <= length <= min(_SPECIFIED_CEILING, head.size - _LENGTH_BYTES)
        and _BEGINNING.match(head.start, _LENGTH_BYTES) is not None
    )


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if scope.describe:
        from modelwarden.parsing.headers.safetensors import properties  # few ask

        yield from properties(source, scope.budget.limits.text_bytes)
    length = int.from_bytes(source.read(0, _LENGTH_BYTES), "little")
    span = Span(0, _LENGTH_BYTES + length)
    if length > scope.budget.limits.text_bytes:  # JSON grows about twentyfold in memory
        yield Gap(Shortfall.LIMIT, f"a header of {length:,} bytes is too long: none of it was read", span)
        return
    tensors: list[_Tensor] = []
    try:
        header = _parse(source.read(_LENGTH_BYTES, length))
        yield from _duplicate_keys(header, span)
        for name, value in header.items:
            if name == _METADATA:
                yield from _metadata(value, span)
                continue
            tensor, facts = _tensor(name, value, span)
            tensors.append(tensor)
            yield from facts
    except _Malformed as error:
        yield Gap(Shortfall.MALFORMED, f"the header cannot be understood: {error}", span)
        return
    yield from _layout(source, tensors, span.length, scope)
    if scope.weights:
        yield from _weights(source, header, span.length)


def _weights(source: ByteSource, header: _Pairs, start: int) -> Iterator[Fact]:
    """What the numbers are like; of a sound header."""
    from modelwarden.parsing.weights import DTYPES, numbers  # it imports numpy, and few ask

    for name, value in header.items:
        fields = dict(value.items) if isinstance(value, _Pairs) and name != _METADATA else {}
        dtype, shape, offsets = (fields.get(key) for key in ("dtype", "shape", "data_offsets"))
        if isinstance(dtype, str) and dtype in DTYPES and _are_sizes(shape) and _are_sizes(offsets):
            yield from numbers(source, name, DTYPES[dtype], tuple(shape), start + offsets[0])


def _parse(text: bytes) -> _Pairs:
    """Raises `_Malformed`."""
    import json  # only the files that need it pay for it

    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_Pairs)
    except RecursionError as error:
        raise _Malformed("nested too deeply") from error
    except ValueError as error:
        raise _Malformed(str(error)) from error
    if not isinstance(header, _Pairs):
        raise _Malformed("it is no JSON object")
    return header


def _duplicate_keys(pairs: _Pairs, span: Span) -> Iterator[Anomaly]:
    seen: set[str] = set()
    told: set[str] = set()
    for key, _ in pairs.items:
        if key in seen and key not in told:
            told.add(key)
            detail = "the header has this key twice; readers take the first or the last"
            yield Anomaly(Quirk.HEADER_DISAGREEMENT, key, detail, span)
        seen.add(key)


def _metadata(value: object, span: Span) -> Iterator[Fact]:
    if not isinstance(value, _Pairs):
        raise _Malformed(f"{_METADATA} is no object")
    yield from _duplicate_keys(value, span)
    wrong = next((key for key, text in value.items if not isinstance(text, str)), None)
    if wrong is not None:
        yield Gap(Shortfall.MALFORMED, f"{_METADATA} holds no text for {wrong!r}", span)
    left = _TEMPLATE_CHARACTERS
    for key, text in value.items:
        if isinstance(text, str) and ("://" in text or len(text) >= _SHORTEST_SECRET):
            from modelwarden.parsing.texts import texts_of  # many files have no metadata to speak of

            code = "template" in key.lower()
            yield from texts_of(
                text.encode("utf-8", "replace"), f"{_METADATA}.{shorten(key)}", span, code=code
            )
        if isinstance(text, str) and "template" in key.lower() and "{" in text:
            from modelwarden.parsing.jinja import template  # hardly any file has one

            left -= len(text) + _EACH
            if left < 0:
                yield Gap(
                    Shortfall.LIMIT,
                    f"templates of more than {_TEMPLATE_CHARACTERS:,} characters: the rest of them was not read",
                    span,
                )
                return
            yield template(text, f"{_METADATA}.{shorten(key)}", span)
        elif isinstance(text, str) and key.lower() in _LICENCES:
            yield Property("licence", shorten(text), span)
        elif isinstance(text, str) and key in _NAMES:
            yield Name(text, f"{_METADATA}.{key}", span)


def _tensor(name: str, value: object, span: Span) -> tuple[_Tensor, list[Fact]]:
    """What the header says of a tensor, and what is wrong with that. Raises `_Malformed`."""
    if not isinstance(value, _Pairs):
        raise _Malformed(f"{name!r} is no object")
    fields = dict(value.items)
    dtype, shape, offsets = (fields.get(key) for key in ("dtype", "shape", "data_offsets"))
    if not isinstance(dtype, str) or not _are_sizes(shape) or not _are_sizes(offsets) or len(offsets) != 2:
        raise _Malformed(f"{name!r} lacks a dtype, a shape or two data_offsets")
    tensor = _Tensor(name, offsets[0], offsets[1])
    for twice in _duplicate_keys(value, span):
        return tensor, [Anomaly(twice.quirk, name, f"{twice.subject}: {twice.detail}", span)]
    return tensor, list(_size(tensor, dtype, shape, span))


def _size(tensor: _Tensor, dtype: str, shape: list[int], span: Span) -> Iterator[Fact]:
    """What does not fit between the type, the shape and the place of a tensor."""
    if tensor.end < tensor.begin:
        yield Anomaly(Quirk.OUT_OF_BOUNDS, tensor.name, "it ends before it begins", span)
    bits = _BITS.get(dtype)
    if bits is None:
        yield Gap(Shortfall.UNSUPPORTED, f"{tensor.name!r} has the unknown dtype {dtype!r}", span)
        return
    for size in shape:
        bits = min(bits * size, 1 << 70)
    if bits >= _LARGEST:
        yield Anomaly(Quirk.OUT_OF_BOUNDS, tensor.name, "the product of its sizes overflows", span)
    if bits != 8 * (tensor.end - tensor.begin):
        taken = tensor.end - tensor.begin
        detail = f"{tensor.name!r} takes {taken} bytes, its dtype and shape say otherwise"
        yield Gap(Shortfall.MALFORMED, detail, span)


def _are_sizes(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(size) is int and size >= 0 for size in value)


def _layout(source: ByteSource, tensors: list[_Tensor], start: int, scope: Scope) -> Iterator[Fact]:
    """How the tensors lie in the bytes from `start`: they must fill them in one piece. Raises LimitReached."""
    overlapping: list[_Tensor] = []
    holes: list[tuple[int, int]] = []
    position = 0
    for tensor in sorted(tensors, key=_begin):
        if tensor.end <= tensor.begin:
            continue
        if tensor.begin < position:
            overlapping.append(tensor)
        elif tensor.begin > position:
            if start + tensor.begin > source.size:
                detail = "it begins past the end of the file, where no tensor before it leads"
                yield Anomaly(Quirk.OUT_OF_BOUNDS, tensor.name, detail, Span(0, start))
            holes.append((position, tensor.begin))
        position = max(position, tensor.end)
    if overlapping:
        detail = f"shares bytes with another tensor, as do {len(overlapping) - 1} more"
        yield Anomaly(
            Quirk.HEADER_DISAGREEMENT, overlapping[0].name, detail, Span(start + overlapping[0].begin)
        )
    if start + position > source.size:
        detail = f"the tensors take {position} bytes, {source.size - start} are there"
        yield Gap(Shortfall.MALFORMED, detail, Span(start, source.size - start))
        return
    if holes:
        begin, end = holes[0]
        detail = f"{end - begin} bytes belong to no tensor, and {len(holes) - 1} more such holes"
        yield Anomaly(Quirk.HEADER_DISAGREEMENT, "data_offsets", detail, Span(start + begin, end - begin))
    rest = source.size - start - position
    if rest:
        detail = f"{rest} bytes follow the last tensor"
        yield Anomaly(Quirk.POLYGLOT, "end", detail, Span(start + position, rest))
        holes.append((position, position + rest))
    for begin, end in holes:
        scope.budget.spend_members()
        yield Child(f"+{start + begin}", SliceSource(source, start + begin, end - begin))


def _begin(tensor: _Tensor) -> int:
    return tensor.begin


FORMAT = Format(
    name="safetensors",
    title="safetensors",
    suffixes=(".safetensors",),
    recognise=_recognise,
    observe=_observe,
)
