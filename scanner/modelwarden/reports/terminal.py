"""Lines in colour on a terminal, by rich; imported only when stdout is one."""

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text

from modelwarden.reports.lines import Line, Style

WIDEST = 120
"""Columns: longer rows of prose are hard to read."""

_LOOK = {
    Style.PLAIN: "",
    Style.STRONG: "bold",
    Style.FAINT: "dim",
    Style.GOOD: "bold green",
    Style.CRITICAL: "bold red",
    Style.WARNING: "bold yellow",
    Style.INFO: "bold blue",
    Style.DEBUG: "dim",
}


def write(lines: Iterable[Line], stream: TextIO, width: int | None = None) -> None:
    """Write the lines to the terminal `stream`, wrapped to its width (or `width` columns)."""
    console = Console(file=stream, width=width, no_color=False, highlight=False, markup=False, emoji=False)
    columns = min(console.width, WIDEST)
    for item in lines:
        text = Text.assemble(*((part.text, _LOOK[part.style]) for part in item.parts))
        rows = text.wrap(console, max(20, columns - item.hang))
        lead = Text.assemble(" " * item.indent, (item.label.text, _LOOK[item.label.style]))
        for row in rows:
            row.rstrip()
            console.print(lead + row, soft_wrap=True)
            lead = Text(" " * item.hang)
        if not rows:
            console.print(lead, soft_wrap=True)
