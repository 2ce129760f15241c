"""`modelwarden scan`: options in, a job out."""

import os

import click

from modelwarden.ci import git
from modelwarden.commands.epilog import EXIT_CODES
from modelwarden.config import load
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.job import Job
from modelwarden.reports.target import ReportFormat, Target, targets

_HASHED = frozenset({ReportFormat.JSON, ReportFormat.SARIF})


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


@click.command("scan", epilog=EXIT_CODES)
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
def command(
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
