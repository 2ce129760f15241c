"""Options that name code of others: plug-ins and reporters. Only what is installed as a plug-in may be named in a file."""

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from modelwarden.commands.configured import PREFIX, Entries
from modelwarden.errors import UserError
from modelwarden.reports.target import Target

PLUGINS = "modelwarden.plugins"
"""In a context's `meta` stand the names of those that were loaded."""

F = TypeVar("F", bound=Callable[..., Any])

_TYPED = frozenset({ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT})


def _installed_only(context: click.Context, parameter: click.Parameter) -> bool:
    """Whether the value comes from a configuration file, which may have come with somebody's models."""
    return context.get_parameter_source(parameter.name or "") not in _TYPED


def load(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Load what is named, each once."""
    if not values:
        return ()
    from modelwarden.plugins import loading  # few have some

    names = tuple(dict.fromkeys(values))
    try:
        with redirect_stdout(sys.stderr):  # stdout holds the report and nothing else
            loading.load(names, installed_only=_installed_only(context, parameter))
    except UserError as error:
        raise click.BadParameter(f"{error}.", context, parameter) from error
    context.meta[PLUGINS] = names
    return names


def reporters(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Target, ...]:
    """`NAME[:FILE]` as reports to be written."""
    if not values:
        return ()
    from modelwarden.reports.reporters import reporter  # few have one

    found = []
    for value in values:
        name, colon, file = value.partition(":")
        if not name or (colon and not file):
            raise click.BadParameter(f"{value!r}: write NAME or NAME:FILE.", context, parameter)
        try:
            made = reporter(name, installed_only=_installed_only(context, parameter))
        except UserError as error:
            raise click.BadParameter(f"{error}.", context, parameter) from error
        found.append(Target(made, file if file not in ("", "-") else None))
    return tuple(found)


def plugged(command: F) -> F:
    """Adds `--plugin` to a command that only shows."""
    return click.option(
        "--plugin", multiple=True, is_eager=True, expose_value=False, callback=load, type=Entries(),
        envvar=f"{PREFIX}PLUGIN", metavar="NAME", help="Load a plug-in; repeat it for several.",
    )(command)  # fmt: skip
