"""`modelwarden config show`: the settings a scan would run with, and where each comes from."""

import os
import re

import click
from click.core import ParameterSource

from modelwarden.commands.configured import Configured
from modelwarden.config.configuration import Configuration
from modelwarden.domain.severity import Severity
from modelwarden.reports import stdout
from modelwarden.reports.lines import Line, Part, Style, line
from modelwarden.reports.target import Target
from modelwarden.reports.visible import visible

_NOTHING = "-"
_DEFAULT = re.compile(r"\[default: ([^\]]+)\]")
"""A default that depends on something stands in the help alone."""
_VERBATIM = {"ignore_unknown_options": True, "help_option_names": []}


@click.group("config")
def command() -> None:
    """Show the settings that are in force."""


@command.command("show", context_settings=_VERBATIM)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS OF SCAN]")
def show(arguments: tuple[str, ...]) -> int:
    """Show each setting of `scan` and where it comes from: flag, variable, file and line, or default."""
    from modelwarden.commands.scan import command as scan  # the heaviest of all, and only here

    assert isinstance(scan, Configured)
    context = scan.make_context("modelwarden scan", list(arguments))
    configuration = context.find_object(Configuration) or Configuration()
    stdout.show(_lines(scan, context, configuration))
    return 0


def _lines(scan: Configured, context: click.Context, configuration: Configuration) -> list[Line]:
    places = {name: value.place for name, value in configuration.options}
    lines = [line(Part(f"file: {_near(configuration.file) or 'none'}", Style.FAINT))]
    if configuration.foreign is not None:
        lines.append(line(Part(f"ModelScan's: {_near(configuration.foreign.file)}", Style.FAINT)))
    for name, option in scan.settable().items():
        if not option.expose_value:
            continue
        value = _written(context.params[option.name or ""])
        if value == _NOTHING:
            told = _DEFAULT.search(option.help or "")
            value = told[1] if told else value
        source = context.get_parameter_source(option.name or "")
        lines.append(
            line(
                f"{value:<24}  ",
                Part(_origin(source, name, option, places), Style.FAINT),
                label=f"{name:<18}  ",
            )
        )
    count = len(configuration.ignores)
    lines.append(line(f"{count} {'entry' if count == 1 else 'entries'}", label=f"{'[[ignore]]':<18}  "))
    return lines


def _origin(source: ParameterSource | None, name: str, option: click.Option, places: dict[str, str]) -> str:
    match source:
        case ParameterSource.COMMANDLINE:
            return "flag"
        case ParameterSource.ENVIRONMENT:
            return f"variable {option.envvar}"
        case ParameterSource.DEFAULT_MAP:
            return _near(places.get(name, "file"))
    return "default"


def _near(place: str) -> str:
    """A path below the current directory without what it has in common with it."""
    return visible(place.removeprefix(os.path.join(os.getcwd(), "")))


def _entry(value: object) -> str:
    """One of several, as it is written after the flag."""
    if isinstance(value, tuple):
        return "=".join(_entry(part) for part in value if part is not None)
    if isinstance(value, Target):
        return ":".join(
            visible(part) for part in (getattr(value.format, "value", value.format.name), value.file) if part
        )
    return visible(value.name.lower() if isinstance(value, Severity) else str(value))


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(_entry(one) for one in value) or _NOTHING
    return visible(str(value)) if value not in (None, "") else _NOTHING
