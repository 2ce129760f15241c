import io
import re
from typing import TYPE_CHECKING

import pytest

from modelwarden.reports import terminal
from modelwarden.reports.lines import Part, Style, line, plain
from modelwarden.reports.text import text

if TYPE_CHECKING:
    from tests.scanner.conftest import Make

STYLE = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def test_colours_by_style(screen: Terminal) -> None:
    terminal.write([line(Part("CRITICAL", Style.CRITICAL), " rest")], screen, width=80)
    assert screen.getvalue() == "\x1b[1;31mCRITICAL\x1b[0m rest\n"


@pytest.mark.parametrize("width", [30, 80, 140])
def test_wraps_to_the_width_and_no_wider_than_is_readable(screen: Terminal, width: int, make: "Make") -> None:
    finding = make.finding(message="many words " * 40, members=("inner/" + "x" * 150,))
    terminal.write(text(make.outcome([finding], exit_code=1)), screen, width=width)
    rows = STYLE.sub("", screen.getvalue()).splitlines()
    assert max(map(len, rows)) <= min(width, terminal.WIDEST)
    assert max(map(len, rows)) > min(width, terminal.WIDEST) - 12


def test_says_the_same_as_the_plain_text(screen: Terminal, make: "Make") -> None:
    lines = text(make.outcome([make.finding()], [make.note()], [make.file()], exit_code=1), verbose=True)
    terminal.write(lines, screen, width=80)
    assert STYLE.sub("", screen.getvalue()).split() == plain(lines).split()


def test_obeys_nothing_in_a_model(screen: Terminal, make: "Make", hostile: str) -> None:
    finding = make.finding(file=hostile, members=(hostile,), message=hostile, subject=hostile)
    outcome = make.outcome(
        [finding], [make.note(hostile, (hostile,), hostile)], [make.file(hostile)], exit_code=1
    )
    terminal.write(text(outcome, verbose=True, show_skipped=True), screen, width=80)
    assert all(row.isprintable() for row in STYLE.sub("", screen.getvalue()).split("\n"))


def test_takes_brackets_and_colons_for_what_they_are(screen: Terminal) -> None:
    terminal.write([line("[bold red]x[/] :bomb:")], screen, width=80)
    assert screen.getvalue() == "[bold red]x[/] :bomb:\n"
