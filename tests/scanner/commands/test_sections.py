"""Help that fits a screen, and help that holds everything."""

from collections import Counter

import click
from click.testing import CliRunner

from modelwarden.cli import cli
from modelwarden.commands.scan import command
from modelwarden.commands.sections import Sectioned


def shown(option: str) -> str:
    result = CliRunner().invoke(cli, ["scan", option], terminal_width=100)
    assert result.exit_code == 0
    return result.stdout


def test_every_option_stands_in_one_section() -> None:
    assert isinstance(command, Sectioned)
    placed = Counter(f"--{name.lstrip('-')}" for names in command.sections.values() for name in names)
    visible = {
        parameter.opts[-1] if parameter.opts[-1].startswith("--") else parameter.opts[0]: parameter
        for parameter in command.get_params(click.Context(command))
        if isinstance(parameter, click.Option) and not parameter.hidden
    }
    unplaced = [name for name, option in visible.items() if not placed.keys() & set(option.opts)]
    assert unplaced == []
    assert {name: count for name, count in placed.items() if count > 1} == {}


def test_the_short_help_fits_a_screen_and_shows_examples() -> None:
    text = shown("--help")
    assert len(text.splitlines()) <= 60
    assert "Examples:" in text
    assert "--fail-on" in text
    assert "--sarif-region" not in text


def test_the_long_help_shows_every_option() -> None:
    text = shown("--help-all")
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.opts[0] in text
