"""`modelwarden create-settings-file`: every setting there is, to be changed by hand."""

import os

import click

from modelwarden.errors import UserError
from modelwarden.reports import delivery

_OURS = "modelwarden.toml"
_THEIRS = "modelscan-settings.toml"


@click.command("create-settings-file")
@click.option(
    "-l", "--location", metavar="FILE",
    help=f"The file to write.  [default: {_OURS}, with --modelscan {_THEIRS}]",
)  # fmt: skip
@click.option("-f", "--force", is_flag=True, help="Overwrite the file if there is one.")
@click.option(
    "--modelscan", is_flag=True,
    help=f"Write it in ModelScan's form, as for any location called {_THEIRS}.",
)  # fmt: skip
def command(location: str | None, force: bool, modelscan: bool) -> int:
    """Write a settings file that names every setting and changes none."""
    file = location or (_THEIRS if modelscan else _OURS)
    if not force and os.path.lexists(file):
        raise UserError(f"{file} is there already: -f overwrites it")
    theirs = modelscan or os.path.basename(file) == _THEIRS
    delivery.check_writable([file], [])
    delivery.write_files([(file, _theirs() if theirs else _ours())])
    click.echo(f"modelwarden: wrote {file}", err=True)
    return 0


def _theirs() -> str:
    from modelwarden.config.modelscan.template import template

    return template()


def _ours() -> str:
    from modelwarden.commands.template import template

    return template()
