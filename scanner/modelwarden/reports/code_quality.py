"""The report for GitLab's merge requests: Code Quality, in every tier.

An array of issues, with no place for anything else: suppressed findings are left out, and a place that was not read is an issue,
because otherwise nothing would tell of it. Format: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

import json
from collections.abc import Iterator
from hashlib import sha256

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.severity import Severity
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.places import Places
from modelwarden.reports.visible import MESSAGE, visible

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.WARNING: "major",
    Severity.INFO: "info",
    Severity.DEBUG: "info",
}


def code_quality(outcome: Outcome) -> str:
    """The report as a JSON array with a newline at its end, empty when there is nothing to tell; worst first."""
    report = outcome.report
    findings = sorted(outcome.findings, key=lambda finding: -finding.rule.severity)
    places = Places(report)
    lines = places.lines(findings)
    issues = [_of_finding(finding, line, places) for finding, line in zip(findings, lines, strict=True)]
    issues += _of_notes(report.notes, places)
    if outcome.interruption:
        text = f"The scan was {outcome.interruption}."
        issues.append(_issue(text, "interrupted", _hex("interrupted"), "major", "."))
    return json.dumps(issues, indent=2) + "\n"


def _of_finding(finding: Finding, line: int, places: Places) -> dict[str, object]:
    rule = finding.rule
    members = visible("!".join(finding.path.members))
    where = f" (in {members})" if members else ""
    return _issue(
        f"{visible(finding.message, MESSAGE)}{where}",
        f"{rule.id} {rule.name}",
        places.name(finding),
        _SEVERITIES[rule.severity],
        places.path(finding.path.file),
        line,
    )


def _of_notes(notes: tuple[Note, ...], places: Places) -> Iterator[dict[str, object]]:
    """Equal names would show as one issue: those that say the same of the same place are numbered."""
    seen: dict[tuple[str, ...], int] = {}
    for note in notes:
        file = places.path(note.path.file)
        key = (note.rule.id, file, *map(visible, note.path.members), visible(note.message, MESSAGE))
        seen[key] = seen.get(key, 0) + 1
        members = visible("!".join(note.path.members))
        where = f" of {members}" if members else ""
        yield _issue(
            f"Not read{where}: {visible(note.message, MESSAGE)}",
            f"{note.rule.id} {note.rule.name}",
            _hex("\0".join((*key, str(seen[key])))),
            "major",
            file,
        )


def _issue(
    description: str, check: str, fingerprint: str, severity: str, path: str, line: int = 1
) -> dict[str, object]:
    return {
        "description": description,
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }


def _hex(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()
