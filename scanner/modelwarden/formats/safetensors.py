"""Safetensors: the length of a JSON header, the header, then the tensors' numbers without a gap.

It runs no code by design. An attacker can only hide something behind or between the tensors, or write a header that two readers
understand differently. Specification: https://huggingface.co/docs/safetensors; reference reader: `safetensors/src/tensor.rs`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from modelwarden.domain.format import ByteSource, Child, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.source.slice import SliceSource

_LENGTH_BYTES = 8
_SPECIFIED_CEILING = 100_000_000
"""The reference reader refuses a longer header."""
_CEILING = 16 << 20
"""We parse no longer one: JSON grows about twentyfold in memory. 150,000 tensors fit."""
_BEGINNING = re.compile(rb'\{\s*["}]')
_METADATA = "__metadata__"

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
    length = int.from_bytes(source.read(0, _LENGTH_BYTES), "little")
    span = Span(0, _LENGTH_BYTES + length)
    if length > _CEILING:
        yield Gap(Shortfall.LIMIT, f"a header of {length} bytes is too long to be read", span)
        return
    tensors: list[_Tensor] = []
    try:
        header = _parse(source.read(_LENGTH_BYTES, length))
        yield from _duplicate_keys(header, span)
        for name, value in header.items:
            if name == _METADATA:
                yield from _metadata(value, span)
                continue
            tensor, fact = _tensor(name, value, span)
            tensors.append(tensor)
            if fact is not None:
                yield fact
    except _Malformed as error:
        yield Gap(Shortfall.MALFORMED, f"the header cannot be understood: {error}", span)
        return
    yield from _layout(source, tensors, span.length, scope)


def _parse(text: bytes) -> _Pairs:
    """Raises `_Malformed`."""
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


def _tensor(name: str, value: object, span: Span) -> tuple[_Tensor, Fact | None]:
    """Raises `_Malformed`."""
    if not isinstance(value, _Pairs):
        raise _Malformed(f"{name!r} is no object")
    fields = dict(value.items)
    fact: Fact | None = next(_duplicate_keys(value, span), None)
    if isinstance(fact, Anomaly):
        fact = Anomaly(fact.quirk, name, f"{fact.subject}: {fact.detail}", span)
    dtype, shape, offsets = (fields.get(key) for key in ("dtype", "shape", "data_offsets"))
    if not isinstance(dtype, str) or not _are_sizes(shape) or not _are_sizes(offsets) or len(offsets) != 2:
        raise _Malformed(f"{name!r} lacks a dtype, a shape or two data_offsets")
    tensor = _Tensor(name, offsets[0], offsets[1])
    bits = _BITS.get(dtype)
    if bits is None:
        return tensor, fact or Gap(Shortfall.UNSUPPORTED, f"{name!r} has the unknown dtype {dtype!r}", span)
    for size in shape:
        bits = min(bits * size, 1 << 70)
    if bits != 8 * (tensor.end - tensor.begin):
        detail = f"{name!r} takes {tensor.end - tensor.begin} bytes, its dtype and shape say otherwise"
        return tensor, fact or Gap(Shortfall.MALFORMED, detail, span)
    return tensor, fact


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
