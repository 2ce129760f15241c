"""Lines for people: one structure, written plainly here and in colour by `terminal`."""

import re
from collections.abc import Iterable
from enum import Enum, auto

from modelwarden.domain.record import record

PLAIN_WIDTH = 100
"""Columns of prose where no terminal sets a width. Longer words (paths) are never broken."""


class Style(Enum):
    """What a piece of text is; how that looks is the terminal's business."""

    PLAIN = auto()
    STRONG = auto()
    FAINT = auto()
    GOOD = auto()
    CRITICAL = auto()
    WARNING = auto()
    INFO = auto()
    DEBUG = auto()


@record
class Part:
    """Text of one style, already safe to print."""

    text: str
    style: Style = Style.PLAIN


@record
class Line:
    """Parts that follow each other and wrap together, `indent` columns from the left, below and right of their `label`."""

    parts: tuple[Part, ...] = ()
    indent: int = 0
    label: Part = Part("")

    @property
    def hang(self) -> int:
        """The column that the parts start at, on the first row and on the rows they wrap to."""
        return self.indent + len(self.label.text)


BLANK = Line()


def line(*parts: Part | str, indent: int = 0, label: Part | str = "") -> Line:
    """A line of parts; bare strings are plain."""
    pieces = tuple(part if isinstance(part, Part) else Part(part) for part in parts)
    return Line(pieces, indent, label if isinstance(label, Part) else Part(label))


def plain(lines: Iterable[Line], width: int = PLAIN_WIDTH) -> str:
    """The lines as text without colour, prose wrapped at `width` columns, ending in a newline."""
    return "".join(_row(item, width) + "\n" for item in lines)


def _row(item: Line, width: int) -> str:
    text = "".join(part.text for part in item.parts)
    margin = " " * item.indent
    rows = _rows(text, width, margin + item.label.text, " " * item.hang)
    return "\n".join(rows) or margin + item.label.text.rstrip()


_BLANKS = str.maketrans(dict.fromkeys("\t\n\x0b\x0c\r", " "))


def _rows(text: str, width: int, first: str, further: str) -> list[str]:
    """What `textwrap.wrap` makes of it without breaking words; that module is slow to load."""
    words = [word for word in re.split("( +)", text.expandtabs().translate(_BLANKS)) if word]
    rows: list[str] = []
    at = 0
    while at < len(words):
        indent = further if rows else first
        if rows and words[at].isspace():
            at += 1
        begin = at
        left = width - len(indent)
        while at < len(words) and len(words[at]) <= left:
            left -= len(words[at])
            at += 1
        if at == begin < len(words):
            at += 1  # it fits into no row
        end = at - 1 if at > begin and words[at - 1].isspace() else at
        if end > begin:
            rows.append(indent + "".join(words[begin:end]))
    return rows
