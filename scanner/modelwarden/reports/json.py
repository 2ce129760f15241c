"""The report for programs: JSON, schema version 1.

Within a schema version keys are added, never changed. The text is ASCII, so that any locale and any terminal can take it; lone
surrogates, which strict readers refuse, are written as the six characters `\\udcff`. Everything else is exact: readers must treat
it as hostile.
"""

import json
from typing import TypeAlias

from modelwarden import __version__
from modelwarden.domain.finding import Finding, Note, Suppression
from modelwarden.domain.report import ScannedFile
from modelwarden.reports.outcome import Outcome
from modelwarden.triage.identity import place

SCHEMA_VERSION = 1

_Value: TypeAlias = "str | int | bool | list[_Value] | dict[str, _Value] | None"


def json_text(outcome: Outcome) -> str:
    """The report as JSON with a newline at its end; same report, same bytes."""
    report = outcome.report
    document: dict[str, _Value] = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "modelwarden", "version": report.version or __version__},
        "summary": {
            "exit_code": outcome.exit_code,
            "complete": report.complete,
            "files_scanned": len(outcome.scanned),
            "files_failed": len(outcome.failed),
            "files_skipped": len(outcome.skipped),
            "files_left_out": report.left_out,
            "findings": {severity.name.lower(): count for severity, count in outcome.counts.items()},
            "findings_hidden": outcome.hidden,
        },
        "findings": [_finding(finding, report.root) for finding in report.findings],
        "notes": [_note(note) for note in report.notes],
        "files": [_file(file) for file in report.files],
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _finding(finding: Finding, root: str) -> dict[str, _Value]:
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": finding.rule.severity.name.lower(),
        "file": _exact(finding.path.file),
        "members": [_exact(member) for member in finding.path.members],
        "subject": _exact(finding.subject),
        "argument": _exact(finding.argument),
        "message": _exact(finding.message),
        "offset": finding.span.offset,
        "length": finding.span.length,
        "count": finding.count,
        "format": finding.format,
        "opcode": finding.opcode,
        "family": _exact(finding.family),
        "fingerprint": finding.fingerprint,
        "uri": place(finding.path.file, root),
        "suppression": _suppression(finding.suppression),
    }


def _suppression(suppression: Suppression | None) -> _Value:
    if suppression is None:
        return None
    return {"grounds": suppression.grounds.value, "justification": _exact(suppression.justification)}


def _note(note: Note) -> dict[str, _Value]:
    return {
        "rule": note.rule.id,
        "file": _exact(note.path.file),
        "members": [_exact(member) for member in note.path.members],
        "message": _exact(note.message),
    }


def _file(file: ScannedFile) -> dict[str, _Value]:
    return {
        "path": _exact(file.path),
        "size": file.size,
        "coverage": file.coverage.value,
        "formats": list(file.formats),
        "reason": _exact(file.reason),
        "sha256": file.sha256,
    }


def _exact(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
