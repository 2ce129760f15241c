"""`modelwarden cache`: what is kept of earlier scans, and its end."""

import os

import click

from modelwarden.commands.configured import PREFIX
from modelwarden.domain.size import show_size
from modelwarden.engine.store import NAME, Contents, Damaged, inspect, remove
from modelwarden.errors import UserError
from modelwarden.reports import stdout

_DIRECTORY = click.option(
    "--cache-dir",
    required=True,
    envvar=f"{PREFIX}CACHE_DIR",
    metavar="DIR",
    help="The directory that scans were given.",
)


@click.group("cache")
def command() -> None:
    """Show or clear the results that `scan --cache-dir` keeps."""


@command.command("stats")
@_DIRECTORY
def stats(cache_dir: str) -> int:
    """Say how many results there are, and how large they are."""
    _there(cache_dir)
    found = inspect(cache_dir)
    stdout.write(f"{_shown(found)}\n" if found is not None else "empty\n")
    return 0


@command.command("clear")
@_DIRECTORY
def clear(cache_dir: str) -> int:
    """Delete all results."""
    _there(cache_dir)
    try:
        found = inspect(cache_dir)
        removed = f"removed {_shown(found)}" if found is not None else "empty: nothing to remove"
    except Damaged:
        removed = "removed a damaged cache"
    try:
        remove(os.path.join(cache_dir, NAME))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UserError(f"the cache in {cache_dir} cannot be deleted: {reason}") from error
    stdout.write(f"{removed}\n")
    return 0


def _there(directory: str) -> None:
    """A mistyped name makes no new cache. Raises UserError."""
    if not os.path.lexists(directory):
        raise UserError(f"there is no cache in {directory}")


def _shown(found: Contents) -> str:
    entries = "entry" if found.rows == 1 else "entries"
    return f"{found.rows:,} {entries}, {show_size(found.held)} of results, {show_size(found.on_disk)} on disk"
