"""What the numbers of tensors are like, read block by block: how many are none, their range, and the lengths of a table's rows.

Only floating-point numbers as they are stored: half, bfloat16, single and double. A block takes 4 MiB as stored and about five
times as much while it is looked at, and the lengths of rows eight bytes each; tensors of any size take no more.
"""

import re
from collections.abc import Iterator
from math import inf, prod
from typing import Final

import numpy as np
import numpy.typing as npt

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Numbers

Floats = npt.NDArray[np.float64]

DTYPES: Final = {"F16": "<f2", "BF16": "bf16", "F32": "<f4", "F64": "<f8"}
"""As safetensors and GGUF call them."""
_BFLOAT: Final = "bf16"
_WIDTHS: Final = {_BFLOAT: 2}
_BLOCK: Final = 4 << 20
_ROWS_AT_LEAST: Final = 8
_ROWS_AT_MOST: Final = 1 << 20
_ROW_AT_MOST: Final = 1 << 18
_OUTPUT: Final = re.compile(
    r"(?:^|[./_])(?:lm_head|output|embed_out|classifier|score|logits?|fc|head|cls|predictions?|out)(?:[./_]\w*){0,3}$",
    re.IGNORECASE,
)
"""How layers are called whose rows are classes or tokens."""
_MASK: Final = re.compile(r"mask", re.IGNORECASE)
"""Attention masks are infinite on purpose."""


def numbers(
    source: ByteSource, name: str, dtype: str, shape: tuple[int, ...], offset: int
) -> Iterator[Numbers]:
    """What the tensor at `offset` is like; nothing when it is empty or not all there. `dtype` as NumPy writes it, or `bf16`."""
    width = _WIDTHS.get(dtype) or np.dtype(dtype).itemsize
    count = prod(shape)
    if not count or offset + count * width > source.size:
        return
    rows = _Rows(shape) if _is_table(name, shape) else None
    step = _step(rows.columns if rows is not None else 1, width)
    nans = infinities = 0
    lowest, highest = inf, -inf
    for start in range(0, count, step):
        block = _block(source.read(offset + start * width, min(step, count - start) * width), dtype)
        finite = np.isfinite(block)
        if not finite.all():
            bad = int(np.isnan(block).sum())
            nans += bad
            infinities += int(block.size - finite.sum()) - bad
            block = np.where(finite, block, 0.0)
        if finite.any():
            lowest = min(lowest, float(block[finite].min()))
            highest = max(highest, float(block[finite].max()))
        if rows is not None:
            rows.add(block)
    if _MASK.search(name):
        infinities = 0
    if lowest > highest:
        lowest, highest = 0.0, 0.0
    row, ratio, deviations = rows.farthest() if rows is not None else (-1, 0.0, 0.0)
    yield Numbers(
        name,
        shape,
        count,
        nans,
        infinities,
        lowest,
        highest,
        Span(offset, count * width),
        row,
        ratio,
        deviations,
    )


def _is_table(name: str, shape: tuple[int, ...]) -> bool:
    return (
        len(shape) == 2
        and _ROWS_AT_LEAST <= shape[0] <= _ROWS_AT_MOST
        and 1 < shape[1] <= _ROW_AT_MOST
        and _OUTPUT.search(name) is not None
    )


def _step(columns: int, width: int) -> int:
    """Numbers in a block: whole rows."""
    return max(1, _BLOCK // width // columns) * columns


def _block(data: bytes, dtype: str) -> Floats:
    if dtype == _BFLOAT:
        wide = np.frombuffer(data, "<u2").astype("<u4") << 16
        return wide.view("<f4").astype(np.float64)
    with np.errstate(all="ignore"):
        return np.frombuffer(data, dtype).astype(np.float64)


class _Rows:
    """The lengths of the rows of a table."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.columns = shape[1]
        self._lengths: list[Floats] = []

    def add(self, block: Floats) -> None:
        """The next rows, whole ones."""
        with np.errstate(all="ignore"):
            self._lengths.append(np.linalg.norm(block.reshape(-1, self.columns), axis=1))

    def farthest(self) -> tuple[int, float, float]:
        """The row that is longest, its length to the median, and how many median deviations it is away."""
        lengths = np.concatenate(self._lengths)
        middle = float(np.median(lengths))
        spread = 1.4826 * float(np.median(np.abs(lengths - middle)))  # as of a normal distribution
        row = int(lengths.argmax())
        longest = float(lengths[row])
        if middle <= 0 or not np.isfinite(longest):
            return -1, 0.0, 0.0
        return row, longest / middle, (longest - middle) / max(spread, middle * 1e-6)
