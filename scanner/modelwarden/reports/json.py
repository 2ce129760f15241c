"""The report for programs: JSON, schema version 1.

Within a schema version keys are added, never changed. The text is ASCII, so that any locale and any terminal can take it; lone
surrogates, which strict readers refuse, are written as the six characters `\\udcff`. Everything else is exact: readers must treat
it as hostile.
"""

import json
from datetime import datetime

from modelwarden import __version__
from modelwarden.domain.finding import Finding, Note, Suppression
from modelwarden.domain.report import ScannedFile
from modelwarden.reports.issues import Value, exact, issues_view
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.visible import unobeyed
from modelwarden.triage.identity import place

SCHEMA_VERSION = 1


def json_text(outcome: Outcome, times: tuple[datetime, datetime] | None = None) -> str:
    """The report as JSON with a newline at its end; same report, same bytes. `times`: when the scan began and ended, or None."""
    return unobeyed(json.dumps(document(outcome, times), indent=2, allow_nan=False)) + "\n"


def document(outcome: Outcome, times: tuple[datetime, datetime] | None = None) -> dict[str, Value]:
    """What `json_text` writes."""
    report = outcome.report
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "modelwarden", "version": report.version or __version__},
        "summary": {
            "exit_code": outcome.exit_code,
            "complete": report.complete,
            "interrupted": report.interrupted,
            "files_scanned": len(outcome.scanned),
            "files_failed": len(outcome.failed),
            "files_skipped": len(outcome.skipped),
            "files_left_out": report.left_out,
            "files_unreached": report.unreached,
            "findings": {severity.name.lower(): count for severity, count in outcome.counts.items()},
            "findings_hidden": outcome.hidden,
        },
        "findings": [_finding(finding, report.root) for finding in report.findings],
        "notes": [_note(note) for note in report.notes],
        "files": [_file(file) for file in report.files],
        **issues_view(outcome, times),
    }


def _finding(finding: Finding, root: str) -> dict[str, Value]:
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": finding.rule.severity.name.lower(),
        "file": exact(finding.path.file),
        "members": [exact(member) for member in finding.path.members],
        "subject": exact(finding.subject),
        "argument": exact(finding.argument),
        "message": exact(finding.message),
        "offset": finding.span.offset,
        "length": finding.span.length,
        "count": finding.count,
        "format": finding.format,
        "opcode": finding.opcode,
        "family": exact(finding.family),
        "fingerprint": finding.fingerprint,
        "uri": place(finding.path.file, root),
        "suppression": _suppression(finding.suppression),
    }


def _suppression(suppression: Suppression | None) -> Value:
    if suppression is None:
        return None
    return {"grounds": suppression.grounds.value, "justification": exact(suppression.justification)}


def _note(note: Note) -> dict[str, Value]:
    return {
        "rule": note.rule.id,
        "file": exact(note.path.file),
        "members": [exact(member) for member in note.path.members],
        "message": exact(note.message),
    }


def _file(file: ScannedFile) -> dict[str, Value]:
    return {
        "path": exact(file.path),
        "size": file.size,
        "coverage": file.coverage.value,
        "formats": list(file.formats),
        "reason": exact(file.reason),
        "sha256": file.sha256,
    }
