"""Lines for people: one structure, written plainly here and in colour by `terminal`."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

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


@dataclass(frozen=True, slots=True)
class Part:
    """Text of one style, already safe to print."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
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
    wrapped = textwrap.fill(
        text,
        width,
        initial_indent=" " * item.indent + item.label.text,
        subsequent_indent=" " * item.hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped or " " * item.indent + item.label.text.rstrip()
