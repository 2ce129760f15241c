"""Which finding is which, from run to run: the same names for SARIF, baselines and every other report."""

from collections.abc import Mapping, Sequence
from functools import cache

from modelwarden.domain.finding import Finding
from modelwarden.domain.record import replace
from modelwarden.domain.report import Report
from modelwarden_sarif.fingerprints import Fingerprinter, Key, member_path
from modelwarden_sarif.uris import quote_path, relative_path

FINGERPRINT = "modelwarden/v1"
"""The key of the full fingerprint beside GitHub's own."""

_NAMED_AFTER_THEMSELVES = frozenset({"pytorch"})
"""Formats whose archives put everything below a directory named after the file, as it was called when it was saved."""


def identified(report: Report) -> Report:
    """The report with every finding's `fingerprint`."""
    made = fingerprints(report)
    named = (
        replace(finding, fingerprint=prints[FINGERPRINT])
        for finding, prints in zip(report.findings, made, strict=True)
    )
    return replace(report, findings=tuple(named))


def fingerprints(report: Report) -> Sequence[Mapping[str, str]]:
    """For every finding, in the report's order, SARIF's `partialFingerprints`.

    They hold what the finding is (format, members, rule, subject, argument) and, among equal ones of a file, which one by their
    order in it: no offset, message, severity, version or time, and no directory above the report's root.
    """

    @cache
    def where(file: str) -> str:
        return place(file, report.root)

    files = {file.path: file for file in report.files}
    order = sorted(
        range(len(report.findings)),
        key=lambda index: _order(report.findings[index], where(report.findings[index].path.file)),
    )
    fingerprinter = Fingerprinter(FINGERPRINT)
    made: dict[int, Mapping[str, str]] = {}
    for index in order:
        finding = report.findings[index]
        file = files.get(finding.path.file)
        drop_top = file is not None and not _NAMED_AFTER_THEMSELVES.isdisjoint(file.formats)
        key = Key(
            container=finding.format,
            members=member_path(finding.path.members, drop_top=drop_top),
            kind=finding.rule.id,
            subject=finding.subject,
            argument=finding.argument,
        )
        made[index] = fingerprinter.fingerprints(
            key, rule_id=finding.rule.id, uri=where(finding.path.file) or finding.path.file
        )
    return [made[index] for index in range(len(report.findings))]


def place(file: str, root: str) -> str:
    """The URI of a file below the root, `/` between its parts, percent-encoded; empty when it lies elsewhere."""
    relative = relative_path(file, root or ".")
    return "" if relative is None else quote_path(relative)


def _order(finding: Finding, uri: str) -> tuple[object, ...]:
    return (uri, finding.path.members, finding.rule.id, finding.span.offset)
