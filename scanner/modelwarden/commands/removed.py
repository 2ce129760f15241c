"""Options that put a secret where others can read it: refused, with the variable that takes their place."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from modelwarden.errors import UserError

F = TypeVar("F", bound=Callable[..., Any])

VARIABLES = {
    "--hf-token": "HF_TOKEN",
    "--jfrog-api-token": "JFROG_API_TOKEN",
    "--jfrog-access-token": "JFROG_ACCESS_TOKEN",
    "--registry-uri": "JFROG_URL or MLFLOW_TRACKING_URI",
}
"""Flag of other scanners → environment variable."""


def removed(command: F) -> F:
    """Adds the flags to a command, hidden; each ends it with exit code 4 and says what to set."""
    for flag in VARIABLES:
        command = click.option(flag, hidden=True, expose_value=False, callback=_refuse)(command)
    return command


def _refuse(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        flag = parameter.opts[0]
        raise UserError(
            f"{flag}: what stands on the command line can be read by others: set {VARIABLES[flag]} instead"
        )
