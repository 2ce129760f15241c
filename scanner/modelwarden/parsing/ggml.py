"""The formats of llama.cpp and its relatives before GGUF: GGML, GGMF, GGJT 1 to 3, and the adapters GGLA.

Upstream: `llama.cpp` up to version b1045 (`llama_file_loader`), `ggml/examples/*/main.cpp`, `whisper.cpp` (`whisper_model_load`).
Numbers that describe the model stand first, without names; how many there are depends on the program that reads them. So the
known layouts are tried, and the one by which the vocabulary and the first tensor make sense is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from modelwarden.domain.budget import LimitReached
from modelwarden.domain.format import ByteSource
from modelwarden.parsing.cursor import Cursor, PastEnd
from modelwarden.parsing.ggml_types import LARGEST, OLD_SIZES, SIZES, size_of

KINDS = {
    b"lmgg": "GGML",
    b"fmgg": "GGMF",
    b"tjgg": "GGJT",
    b"algg": "GGLA",
    b"nsgg": "GGSN",
    b"asgg": "GGSA",
    b"qsgg": "GGSQ",
}
"""Magic as the bytes stand on a little-endian disk."""
MAGICS = {
    **{magic: (kind, "little") for magic, kind in KINDS.items()},
    **{magic[::-1]: (kind, "big") for magic, kind in KINDS.items()},
}
LAYOUTS = {
    "llama": (7, False, False),
    "GPT-2": (6, True, False),
    "GPT-J": (7, True, False),
    "GPT-NeoX": (8, False, False),
    "BLOOM": (7, False, False),
    "whisper": (11, True, True),
}
"""Program -> how many numbers come first, whether the size of the vocabulary is said again, whether filters stand before it."""
_WORDS_AT_MOST = 500_000
_WORD_BYTES = 4096
_DIMENSIONS = 4
_NAME_BYTES = 256
_TENSORS_AT_MOST = 100_000
_ALIGNMENT = 32


class Broken(Exception):
    """The file cannot be read on from `offset`. `deliberate`: no damage explains it."""

    def __init__(self, reason: str, offset: int, *, deliberate: bool = False) -> None:
        super().__init__(reason)
        self.offset = offset
        self.deliberate = deliberate


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor: its header from `offset`, its numbers from `begin` to `end`."""

    name: str
    offset: int
    begin: int
    end: int


class Ggml:
    """One file, read from front to back. `kind` as in `KINDS`; `version` is 0 where the format has none."""

    def __init__(self, source: ByteSource) -> None:
        self.kind, order = MAGICS[source.read(0, 4)]
        self._order: Literal["little", "big"] = "big" if order == "big" else "little"
        self._source = source
        self.version = 0
        self.start = 4
        if self.kind != "GGML":
            self.version = int.from_bytes(source.read(4, 4), self._order)
            self.start = 8
        self._aligned = self.kind in ("GGJT", "GGLA")
        self._sizes = SIZES if self.kind == "GGLA" or self.version >= 3 else OLD_SIZES

    def first_tensor(self) -> int | None:
        """Where the tensors begin by the first layout that fits; None when none does. Raises PastEnd for a cut vocabulary."""
        if self.kind == "GGLA":
            return self.start + 8
        cut: PastEnd | None = None
        for numbers, again, filters in LAYOUTS.values():
            try:
                place = self._behind_vocabulary(numbers, again=again, filters=filters)
            except PastEnd as error:
                cut = cut or error
            else:
                if place is not None and self._is_tensor(place):
                    return place
        if cut is not None and self._source.size < 64:
            raise cut
        return None

    def tensors(self, place: int) -> Iterator[Tensor]:
        """The tensors from `place` to the end. Raises Broken, PastEnd, LimitReached."""
        cursor = Cursor(self._source, self._order, place)
        count = 0
        while cursor.left:
            count += 1
            if count > _TENSORS_AT_MOST:
                raise LimitReached(f"more than {_TENSORS_AT_MOST:,} tensors: the rest was not looked at")
            yield self._tensor(cursor)

    def _tensor(self, cursor: Cursor) -> Tensor:
        offset = cursor.position
        dimensions, name_bytes, kind = (cursor.number(4) for _ in range(3))
        if not 0 < dimensions <= _DIMENSIONS:
            raise Broken(f"a tensor of {dimensions:,} dimensions", offset, deliberate=True)
        if name_bytes > _NAME_BYTES:
            raise Broken(f"the name of a tensor takes {name_bytes:,} bytes", offset, deliberate=True)
        if kind not in self._sizes:
            raise Broken(f"a tensor of the unknown type {kind}", offset)
        shape = tuple(cursor.number(4) for _ in range(dimensions))
        name = cursor.take(name_bytes, "the name of a tensor").decode("utf-8", "replace")
        if self._aligned:
            cursor.skip(-cursor.position % _ALIGNMENT, "padding")
        begin = cursor.position
        size = size_of(kind, shape, self._sizes)
        if isinstance(size, str):
            raise Broken(size, offset, deliberate=True)
        if size >= LARGEST:
            raise Broken(f"{' x '.join(map(str, shape))} values overflow 63 bits", offset, deliberate=True)
        cursor.skip(size, f"tensor {name}")
        return Tensor(name, offset, begin, cursor.position)

    def _behind_vocabulary(self, numbers: int, *, again: bool, filters: bool) -> int | None:
        cursor = Cursor(self._source, self._order, self.start)
        words = cursor.number(4)
        cursor.skip(4 * (numbers - 1), "the numbers that describe the model")
        if filters:
            bands, bins = cursor.number(4), cursor.number(4)
            cursor.skip(4 * bands * bins, "filters")
        if again:
            words = cursor.number(4)
        if not 0 < words <= _WORDS_AT_MOST or words * 4 > cursor.left:
            return None
        score = 4 if self.kind in ("GGMF", "GGJT") else 0
        for _ in range(words):
            length = cursor.number(4)
            if length > _WORD_BYTES:
                return None
            cursor.skip(length + score, "a word")
        return cursor.position

    def _is_tensor(self, place: int) -> bool:
        """Whether the header of a tensor may stand at `place`, or the file ends there."""
        if place == self._source.size:
            return True
        head = self._source.read(place, 12)
        dimensions, name_bytes, kind = (int.from_bytes(head[at : at + 4], self._order) for at in (0, 4, 8))
        return len(head) == 12 and 0 < dimensions <= 16 and name_bytes > 0 and kind < 64
