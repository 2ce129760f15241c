"""`modelwarden cache`: what is kept of earlier scans, and its end."""

import os

import click

from modelwarden.domain.size import show_size
from modelwarden.engine.store import NAME, Store, remove
from modelwarden.errors import UserError
from modelwarden.reports import stdout

_DIRECTORY = click.option(
    "--cache-dir", required=True, metavar="DIR", help="The directory that scans were given."
)


@click.group("cache")
def command() -> None:
    """Show or clear the results that `scan --cache-dir` keeps."""


@command.command("stats")
@_DIRECTORY
def stats(cache_dir: str) -> int:
    """Say how many results there are, and how large they are."""
    _there(cache_dir)
    store = Store(cache_dir)
    found = store.contents()
    store.close()
    stdout.write(
        f"{found.rows:,} {'entry' if found.rows == 1 else 'entries'}, {show_size(found.held)} of results, "
        f"{show_size(found.on_disk)} on disk\n"
    )
    return 0


@command.command("clear")
@_DIRECTORY
def clear(cache_dir: str) -> int:
    """Delete all results."""
    _there(cache_dir)
    try:
        remove(os.path.join(cache_dir, NAME))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UserError(f"the cache in {cache_dir} cannot be deleted: {reason}") from error
    return 0


def _there(directory: str) -> None:
    """A mistyped name makes no new cache. Raises UserError."""
    if not os.path.lexists(os.path.join(directory, NAME)):
        raise UserError(f"there is no cache in {directory}")
