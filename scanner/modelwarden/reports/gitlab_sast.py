"""The report for GitLab's vulnerability pages: `gl-sast-report.json`.

Its descriptions are Markdown, so text of a model stands in code spans. Suppressed findings are left out and counted. GitLab
tells findings apart by their `tracking` signature, here of file and fingerprint, and without one by rule, file and line. Format:
https://docs.gitlab.com/development/integrations/secure/#report and gitlab-org/security-products/security-report-schemas.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid5

from modelwarden import __version__
from modelwarden.domain.finding import Finding
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.reports.lines import plain
from modelwarden.reports.links import HOME, page_of, page_of_reference, page_of_weakness
from modelwarden.reports.markdown import code
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.places import Places
from modelwarden.reports.text import summary
from modelwarden.reports.visible import MESSAGE, visible

SCHEMA = "15.0.7"
"""Of the 15.x family, which GitLab 16 and later take; versions that GitLab does not hold are refused, and so is the report."""

FINDINGS = 5_000
"""Vulnerabilities, worst first; the rest is counted."""
MESSAGES = 100
"""Unread places that are told; the rest is counted."""

_NAMESPACE = UUID("6f7c2f0e-5d0b-5b5e-9a53-0d2f4f1f3c55")
_IDENTIFIERS = 20
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_SEVERITIES = {
    Severity.CRITICAL: "Critical",
    Severity.WARNING: "Medium",
    Severity.INFO: "Info",
    Severity.DEBUG: "Info",
}


def gitlab_sast(outcome: Outcome, times: tuple[datetime, datetime] | None) -> str:
    """The report as JSON with a newline at its end. Without `times` it is the same for the same findings."""
    started, ended = times or (_NO_TIME, _NO_TIME)
    tool = {
        "id": "modelwarden",
        "name": "modelwarden",
        "url": HOME,
        "version": outcome.report.version or __version__,
        "vendor": {"name": "modelwarden"},
    }
    findings = sorted(outcome.findings, key=lambda finding: -finding.rule.severity)[:FINDINGS]
    places = Places(outcome.report)
    lines = places.lines(findings)
    document = {
        "version": SCHEMA,
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": "sast",
            "start_time": _time(started),
            "end_time": _time(ended),
            "status": "failure" if outcome.report.interrupted else "success",
            "messages": list(_messages(outcome, places)),
        },
        "vulnerabilities": [
            _vulnerability(finding, line, places) for finding, line in zip(findings, lines, strict=True)
        ],
    }
    return json.dumps(document) + "\n"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _messages(outcome: Outcome, places: Places) -> Iterator[dict[str, str]]:
    """The verdict, and what was not read."""
    for line in summary(outcome):
        yield {"level": "info", "value": " ".join(plain([line]).split())}
    findings = len(outcome.findings)
    if findings > FINDINGS:
        told = f"Only the {FINDINGS:,} most severe findings are in this report, {findings - FINDINGS:,} more are left out."
        yield {"level": "warn", "value": told}
    notes = outcome.report.notes
    for note in notes[:MESSAGES]:
        file = places.path(note.path.file)
        place = "!".join((file, *map(visible, note.path.members)))
        told = f"{note.rule.id} {note.rule.name}: {place}: {visible(note.message, MESSAGE)}"
        yield {"level": "warn", "value": told}
    if len(notes) > MESSAGES:
        yield {"level": "warn", "value": f"{len(notes) - MESSAGES:,} more places were not read."}


def _vulnerability(finding: Finding, line: int, places: Places) -> dict[str, object]:
    rule = finding.rule
    file = places.path(finding.path.file)
    name = places.name(finding)
    return {
        "id": str(uuid5(_NAMESPACE, name)),
        "name": rule.summary[:255],
        "description": f"{code(finding.message, MESSAGE)}\n\n{rule.explanation}",
        "severity": _SEVERITIES[rule.severity],
        "solution": rule.remedy,
        "identifiers": list(_identifiers(rule))[:_IDENTIFIERS],
        "links": [{"name": name, "url": url} for name, url in _links(rule)],
        "location": {"file": file, "start_line": line},
        "tracking": {
            "type": "source",
            "items": [
                {
                    "file": file,
                    "start_line": line,
                    "end_line": line,
                    "signatures": [{"algorithm": "hash", "value": name}],
                }
            ],
        },
        "details": _details(finding),
    }


def _details(finding: Finding) -> dict[str, dict[str, str | int]]:
    details: dict[str, tuple[str, str | int]] = {
        "member": ("Member", visible("!".join(finding.path.members), MESSAGE)),
        "subject": ("Subject", visible(finding.subject)),
        "offset": ("Byte offset", finding.span.offset),
        "count": ("Occurrences", finding.count),
        "format": ("Read as", finding.format),
    }
    return {
        key: {"type": "value", "name": name, "value": value}
        for key, (name, value) in details.items()
        if value != ""
    }


def _identifiers(rule: Rule) -> Iterator[dict[str, str]]:
    """The rule first: it is what GitLab goes by. No CVE among them, which would say that the project depends on what has it."""
    yield {
        "type": "modelwarden_rule_id",
        "name": f"modelwarden {rule.id} {rule.name}",
        "value": rule.id,
        "url": page_of(rule),
    }
    for number in rule.cwe:
        name = f"CWE-{number}"
        yield {"type": "cwe", "name": name, "value": str(number), "url": page_of_weakness(number)}


def _links(rule: Rule) -> Iterator[tuple[str, str]]:
    """References that are addresses, or have one."""
    for reference in rule.references:
        if url := page_of_reference(reference):
            yield reference, url
