"""`modelwarden scan`: options in, a job out."""

import os

import click
from click.core import ParameterSource

from modelwarden.ci import git, github
from modelwarden.commands import foreign, plugged, values
from modelwarden.commands.configured import Configured
from modelwarden.commands.epilog import EXIT_CODES
from modelwarden.commands.removed import removed
from modelwarden.commands.sections import EXAMPLES
from modelwarden.config.configuration import Configuration
from modelwarden.domain.budget import Limits
from modelwarden.domain.record import replace
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.job import Job
from modelwarden.reports.log import Log
from modelwarden.reports.profile import Profile, Style
from modelwarden.reports.target import ReportFormat, Target, targets
from modelwarden.reports.visible import MESSAGE, visible

_LONGEST = 10_000_000


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


def _size(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    from modelwarden.domain.size import parse_size  # few scans are limited

    try:
        return parse_size(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", context, parameter) from error


def _seconds(context: click.Context, parameter: click.Parameter, value: float) -> float:
    if not 0 < value <= _LONGEST:
        raise click.BadParameter(f"{value:g} is not between 0 and {_LONGEST:,}.", context, parameter)
    return value


def _limits(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, int], ...]:
    if not values:
        return ()
    from modelwarden.domain.limits import parse_limits  # few scans change one

    try:
        return tuple(parse_limits(values).items())
    except ValueError as error:
        raise click.BadParameter(f"{error}.", context, parameter) from error


def _tells_hashes(target: Target) -> bool:
    """Whether a report needs the SHA-256 of files; nobody knows of somebody else's."""
    return not isinstance(target.format, ReportFormat) or target.format.hashes


def _style(profile: Profile, category: str, *, deterministic: bool, region_always: bool) -> Style:
    run = None
    if profile is Profile.AZURE:
        from modelwarden.ci import azure  # nobody else needs it

        run = azure.run(os.environ)
    return Style(
        profile=profile, category=category, run=run, deterministic=deterministic, region_always=region_always
    )


def _changed(
    paths: tuple[str, ...], reference: str | None, only: bool, quiet: bool, annotations: bool
) -> frozenset[str] | None:
    """The files that a scan of what has changed is about; None: all there are."""
    if reference and only:
        raise click.UsageError("--changed-since and --changed-only contradict each other.")
    if reference:
        return git.changed_since(reference, *paths)
    if not only:
        return None
    from modelwarden.ci.changes import of_request  # reads event files: seldom needed

    changes = of_request(os.environ, *paths)
    if changes.failed and annotations:
        click.echo(github.warning(changes.remark), err=True)
    elif changes.remark and not quiet:
        click.echo(f"modelwarden: {visible(changes.remark, MESSAGE)}", err=True)
    return changes.files


_SECTIONS = {
    "What is scanned": (
        "--exclude", "--changed-since", "-changed-only", "-path", "-suffix", "-without-format", "-plugin", "-skip-unsupported",
        "-weights",
    ),
    "What counts": (
        "--fail-on", "--strict", "--min-severity", "--baseline", "--write-baseline", "--config", "-no-config",
        "-settings-file", "-severity",
        "-allow", "-deny", "-blacklist", "-known-bad",
    ),
    "Reports": (
        "--format", "--output", "-reporting-format", "-reporter", "--sbom", "--verbose", "--quiet", "--progress",
        "-show-skipped", "-deterministic",
        "-sarif-profile", "-sarif-region", "-category", "-log",
    ),
    "Time, memory, size": (
        "--timeout", "--jobs", "-max-memory", "--max-file-size", "-max-total-size", "-limit", "-no-hash", "-cache-dir",
        "-cache-trust-mtime",
    ),
    "In pipelines": ("-annotations", "-summary", "-outputs"),
    "Help": ("--help-all", "--help"),
}  # fmt: skip


@click.command("scan", cls=Configured, sections=_SECTIONS, epilog=EXAMPLES + EXIT_CODES)
@click.pass_obj
@click.argument("paths", nargs=-1, metavar="PATH…")
@click.option("-p", "--path", "more_paths", multiple=True, metavar="PATH", help="The same as PATH.")
@click.option(
    "-f", "--format", "asked", multiple=True, callback=_parse_targets, metavar=f"{'|'.join(ReportFormat)}[:FILE]",
    help="Report to write; repeat it for several. Without FILE it goes to --output or stdout.",
)  # fmt: skip
@click.option(
    "-o", "--output", "--output-file", metavar="FILE", help="Where the report without a FILE of its own goes."
)
@click.option(
    "--reporter", "reporters", multiple=True, callback=plugged.reporters, metavar="NAME[:FILE]",
    help="A report that a plug-in writes, or module.Class; repeat it for several.",
)  # fmt: skip
@click.option(
    "-r", "--reporting-format", type=click.Choice(foreign.REPORTING_FORMATS),
    help="As -f text, -f json, and the reporting module that --settings-file names.",
)  # fmt: skip
@click.option(
    "--sbom", "bill", metavar="FILE", help="Write a bill of materials to FILE: CycloneDX 1.6 (extra `sbom`)."
)
@click.option(
    "--plugin", "plugins", multiple=True, is_eager=True, callback=plugged.load, metavar="NAME",
    help="Load a plug-in: a distribution, an entry point or a module; repeat it for several.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(["critical", "warning", "info", "never"]), default="warning", show_default=True,
    help="Lowest severity that makes the exit code 1.",
)  # fmt: skip
@click.option(
    "--strict", is_flag=True,
    help="Findings of info fail, too, and files named like models that are none count as not read.",
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
@click.option(
    "--severity", "ratings", multiple=True, callback=values.ratings, metavar="RULE=LEVEL",
    help="Give a rule another severity; repeat it for several.",
)  # fmt: skip
@click.option(
    "--allow", "allowed", multiple=True, metavar="PATTERN",
    help="A global that nobody has to know, such as mypkg.layers.*; never makes a dangerous one harmless.",
)  # fmt: skip
@click.option(
    "--deny", "denied", multiple=True, callback=values.denied, metavar="PATTERN[=LEVEL]",
    help="A global that no model may use, whatever is known of it; or an operator, as in tensorflow:MatMul.",
)  # fmt: skip
@click.option(
    "--without-format", "without", multiple=True, callback=values.formats, metavar="NAME",
    help="Do not read this format (see `modelwarden formats`).",
)  # fmt: skip
@click.option(
    "--suffix", "suffixes", multiple=True, callback=values.suffixes, metavar=".EXT=FORMAT",
    help="Read files of this suffix as FORMAT, whatever else they are.",
)  # fmt: skip
@click.option(
    "--known-bad",
    metavar="FILE",
    help="Report files whose SHA-256 stands in FILE, a list as sha256sum prints it.",
)
@click.option(
    "-t", "--timeout", type=float, callback=_seconds, default=300, show_default=True, metavar="SECONDS",
    help="Time for one file; what was found before is reported.",
)  # fmt: skip
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N",
    help="Processes that scan; a file that crashes one costs nothing but that file.  [default: as many as pay off]",
)  # fmt: skip
@click.option(
    "--max-memory", "memory", callback=_size, metavar="SIZE",
    help="Memory that a process which scans may take.  [default: 4GiB]",
)  # fmt: skip
@click.option(
    "--progress", is_flag=True, help="Say every few seconds how far it is, where there is no terminal."
)
@click.option("--show-skipped", is_flag=True, help="List the files that are no model format.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Show debug findings, details, and every file that was read."
)
@click.option(
    "-l", "--log", type=click.Choice([each.name.lower() for each in reversed(Log)], case_sensitive=False),
    default="info",
    show_default=True,
    help="What stderr says: errors, also warnings, also the verdict, also what each file was read as.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but a report that was asked for.")
@click.option(
    "--sarif-profile", type=click.Choice([each.value for each in Profile]), default=Profile.GITHUB.value,
    show_default=True,
    help="SARIF: who is to read it.",
)  # fmt: skip
@click.option(
    "--sarif-region", type=click.Choice(["auto", "always"]), default="auto", show_default=True,
    help="SARIF: a line for findings in texts only, or for all; GitHub's uploader reads every file with a line.",
)  # fmt: skip
@click.option(
    "--category", default="", metavar="NAME", help="SARIF: tells several scans of one commit apart."
)
@click.option("--deterministic", is_flag=True, help="Leave times out of reports.")
@click.option("--weights", is_flag=True, help="Look at the numbers of tensors, too: reads them all (MW507).")
@click.option("--skip-unsupported", is_flag=True, help="Named files of no supported format are no error.")
@click.option(
    "--limit", "limits", multiple=True, callback=_limits, metavar="NAME=VALUE",
    help="Change a limit, as in members=500000 or text_bytes=64MiB; repeat it for several. docs/limits.md lists them.",
)  # fmt: skip
@click.option(
    "--max-file-size", "--max-size", "file_bytes", callback=_size, metavar="SIZE",
    help="Do not read larger files, and say so: 500MB, 1.5GiB, or bytes.",
)  # fmt: skip
@click.option(
    "--max-total-size", "total_bytes", callback=_size, metavar="SIZE",
    help="Stop before the files that are read exceed SIZE together, and say which were not read.",
)  # fmt: skip
@click.option(
    "--no-hash", is_flag=True, help="JSON and SARIF: leave SHA-256 out, which reads every file to its end."
)
@click.option(
    "--cache-dir", metavar="DIR",
    help="Keep results in DIR, and do not read again what has been read whole and has not changed.",
)  # fmt: skip
@click.option(
    "--cache-trust-mtime", is_flag=True,
    help="With --cache-dir: a file whose path, size, times and inode are the same has not changed.",
)  # fmt: skip
@click.option("--summary", metavar="FILE", help="Append the markdown report to FILE (GITHUB_STEP_SUMMARY).")
@click.option(
    "--outputs", metavar="FILE", help="Append counts and exit code as key=value to FILE (GITHUB_OUTPUT)."
)
@click.option("--annotations", is_flag=True, help="Print GitHub annotations to stderr.")
@click.option(
    "--config", "config_file", metavar="FILE", expose_value=False,
    help="Read ignores from FILE instead of the project's modelwarden.toml or pyproject.toml.",
)  # fmt: skip
@click.option("--no-config", is_flag=True, expose_value=False, help="Read no configuration file.")
@click.option(
    "--settings-file", metavar="FILE", expose_value=False,
    help="Read settings of ModelScan from FILE; without it, from ./modelscan-settings.toml if it is there.",
)  # fmt: skip
@click.option(
    "--baseline", metavar="FILE", help="Only findings that are not in this SARIF or JSON report count."
)
@click.option(
    "--changed-since", metavar="REF",
    help="Scan only files that differ from where the current branch left REF (a branch, tag or commit).",
)  # fmt: skip
@click.option(
    "--changed-only", is_flag=True,
    help="In a pull or merge request scan only files that it changes; everything where that cannot be told.",
)  # fmt: skip
@click.option("--write-baseline", metavar="FILE", help="Write all findings to FILE, for --baseline later.")
@removed
def command(
    configuration: Configuration,
    *,
    paths: tuple[str, ...],
    more_paths: tuple[str, ...],
    asked: tuple[Target, ...],
    output: str | None,
    reporting_format: str | None,
    bill: str | None,
    reporters: tuple[Target, ...],
    plugins: tuple[str, ...],
    fail_on: str,
    strict: bool,
    min_severity: str | None,
    exclude: tuple[str, ...],
    blacklist: tuple[str, ...],
    ratings: tuple[tuple[str, Severity], ...],
    allowed: tuple[str, ...],
    denied: tuple[tuple[str, Severity | None], ...],
    without: tuple[str, ...],
    suffixes: tuple[tuple[str, str], ...],
    known_bad: str | None,
    timeout: float,
    jobs: int | None,
    memory: int | None,
    progress: bool,
    show_skipped: bool,
    verbose: bool,
    log: str,
    quiet: bool,
    sarif_profile: str,
    sarif_region: str,
    category: str,
    deterministic: bool,
    weights: bool,
    skip_unsupported: bool,
    limits: tuple[tuple[str, int], ...],
    file_bytes: int | None,
    total_bytes: int | None,
    no_hash: bool,
    cache_dir: str | None,
    cache_trust_mtime: bool,
    summary: str | None,
    outputs: str | None,
    annotations: bool,
    baseline: str | None,
    write_baseline: str | None,
    changed_since: str | None,
    changed_only: bool,
) -> int:
    """Scan files and directories. Nothing is loaded, run or unpacked."""
    chosen = (*paths, *more_paths)
    if not chosen:
        raise click.UsageError("no PATH given.")
    if bill:
        asked = (*asked, Target(ReportFormat.SBOM, bill))
    level = Log[log.upper()]
    foreign.tell(configuration, Log.CRITICAL if quiet else level)
    if reporting_format:
        options = {"show_skipped": show_skipped, "output_file": output}
        asked = (*asked, foreign.target(reporting_format, configuration, options))
    reports = targets((*asked, *reporters), output or None, quiet)
    described = any(target.format is ReportFormat.SBOM for target in reports)
    if described:
        from modelwarden.reports.sbom import require  # few scans write one

        require()
    ignores = configuration.ignores
    if cache_trust_mtime and not cache_dir:
        raise click.UsageError("--cache-trust-mtime needs --cache-dir.")
    known: tuple[str, ...] = ()
    if known_bad:
        from modelwarden.config.sums import read_sums  # few have such a list

        known = tuple(sorted(read_sums(known_bad)))
    by_hash = bool(known) or any(one.sha256 for one in ignores)
    if no_hash and by_hash:
        raise click.UsageError(
            "--no-hash contradicts what is known by its SHA-256: an ignore, or --known-bad."
        )
    sizes = {"file_bytes": file_bytes, "total_bytes": total_bytes}
    ceilings = dict(limits) | {name: size for name, size in sizes.items() if size is not None}
    context = click.get_current_context()
    if strict and context.get_parameter_source("fail_on") is ParameterSource.DEFAULT:
        fail_on = "info"
    floor = min_severity or ("debug" if verbose else "info")
    settings = Settings(
        fail_on=None if fail_on == "never" else Severity[fail_on.upper()],
        min_severity=Severity[floor.upper()],
        exclude=exclude,
        blacklist=blacklist,
        ratings=ratings,
        allowed=allowed,
        denied=tuple(pattern for pattern, _ in denied),
        denied_as=tuple((pattern, level) for pattern, level in denied if level is not None),
        without=without,
        suffixes=suffixes,
        known_bad=known,
        hashing=not no_hash and (by_hash or any(_tells_hashes(target) for target in reports)),
        skip_unsupported=skip_unsupported,
        strict=strict,
        limits=replace(Limits(), **ceilings),
        timeout=timeout,
        jobs=jobs,
        memory=memory or Settings().memory,
        cache_dir=cache_dir or "",
        cache_trust_mtime=cache_trust_mtime,
        describe=described,
        weights=weights,
        plugins=plugins,
        root=git.root_of(chosen),
        only=_changed(chosen, changed_since, changed_only, quiet or level > Log.WARNING, annotations),
    )
    return Job(
        paths=chosen,
        settings=settings,
        targets=reports,
        verbose=verbose,
        log=level,
        quiet=quiet,
        progress=progress,
        show_skipped=show_skipped,
        style=_style(
            Profile(sarif_profile),
            category,
            deterministic=deterministic,
            region_always=sarif_region == "always",
        ),
        summary=summary or None,
        outputs=outputs or None,
        annotations=annotations,
        ignores=ignores,
        baseline=baseline or None,
        write_baseline=write_baseline or None,
    ).run()
