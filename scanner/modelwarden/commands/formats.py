"""`modelwarden formats`: what is read."""

import click

from modelwarden.formats import FORMATS
from modelwarden.reports import stdout
from modelwarden.reports.reference import format_table


@click.command("formats")
def command() -> int:
    """List the formats that are read."""
    stdout.show(format_table(FORMATS))
    return 0
