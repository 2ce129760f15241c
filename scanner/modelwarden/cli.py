"""Argv in, exit code out.

There are three outcomes: a report; a user error, told in one line on stderr (exit code 4); and a bug of ours, told with a
traceback and where to report it (exit code 2). stdout holds only the report.
"""

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
def scan(
    *,
    paths: tuple[str, ...],
    more_paths: tuple[str, ...],
    asked: tuple[Target, ...],
    output: str | None,
    fail_on: str,
    min_severity: str | None,
    exclude: tuple[str, ...],
    show_skipped: bool,
    verbose: bool,
    quiet: bool,
    category: str,
    deterministic: bool,
    skip_unsupported: bool,
    summary: str | None,
    outputs: str | None,
    annotations: bool,
) -> int:
    """Scan files and directories. Nothing is loaded, run or unpacked."""
    from modelwarden.ci.git import root_of
    from modelwarden.domain.settings import Settings
    from modelwarden.job import Job

    chosen = (*paths, *more_paths)
    if not chosen:
        raise click.UsageError("no PATH given.")
    reports = targets(asked, output or None, quiet)
    floor = min_severity or ("debug" if verbose else "info")
    settings = Settings(
        fail_on=None if fail_on == "never" else Severity[fail_on.upper()],
        min_severity=Severity[floor.upper()],
        exclude=exclude,
        hashing=any(target.format in _HASHED for target in reports),
        skip_unsupported=skip_unsupported,
        root=root_of(chosen),
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
    ).run()


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
