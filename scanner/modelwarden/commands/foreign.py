"""What users of ModelScan are used to: `-r`, and reporting modules named in their settings file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from modelwarden.config.configuration import Configuration
from modelwarden.errors import UserError
from modelwarden.reports.log import Log
from modelwarden.reports.target import ReportFormat, Target
from modelwarden.reports.visible import MESSAGE, visible

if TYPE_CHECKING:
    from modelwarden.reports.outcome import Outcome
    from modelwarden.reports.reporters import Reporter

CUSTOM = "custom"
_SAME = {"console": ReportFormat.TEXT, "json": ReportFormat.JSON}
REPORTING_FORMATS = (*_SAME, CUSTOM)


def target(name: str, configuration: Configuration, options: Mapping[str, object]) -> Target:
    """The report that `-r NAME` means; `options` are handed to a reporting module of the user's. Raises UserError."""
    if name != CUSTOM:
        return Target(_SAME[name])
    foreign = configuration.foreign
    if foreign is None or foreign.reporting is None:
        raise click.UsageError("-r custom needs --settings-file with a [reporting] module.")
    from modelwarden.config.modelscan import defaults  # few users have such a file

    module, place = foreign.reporting.module, foreign.reporting.place
    same = {defaults.CONSOLE: ReportFormat.TEXT, defaults.JSON: ReportFormat.JSON}
    if module in same:
        return Target(same[module])
    if not foreign.named:
        raise UserError(
            f"the reporting module in {foreign.file} is only loaded with --settings-file {foreign.file}"
        )
    try:
        return Target(_reporter(module, {**foreign.reporting.settings, **options}))
    except UserError as error:
        raise UserError(f"{place}: {error}") from error


def tell(configuration: Configuration, level: Log) -> None:
    """On stderr: which settings files were read, and what of one of ModelScan does nothing here."""
    if configuration.file and level <= Log.INFO:
        click.echo(f"modelwarden: settings from {visible(configuration.file, MESSAGE)}", err=True)
    foreign = configuration.foreign
    if foreign is None:
        return
    if level <= Log.INFO:
        click.echo(f"modelwarden: settings from {visible(foreign.file, MESSAGE)}", err=True)
    for remark in foreign.remarks if level <= Log.WARNING else ():
        click.echo(f"modelwarden: {visible(remark, MESSAGE)}", err=True)


def _reporter(name: str, settings: Mapping[str, object]) -> "Reporter":
    """A class with `generate(report, settings)`, as ModelScan's are shaped, or whatever else is a reporter here."""
    from modelwarden.plugins.loading import found_at  # hardly anybody has one
    from modelwarden.reports.reporters import Reporter, reporter

    found = found_at(name) if "." in name else None
    if not callable(getattr(found, "generate", None)):
        return reporter(name)

    def render(outcome: "Outcome") -> str:
        made = found() if isinstance(found, type) else found
        said: object = getattr(made, "generate")(outcome.report, settings)  # noqa: B009  it is anybody's class
        if said is None:  # it has delivered its report itself
            return ""
        text = str(said)
        return text if text.endswith("\n") else f"{text}\n"

    return Reporter(name, render)
