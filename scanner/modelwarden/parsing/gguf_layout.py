"""How the tensors of a GGUF file lie: one behind the other, each at a multiple of the alignment, to the end.

What stands where no tensor is, or where a tensor leads out of the file, is stated; files that were cut off are told apart from
files that lie: in the former every tensor begins where the one before it ends. Source: `gguf_init_from_file_impl` in `gguf.cpp`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from modelwarden.domain.format import ByteSource, Child, Fact, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.parsing.ggml_types import LARGEST, SIZES, size_of
from modelwarden.parsing.gguf import Tensor
from modelwarden.source.slice import SliceSource

_PADDING = 64
"""Fewer bytes than this between tensors are padding, whatever they hold."""
_PADDED_FILE = 64 << 10
"""That many zeros behind the last tensor are still padding."""


class _Piece(NamedTuple):
    """Where a tensor's numbers begin and end in the file."""

    begin: int
    end: int
    tensor: Tensor


def layout(
    source: ByteSource, tensors: Sequence[Tensor], header_end: int, alignment: int, scope: Scope
) -> Iterator[Fact]:
    """What is wrong with the places of the tensors, and what stands between and behind them. Raises LimitReached."""
    start = _aligned(header_end, alignment)
    pieces: list[_Piece] = []
    for tensor in tensors:
        size = _size(tensor)
        if not isinstance(size, int):
            yield size
            continue
        if tensor.begin % alignment:
            detail = f"it begins at {tensor.begin:,}, which is no multiple of {alignment}"
            yield Anomaly(Quirk.OUT_OF_BOUNDS, tensor.name, detail, _span(tensor))
        begin = start + tensor.begin
        pieces.append(_Piece(begin, begin + size, tensor))
    if len(pieces) == len(tensors):
        pieces.sort(key=_place)
        yield from _between(source, pieces, header_end, alignment, scope)


def _between(
    source: ByteSource, pieces: Sequence[_Piece], header_end: int, alignment: int, scope: Scope
) -> Iterator[Fact]:
    holes: list[tuple[int, int]] = []
    end, shared = header_end, False
    for piece in pieces:
        if piece.begin < end and piece.end > piece.begin:
            if not shared:
                yield Anomaly(
                    Quirk.HEADER_DISAGREEMENT,
                    piece.tensor.name,
                    "it shares bytes with another tensor",
                    _span(piece.tensor),
                )
            shared = True
        elif piece.begin > source.size and piece.begin > _aligned(end, alignment):
            detail = (
                f"it begins {piece.begin - source.size:,} bytes past the end, where no tensor before it leads"
            )
            yield Anomaly(Quirk.OUT_OF_BOUNDS, piece.tensor.name, detail, _span(piece.tensor))
            return
        elif piece.begin > end:
            holes.append((end, piece.begin))
        end = max(end, piece.end)
    if end > source.size:
        yield from _beyond(source, pieces, end, shared=shared)
        return
    for begin, stop in holes:
        yield from _hole(source, begin, stop, alignment, scope)
    yield from _tail(source, end, alignment, scope)


def _beyond(source: ByteSource, pieces: Sequence[_Piece], end: int, *, shared: bool) -> Iterator[Fact]:
    """The tensors go on behind the end: cut off, or a size that lies."""
    if shared:
        tensor = max(pieces, key=_end).tensor
        detail = f"it ends {end - source.size:,} bytes past the end, and another tensor begins before that"
        yield Anomaly(Quirk.OUT_OF_BOUNDS, tensor.name, detail, _span(tensor))
    detail = (
        f"the tensors end at {end:,}, the file at {source.size:,}: it was cut off, or its header is wrong"
    )
    yield Gap(Shortfall.MALFORMED, detail, Span(source.size))


def _hole(source: ByteSource, begin: int, stop: int, alignment: int, scope: Scope) -> Iterator[Fact]:
    """Bytes between two tensors, when they are more than padding."""
    begin = _behind_padding(source, begin, stop, alignment)
    length = stop - begin
    if length < _PADDING or (length < alignment and not any(source.read(begin, min(length, _PADDED_FILE)))):
        return
    detail = f"{length:,} bytes belong to no tensor"
    yield Anomaly(Quirk.HEADER_DISAGREEMENT, f"+{begin}", detail, Span(begin, length))
    scope.budget.spend_members()
    yield Child(f"+{begin}", SliceSource(source, begin, length))


def _tail(source: ByteSource, end: int, alignment: int, scope: Scope) -> Iterator[Fact]:
    begin = _behind_padding(source, end, source.size, alignment)
    rest = source.size - begin
    if rest <= 0 or (rest <= _PADDED_FILE and not any(source.read(begin, rest))):
        return
    yield Anomaly(Quirk.TRAILING_DATA, "end", f"{rest:,} bytes follow the last tensor", Span(begin, rest))
    scope.budget.spend_members()
    yield Child(f"+{begin}", SliceSource(source, begin, rest))


def _behind_padding(source: ByteSource, begin: int, stop: int, alignment: int) -> int:
    """The next multiple of the alignment when only zeros stand before it, else `begin`."""
    following = min(_aligned(begin, alignment), stop)
    length = following - begin
    return begin if length > _PADDED_FILE or any(source.read(begin, length)) else following


def _size(tensor: Tensor) -> int | Fact:
    """How many bytes the tensor takes, or what is impossible or unknown about that."""
    if tensor.kind not in SIZES:
        detail = f"tensor {shorten(tensor.name)} has the unknown type {tensor.kind}"
        return Gap(Shortfall.UNSUPPORTED, detail, _span(tensor))
    size = size_of(tensor.kind, tensor.dimensions)
    if isinstance(size, int):
        if size + tensor.begin < LARGEST:
            return size
        size = f"{' x '.join(map(str, tensor.dimensions))} values at {tensor.begin:,} overflow 63 bits"
    return Anomaly(Quirk.OUT_OF_BOUNDS, tensor.name, size, _span(tensor))


def _aligned(place: int, alignment: int) -> int:
    return -(-place // alignment) * alignment


def _place(piece: _Piece) -> tuple[int, int]:
    return piece[:2]


def _end(piece: _Piece) -> int:
    return piece.end


def _span(tensor: Tensor) -> Span:
    return Span(tensor.offset, tensor.end - tensor.offset)
