"""The report under the keys that users of ModelAudit read: `issues`, `assets`, `bytes_scanned` and so on.

The same content as the rest of the JSON report, in the words of another tool, so that what reads one can read the other.
"""

from datetime import datetime
from typing import TypeAlias

from modelwarden.domain.finding import Finding
from modelwarden.reports.outcome import Outcome

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"


def issues_view(outcome: Outcome, times: tuple[datetime, datetime] | None) -> dict[str, Value]:
    """`times`: when the scan began and ended (UTC); None leaves them out. Texts are exact, lone surrogates escaped."""
    started, ended = (each.timestamp() for each in times) if times else (None, None)
    view: dict[str, Value] = {
        "scanner_names": [*sorted({name for file in outcome.scanned for name in file.formats})],
        "bytes_scanned": sum(file.size for file in outcome.scanned),
        "issues": [_issue(finding, ended) for finding in outcome.findings],
        "has_errors": not outcome.report.complete,
        "files_scanned": len(outcome.scanned),
        "assets": [
            {"path": exact(file.path), "type": file.formats[0] if file.formats else "unknown"}
            for file in outcome.scanned
        ],
    }
    if started is not None and ended is not None:
        view |= {"start_time": started, "duration": ended - started}
    return view


def _issue(finding: Finding, when: float | None) -> dict[str, Value]:
    issue: dict[str, Value] = {
        "message": exact(finding.message),
        "severity": finding.rule.severity.name.lower(),
        "location": f"{exact(str(finding.path))} (pos {finding.span.offset})",
        "details": {
            "rule": finding.rule.id,
            "subject": exact(finding.subject),
            "position": finding.span.offset,
            "opcode": finding.opcode,
        },
        "why": finding.rule.explanation,
    }
    if when is not None:
        issue["timestamp"] = when
    return issue


def exact(text: str) -> str:
    """Text that strict readers of JSON take: lone surrogates become the six characters `\\udcff`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
