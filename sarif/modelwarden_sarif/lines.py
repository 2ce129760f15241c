"""A text's bytes as lines: where a span of them stands, and the name GitHub gives a line.

Lines end where GitHub's uploader ends them (`\\n`, `\\r\\n`, `\\r`), because it is the line that it names. Columns count UTF-16
code units from 1, as `columnKind` says; a byte order mark is no column (SARIF 2.1.0, sections 3.14.17 and 3.30.2).
"""

import re
import sys
from array import array
from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Collection
from dataclasses import dataclass

MAX_TEXT_BYTES = 2 << 20
"""Larger files are no texts here: the uploader takes a step of JavaScript for every character of a file with a line."""

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Extent:
    """Lines and columns, both from 1; the end column is the first one behind."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class Lines:
    """Where things stand in a UTF-8 text of at most `MAX_TEXT_BYTES`. Quickest when asked in the order of the offsets."""

    def __init__(self, data: bytes) -> None:
        """Raises ValueError for bytes that are no such text, or hold a NUL, which no text does."""
        if len(data) > MAX_TEXT_BYTES:
            raise ValueError(f"a text of {len(data):,} bytes is too long")
        if b"\0" in data:
            raise ValueError("a text with NUL")
        data.decode("utf-8")
        self._data = data
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(data))]
        self._seen = (-1, 0, 0)  # start of a line, an offset in it, the code units between them

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self._data)

    def extent(self, offset: int, length: int) -> Extent:
        """The lines and columns of `length` bytes from `offset`; of none: the rest of the line. Never empty."""
        data = self._data
        start = min(max(0, offset), len(data))
        end = min(len(data), start + max(0, length))
        while end > start and data[end - 1] in b"\r\n":
            end -= 1
        line = bisect_right(self._starts, start)
        if end == start:
            match = _LINE_END.search(data, start)
            end = match.start() if match else len(data)
        start_column = self._column(line, start)
        end_line = bisect_right(self._starts, end)
        end_column = self._column(end_line, end)
        if end_line == line:
            end_column = max(end_column, start_column + 1)
        return Extent(line, start_column, end_line, end_column)

    def hashes(self, lines: Collection[int]) -> dict[int, str]:
        """`line_hashes` of this text."""
        return line_hashes(self._data, lines)

    def _column(self, line: int, offset: int) -> int:
        while offset < len(self._data) and self._data[offset] & 0xC0 == 0x80:
            offset -= 1  # within a character
        start, seen, units = self._seen
        if start != self._starts[line - 1] or offset < seen:
            start = seen = self._starts[line - 1]
            units = 0
            if start == 0 and self._data.startswith(BOM_UTF8):
                units = -1
        units += len(self._data[seen:offset].decode("utf-8").encode("utf-16-le")) // 2
        self._seen = start, offset, units
        return max(0, units) + 1


# The names of lines


_BLOCK = 100
_BASE = 37
_MASK = (1 << 64) - 1
_BLANKS = str.maketrans("", "", " \t")
_END = "\uffff"


def line_hashes(data: bytes, lines: Collection[int]) -> dict[int, str]:
    """GitHub's hashes of some lines of a text, by their numbers from 1; those it has not are left out.

    Each is a polynomial over the 100 UTF-16 code units from the line's start, blanks left out, line ends folded, an end mark and
    zeros behind the text; `:n` numbers lines with equal hashes. So equal lines are counted as text, and the arithmetic is only
    done for the lines that are asked for. (Two texts that are made to have one hash are counted apart here and together there.)
    Source of the recipe: github/codeql-action, `src/fingerprints.ts`, `hash`.
    """
    units = _code_units(data.decode("utf-8", "replace"))
    text = units.replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS) + _END
    wanted = set(lines)
    last = max(wanted, default=0)
    windows: dict[int, str] = {}
    start = 0
    for number in range(1, last + 1):
        if number in wanted:
            windows[number] = text[start : start + _BLOCK]
        start = text.find("\n", start) + 1
        if not start:
            break
    counts = dict.fromkeys(windows.values(), 0)
    hashes: dict[int, str] = {}
    start = 0
    for number in range(1, max(windows, default=0) + 1):
        window = text[start : start + _BLOCK]
        if window in counts:
            counts[window] += 1
            if number in windows:
                hashes[number] = f"{_polynomial(window):x}:{counts[window]}"
        start = text.find("\n", start) + 1
    return hashes


def _polynomial(window: str) -> int:
    value = 0
    for unit in window.ljust(_BLOCK, "\0"):
        value = (_BASE * value + ord(unit)) & _MASK
    return value


def _code_units(text: str) -> str:
    """The text with every character a UTF-16 code unit, as JavaScript has it."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    raw = text.encode("utf-16-le" if sys.byteorder == "little" else "utf-16-be")
    return "".join(map(chr, array("H", raw)))
