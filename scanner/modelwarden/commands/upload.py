"""`modelwarden upload`: a SARIF report to GitHub's endpoint."""

import os
import time

import click

from modelwarden.ci import git
from modelwarden.ci.context import context
from modelwarden.ci.upload import Unavailable, Uploader
from modelwarden.errors import UserError
from modelwarden.reports.visible import MESSAGE, visible

_MOST_BYTES = 256 << 20
"""What is read of a report: GitHub takes 10 MB of it, compressed."""


@click.command(
    "upload",
    epilog="The token is read from GITHUB_TOKEN, or GH_TOKEN, in the environment. Exit code 2: not delivered, or refused.",
)
@click.argument("file", metavar="FILE")
@click.option("--repository", default="", metavar="OWNER/NAME", help="[default: GITHUB_REPOSITORY]")
@click.option("--ref", default="", help="In full, such as refs/heads/main.  [default: GITHUB_REF]")
@click.option("--sha", default="", help="The commit that was scanned.  [default: GITHUB_SHA]")
@click.option("--api-url", default="", metavar="URL", help="GitHub Enterprise: https://HOST/api/v3")
@click.option("--validate", is_flag=True, help="Ask the server for extra checks.")
@click.option("--no-wait", is_flag=True, help="Do not wait until the log has been processed.")
@click.option(
    "--if-possible",
    is_flag=True,
    help="Where the token or the repository cannot take results: warn, exit code 0.",
)
@click.option("--token", "forbidden", hidden=True)
def command(
    *,
    file: str,
    repository: str,
    ref: str,
    sha: str,
    api_url: str,
    validate: bool,
    no_wait: bool,
    if_possible: bool,
    forbidden: str | None,
) -> int:
    """Deliver a SARIF report to GitHub code scanning."""
    if forbidden is not None:
        raise UserError(
            "a token on the command line can be read by others: set GITHUB_TOKEN instead of --token"
        )
    where = context(
        os.environ, head=git.head(os.curdir), repository=repository, ref=ref, sha=sha, api=api_url
    )
    obstacle = where.obstacle or (
        "a pull request from a fork has a token that may only read" if where.fork else ""
    )
    if obstacle:
        click.echo(f"modelwarden: nothing was uploaded: {obstacle}", err=True)
        return 0
    try:
        with open(file, "rb") as stream:
            log = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"cannot read {file}: {(error.strerror or '').lower()}") from error
    if len(log) > _MOST_BYTES:
        raise UserError(f"{file} is larger than any SARIF report that GitHub takes")
    token = os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN") or ""
    try:
        delivery = Uploader(where, token, time.sleep).upload(log, validate=validate, wait=not no_wait)
    except Unavailable as error:
        if not if_possible:
            raise
        click.echo(f"modelwarden: nothing was uploaded: {visible(str(error), MESSAGE)}", err=True)
        return 0
    told = {"complete": "uploaded and processed", "pending": "uploaded"}[delivery.state]
    detail = f"; {delivery.detail}" if delivery.detail else ""
    click.echo(f"modelwarden: {told}: {visible(delivery.identifier)}{detail}", err=True)
    return 0
