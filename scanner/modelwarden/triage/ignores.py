"""Findings the user accepts: by rule, path, subject and hash, each with a reason and perhaps an end."""

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase

from modelwarden.domain.finding import Finding, Grounds, Suppression
from modelwarden.domain.record import record, replace
from modelwarden.domain.report import Report


@record(kw_only=True)
class Ignore:
    """What is accepted: every condition that is not empty must hold.

    `rule`: an id or a name, `*` allowed; `path`: a glob against the path from the root, as in `--exclude`; `subject`: a glob;
    `sha256`: of the whole file, lower case hex. `expires`: the last day on which it holds, or None.
    """

    reason: str
    rule: str = ""
    path: str = ""
    subject: str = ""
    sha256: str = ""
    expires: date | None = None


def apply(report: Report, ignores: Sequence[Ignore], today: date) -> tuple[Report, tuple[str, ...]]:
    """The report with accepted findings suppressed, and what to tell the user: ignores that have expired, or match nothing."""
    from urllib.parse import unquote  # only here: configurations without ignores are the rule

    from modelwarden.triage.identity import place

    hashes = {file.path: file.sha256 for file in report.files}
    used: set[int] = set()
    findings: list[Finding] = []
    for finding in report.findings:
        path = unquote(place(finding.path.file, report.root)) or finding.path.file.replace("\\", "/")
        matching = [
            index
            for index, ignore in enumerate(ignores)
            if _matches(ignore, finding, path, hashes.get(finding.path.file, ""))
        ]
        used.update(matching)
        valid = [ignores[index] for index in matching if _holds(ignores[index], today)]
        if valid and finding.suppression is None:
            finding = replace(
                finding, suppression=Suppression(grounds=Grounds.IGNORED, justification=valid[0].reason)
            )
        findings.append(finding)
    told = [_told(ignore, index in used, today) for index, ignore in enumerate(ignores)]
    return replace(report, findings=tuple(findings)), tuple(filter(None, told))


def _holds(ignore: Ignore, today: date) -> bool:
    return ignore.expires is None or today <= ignore.expires


def _matches(ignore: Ignore, finding: Finding, path: str, sha256: str) -> bool:
    from modelwarden.engine.discover import excluded

    rule = ignore.rule.lower()
    return (
        (not rule or any(fnmatchcase(name, rule) for name in (finding.rule.id.lower(), finding.rule.name)))
        and (not ignore.path or excluded(path, [ignore.path]))
        and (not ignore.subject or fnmatchcase(finding.subject, ignore.subject))
        and (not ignore.sha256 or ignore.sha256 == sha256)
    )


def _told(ignore: Ignore, used: bool, today: date) -> str:
    named = ", ".join(
        f"{key} {value}"
        for key, value in (
            ("rule", ignore.rule),
            ("path", ignore.path),
            ("subject", ignore.subject),
            ("sha256", ignore.sha256),
        )
        if value
    )
    if not _holds(ignore, today):
        return f"the ignore of {named} expired on {ignore.expires}: its findings count again"
    return "" if used else f"the ignore of {named} matches nothing"
