"""`modelwarden formats`: what is read."""

import click

from modelwarden.commands.plugged import plugged
from modelwarden.formats import ADDED, FORMATS
from modelwarden.reports import stdout
from modelwarden.reports.reference import format_table


@click.command("formats")
@plugged
def command() -> int:
    """List the formats that are read."""
    stdout.show(format_table([*FORMATS, *ADDED]))
    return 0
