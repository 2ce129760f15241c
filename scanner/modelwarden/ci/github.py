"""GitHub's runner: annotations and step outputs.

Commands: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

import os
from collections.abc import Iterable, Iterator

from modelwarden.domain.severity import Severity
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.target import ReportFormat, Target
from modelwarden.reports.visible import MESSAGE, visible

PER_LEVEL = 10
"""Annotations of one level that GitHub shows for a step."""

_LEVELS = {Severity.CRITICAL: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def annotations(outcome: Outcome) -> list[str]:
    """One command per finding and unread place, at most `PER_LEVEL` of a level; the last one says how many there are more.

    What is said of the whole scan comes first and belongs to no file.
    """
    remarks = list(_remarks(outcome))
    commands = list(_of_the_scan(outcome))
    for level in _LEVELS.values():
        same = [remark for remark in remarks if remark[0] == level]
        room = PER_LEVEL - sum(command.startswith(f"::{level} ") for command in commands)
        kept = same if len(same) <= room else same[: room - 1]
        for _, file, title, message in kept:
            path = _property(_relative(file, outcome.report.root))
            commands.append(f"::{level} file={path},title={_property(title)}::{_data(message)}")
        if len(same) > len(kept):
            commands.append(
                f"::{level} title=modelwarden::{len(same) - len(kept):,} more like these are in the report"
            )
    return commands


def warning(text: str) -> str:
    """A warning that belongs to no file."""
    return f"::warning title=modelwarden::{_data(text)}"


def outputs(outcome: Outcome, targets: Iterable[Target]) -> str:
    """`key=value` lines for `GITHUB_OUTPUT`: numbers, and the SARIF and JSON files as the user named them."""
    counts = outcome.counts
    files = {target.format: target.file for target in targets if target.file}
    values: dict[str, str | int] = {
        "exit-code": outcome.exit_code,
        "findings": len(outcome.findings),
        "critical": counts[Severity.CRITICAL],
        "warning": counts[Severity.WARNING],
        "info": counts[Severity.INFO],
        "files-scanned": len(outcome.scanned),
        "files-failed": len(outcome.failed),
        "sarif-file": files.get(ReportFormat.SARIF, ""),
        "json-file": files.get(ReportFormat.JSON, ""),
    }
    return "".join(f"{key}={value}\n" for key, value in values.items())


def _of_the_scan(outcome: Outcome) -> Iterator[str]:
    if outcome.interruption:
        yield warning(outcome.interruption)
    if outcome.suppressed:
        count = len(outcome.suppressed)
        yield f"::notice title=modelwarden::{count:,} known or ignored finding{'s' * (count > 1)} not counted"


def _remarks(outcome: Outcome) -> Iterator[tuple[str, str, str, str]]:
    for finding in sorted(outcome.findings, key=lambda f: -f.rule.severity):
        if level := _LEVELS.get(finding.rule.severity):
            yield level, finding.path.file, f"{finding.rule.id} {finding.rule.name}", finding.message
    for note in outcome.report.notes:
        yield "warning", note.path.file, f"{note.rule.id} {note.rule.name}", f"not read: {note.message}"


def _relative(file: str, root: str) -> str:
    """The path from the repository's top with forward slashes; as it is when it lies elsewhere (another drive)."""
    directory, name = os.path.split(os.path.abspath(file))
    try:
        relative = os.path.relpath(os.path.join(os.path.realpath(directory), name), root or os.curdir)
    except ValueError:
        relative = file
    return relative.replace(os.sep, "/")


def _data(text: str) -> str:
    return visible(text, MESSAGE).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
