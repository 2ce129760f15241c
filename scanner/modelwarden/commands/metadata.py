"""`modelwarden metadata`: what the headers of files say of them."""

import click

from modelwarden.commands.epilog import EXIT_CODES
from modelwarden.domain.record import replace
from modelwarden.domain.settings import Settings
from modelwarden.engine.interrupts import Interrupts
from modelwarden.engine.scan import scan
from modelwarden.engine.verdict import verdict
from modelwarden.reports import stdout
from modelwarden.reports.metadata import Layout, metadata_json, metadata_table, metadata_yaml

_EXAMPLES = """\b
Examples:
  modelwarden metadata model.gguf                 what it says, as a table
  modelwarden metadata models/ --format json      for a program
  modelwarden metadata model/ --security-only     code, templates and other files it names
"""


@click.command("metadata", epilog=f"{_EXAMPLES}\n{EXIT_CODES}")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "--format", "layout", type=click.Choice([each.value for each in Layout]), default=Layout.TABLE.value,
    show_default=True, help="How to write it.",
)  # fmt: skip
@click.option(
    "--security-only", is_flag=True,
    help="Only what can run, be fetched or be read from elsewhere: code, templates, other files.",
)  # fmt: skip
@click.option(
    "--exclude", multiple=True, metavar="GLOB", help="Leave out what matches; repeat it for several."
)
def command(paths: tuple[str, ...], layout: str, security_only: bool, exclude: tuple[str, ...]) -> int:
    """Show what the headers of files say: versions, tensors, licences. Nothing is loaded.

    Findings do not change the exit code here; `modelwarden scan` is for that.
    """
    stdout.check_open()
    settings = Settings(fail_on=None, describe=True, exclude=exclude)
    with Interrupts() as interrupts:
        report = scan(paths, settings)
        report = replace(report, files=tuple(sorted(report.files, key=lambda one: one.path)))
        match Layout(layout):
            case Layout.TABLE:
                stdout.show(metadata_table(report, security_only=security_only))
            case Layout.JSON:
                stdout.write(metadata_json(report, security_only=security_only))
            case Layout.YAML:
                stdout.write(metadata_yaml(report, security_only=security_only))
        return interrupts.exit_code if report.interrupted else verdict(report, settings)
