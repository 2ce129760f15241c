"""Argv in, exit code out.

There are three outcomes: a report; a user error, told in one line on stderr (exit code 4); and a bug of ours, told with a
traceback and where to report it (exit code 2). stdout holds only the report.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from modelwarden import __version__
from modelwarden.domain.severity import Severity
from modelwarden.errors import UserError
from modelwarden.reports.target import ReportFormat, Target, targets
from modelwarden.reports.visible import MESSAGE, visible

ISSUES = "https://github.com/modelwarden/modelwarden/issues"
USAGE_ERROR = 4
OUR_BUG = 2
INTERRUPTED = 130

_HASHED = frozenset({ReportFormat.JSON, ReportFormat.SARIF})
_EPILOG = """\b
Exit codes, the same for every report:
  0  every selected file was read, nothing at or above --fail-on
  1  findings at or above --fail-on
  2  something could not be read, and no such finding
  3  no file of a supported format was given
  4  wrong usage"""


class _Commands(click.Group):
    """`modelwarden PATH…` is `modelwarden scan PATH…`; a path named like a command needs the long form."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            raise click.UsageError("no PATH given.", ctx)
        own = {option for parameter in self.get_params(ctx) for option in parameter.opts}
        if args[0] not in own | self.commands.keys():
            args.insert(0, "scan")
        return super().parse_args(ctx, args)


def _parse_targets(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Target, ...]:
    try:
        return tuple(Target.parse(value) for value in values)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", context, parameter) from error


def _parse_names(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


@click.group(
    cls=_Commands,
    epilog=_EPILOG,
    subcommand_metavar="PATH… | COMMAND",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="modelwarden", message="%(prog)s %(version)s")
def cli() -> None:
    """Scan machine-learning model files before anybody loads them.

    `modelwarden PATH…` is short for `modelwarden scan PATH…`.
    """


@cli.command(epilog=_EPILOG)
@click.argument("paths", nargs=-1, metavar="PATH…")
@click.option("-p", "--path", "more_paths", multiple=True, metavar="PATH", help="The same as PATH.")
@click.option(
    "-f", "--format", "asked", multiple=True, callback=_parse_targets, metavar=f"{'|'.join(ReportFormat)}[:FILE]",
    help="Report to write; repeat it for several. Without FILE it goes to --output or stdout.",
)  # fmt: skip
@click.option("-o", "--output", metavar="FILE", help="Where the report without a FILE of its own goes.")
@click.option(
    "--fail-on", type=click.Choice(["critical", "warning", "info", "never"]), default="warning", show_default=True,
    help="Lowest severity that makes the exit code 1.",
)  # fmt: skip
@click.option(
    "--min-severity", type=click.Choice(["critical", "warning", "info", "debug"]),
    help="Lowest severity that reports show; never changes the exit code.  [default: info]",
)  # fmt: skip
@click.option(
    "--exclude", multiple=True, metavar="GLOB", help="Leave out what matches; repeat it for several."
)
@click.option(
    "-b", "--blacklist", multiple=True, callback=_parse_names, metavar="NAME",
    help="Report files and models that bear NAME, or names that hold it; repeat it, or put commas between.",
)  # fmt: skip
@click.option("--show-skipped", is_flag=True, help="List the files that are no model format.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Show debug findings, details, and every file that was read."
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but a report that was asked for.")
@click.option(
    "--category", default="", metavar="NAME", help="SARIF: tells several scans of one commit apart."
)
@click.option("--deterministic", is_flag=True, help="SARIF: leave times out.")
@click.option("--skip-unsupported", is_flag=True, help="Named files of no supported format are no error.")
@click.option("--summary", metavar="FILE", help="Append the markdown report to FILE (GITHUB_STEP_SUMMARY).")
@click.option(
    "--outputs", metavar="FILE", help="Append counts and exit code as key=value to FILE (GITHUB_OUTPUT)."
)
@click.option("--annotations", is_flag=True, help="Print GitHub annotations to stderr.")
@click.option(
    "--config", "config_file", metavar="FILE",
    help="Read ignores from FILE instead of the project's modelwarden.toml or pyproject.toml.",
)  # fmt: skip
@click.option("--no-config", is_flag=True, help="Read no configuration file.")
@click.option(
    "--baseline", metavar="FILE", help="Only findings that are not in this SARIF or JSON report count."
)
@click.option(
    "--changed-since", metavar="REF",
    help="Scan only files that differ from where the current branch left REF (a branch, tag or commit).",
)  # fmt: skip
@click.option("--write-baseline", metavar="FILE", help="Write all findings to FILE, for --baseline later.")
def scan(
    *,
    paths: tuple[str, ...],
    more_paths: tuple[str, ...],
    asked: tuple[Target, ...],
    output: str | None,
    fail_on: str,
    min_severity: str | None,
    exclude: tuple[str, ...],
    blacklist: tuple[str, ...],
    show_skipped: bool,
    verbose: bool,
    quiet: bool,
    category: str,
    deterministic: bool,
    skip_unsupported: bool,
    summary: str | None,
    outputs: str | None,
    annotations: bool,
    config_file: str | None,
    no_config: bool,
    baseline: str | None,
    write_baseline: str | None,
    changed_since: str | None,
) -> int:
    """Scan files and directories. Nothing is loaded, run or unpacked."""
    from modelwarden.ci import git
    from modelwarden.config import load
    from modelwarden.domain.settings import Settings
    from modelwarden.job import Job

    chosen = (*paths, *more_paths)
    if not chosen:
        raise click.UsageError("no PATH given.")
    reports = targets(asked, output or None, quiet)
    if no_config and config_file:
        raise click.UsageError("--config and --no-config contradict each other.")
    ignores = (
        () if no_config else load(config_file or None, git.repository_root(os.curdir) or os.getcwd()).ignores
    )
    floor = min_severity or ("debug" if verbose else "info")
    settings = Settings(
        fail_on=None if fail_on == "never" else Severity[fail_on.upper()],
        min_severity=Severity[floor.upper()],
        exclude=exclude,
        blacklist=blacklist,
        hashing=any(target.format in _HASHED for target in reports) or any(one.sha256 for one in ignores),
        skip_unsupported=skip_unsupported,
        root=git.root_of(chosen),
        only=git.changed_since(changed_since, chosen[0]) if changed_since else None,
    )
    return Job(
        paths=chosen,
        settings=settings,
        targets=reports,
        verbose=verbose,
        quiet=quiet,
        show_skipped=show_skipped,
        category=category,
        deterministic=deterministic,
        summary=summary or None,
        outputs=outputs or None,
        annotations=annotations,
        ignores=ignores,
        baseline=baseline or None,
        write_baseline=write_baseline or None,
    ).run()


@cli.command(
    epilog="The token is read from GITHUB_TOKEN, or GH_TOKEN, in the environment. Exit code 2: not delivered, or refused."
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
def upload(
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
    import time

    from modelwarden.ci import git
    from modelwarden.ci.context import context
    from modelwarden.ci.upload import Unavailable, Uploader

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
            log = stream.read()
    except OSError as error:
        raise UserError(f"cannot read {file}: {(error.strerror or '').lower()}") from error
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


@cli.command()
@click.argument("rule_id", required=False, metavar="[ID]")
def rules(rule_id: str | None) -> int:
    """List the rules, or show all that is known about one."""
    from modelwarden.policies import CATALOGUE
    from modelwarden.reports import stdout
    from modelwarden.reports.reference import rule_table, rule_text

    if rule_id is None:
        stdout.show(rule_table(CATALOGUE.values()))
        return 0
    ids = {rule.name: rule.id for rule in CATALOGUE.values()} | {id_.lower(): id_ for id_ in CATALOGUE}
    wanted = rule_id.lower()
    if wanted not in ids:
        import difflib

        close = difflib.get_close_matches(wanted, ids, n=1, cutoff=0.0)
        raise UserError(f"no rule {visible(rule_id)}. Did you mean {', '.join(ids[name] for name in close)}?")
    stdout.show(rule_text(CATALOGUE[ids[wanted]]))
    return 0


@cli.command()
def formats() -> int:
    """List the formats that are read."""
    from modelwarden.formats import FORMATS
    from modelwarden.reports import stdout
    from modelwarden.reports.reference import format_table

    stdout.show(format_table(FORMATS))
    return 0


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (default: the process's own) and return its exit code."""
    try:
        # Unexpanded on Windows, too: a hook is given names, and a file may be called `[ab].pkl` or `$HOME.pkl`.
        code: int | None = cli.main(
            arguments, prog_name="modelwarden", standalone_mode=False, windows_expand_args=False
        )
    except UserError as error:
        return _complain(str(error), error.exit_code)
    except click.ClickException as error:
        return _complain(_with_help(error), USAGE_ERROR)
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted", INTERRUPTED)
    except Exception:  # noqa: BLE001  the one place where a bug of ours ends: never a bare traceback, never exit code 1
        return _confess()
    return code or 0


def main() -> NoReturn:
    """The console script."""
    sys.exit(run())


def _complain(message: str, code: int) -> int:
    click.echo(f"modelwarden: {visible(message, MESSAGE)}", err=True)
    return code


def _with_help(error: click.ClickException) -> str:
    """The error in one line, and where to read on."""
    message = " ".join(error.format_message().split())
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message} See '{context.command_path} --help'." if context else message


def _confess() -> int:
    """Print the traceback, harmless (its text may come from a model), and where to take it."""
    import traceback

    for row in traceback.format_exc().splitlines():
        click.echo(visible(row, MESSAGE), err=True)
    click.echo(
        f"modelwarden: this is a bug in modelwarden {__version__}. Nothing it printed or wrote can be relied on.\n"
        f"modelwarden: Please report it with the lines above: {ISSUES}",
        err=True,
    )
    return OUR_BUG
