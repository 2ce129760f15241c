"""The report as one page for a browser: complete without scripts and without a network.

Jinja escapes all text, and should it ever fail to, the page's Content-Security-Policy lets nothing run but the one script whose
hash it names, and fetches nothing. Only our own template is rendered; the templates of models are never more than parsed. The
payload of a call is left to the text and JSON reports, since pages travel.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from modelwarden import __version__
from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.report import Coverage, ScannedFile
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.reports.lines import plain
from modelwarden.reports.links import HOME, page_of, page_of_reference, page_of_weakness
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.text import summary
from modelwarden.reports.visible import MESSAGE, visible

FINDINGS = 2_000
"""Findings on the page, worst first: browsers are slow with more, and so are readers."""
NOTES = 500
FILES = 5_000
"""Rows of a table of files."""


def html(outcome: Outcome, times: tuple[datetime, datetime] | None) -> str:
    """The report as HTML, ending in a newline. Without `times` it is the same for the same findings."""
    page = files("modelwarden.reports").joinpath("page")
    template, style, script = (
        page.joinpath(name).read_text("utf-8") for name in ("page.html", "page.css", "page.js")
    )
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = "{:,}".format
    rendered = environment.from_string(template).render(
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704  # our own, as the script is
        script=Markup(script),  # noqa: S704
        date=times[0].astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if times else "",
        home=HOME,
        version=outcome.report.version or __version__,
        **_head(outcome),
        **_findings(outcome),
        **_rest(outcome),
    )
    return rendered.rstrip("\n") + "\n"


def _policy(style: str, script: str) -> str:
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


# The head of the page


def _head(outcome: Outcome) -> Mapping[str, object]:
    word, tone = _word(outcome)
    counts = outcome.counts
    shown = [severity for severity in counts if severity > Severity.DEBUG or counts[severity]]
    return {
        "word": word,
        "tone": tone,
        "verdict": " ".join(plain(summary(outcome)[:1]).split()),
        "severities": [{"name": _name(severity), "count": counts[severity]} for severity in shown],
        **_coverage(outcome),
    }


def _word(outcome: Outcome) -> tuple[str, str]:
    """The headline and its colour; `Clean` only where everything was read and nothing is hidden or left out."""
    report = outcome.report
    worst = next((severity for severity, count in outcome.counts.items() if count), None)
    if worst is not None and worst >= Severity.WARNING:
        return ("Critical findings", "critical") if worst is Severity.CRITICAL else ("Warnings", "warning")
    if report.interrupted:
        return "Interrupted", "warning"
    if not report.complete:
        return "Not everything was read", "warning"
    if worst is not None:
        return "Nothing serious found" if not outcome.hidden else "Findings", "info"
    if not outcome.scanned:
        return "Nothing was scanned", "warning"
    if outcome.hidden:
        return f"Nothing at or above {_name(outcome.min_severity)}", "info"
    if outcome.suppressed:
        return "Nothing new found", "good"
    return ("Nothing found" if outcome.skipped or report.left_out else "Clean"), "good"


def _coverage(outcome: Outcome) -> Mapping[str, object]:
    whole = sum(file.coverage is Coverage.COMPLETE for file in outcome.scanned)
    kinds = [
        ("whole", whole, "read whole"),
        ("part", len(outcome.failed), "not fully read"),
        ("skipped", len(outcome.skipped), "skipped, no model format"),
    ]
    total = sum(count for _, count, _ in kinds) or 1
    bars: list[Mapping[str, object]] = []
    start = 0.0
    for kind, count, _ in kinds:
        width = 100 * count / total
        bars.append({"kind": kind, "start": f"{start:.2f}", "width": f"{width:.2f}"})
        start += width
    kinds += [
        ("", outcome.report.unreached, "not reached before the interruption"),
        ("", outcome.report.left_out, "unchanged, left out"),
        ("", len(outcome.suppressed), "known or ignored, not counted"),
        ("", outcome.hidden, f"below {_name(outcome.min_severity)}, not shown"),
    ]
    facts = [
        {"kind": kind, "count": count, "text": text}
        for kind, count, text in kinds
        if count or kind in ("whole", "part")
    ]
    return {"bars": bars, "facts": facts}


# The findings


def _findings(outcome: Outcome) -> Mapping[str, object]:
    """Files in the order of their worst finding; the rules that were broken, most often first."""
    worst_first = sorted(outcome.findings, key=lambda finding: -finding.rule.severity)
    shown = worst_first[:FINDINGS]
    of_file: dict[str, list[Finding]] = {}
    for finding in shown:
        of_file.setdefault(finding.path.file, []).append(finding)
    known = {file.path: file for file in outcome.report.files}
    return {
        "rules": list(_rules(outcome.findings)),
        "files": [
            {
                "path": visible(path, MESSAGE),
                "about": _about(known[path], sha256=True) if path in known else "",
                "findings": [_finding(finding) for finding in findings],
            }
            for path, findings in of_file.items()
        ],
        "findings_shown": len(shown),
        "findings_left": len(worst_first) - len(shown),
    }


def _rules(findings: Iterable[Finding]) -> Iterator[Mapping[str, object]]:
    ordered = sorted(findings, key=lambda finding: finding.rule.id)
    groups = [list(group) for _, group in groupby(ordered, lambda finding: finding.rule.id)]
    for group in sorted(groups, key=lambda group: (-group[0].rule.severity, -len(group))):
        rule = group[0].rule
        yield {
            "id": rule.id,
            "severity": _name(rule.severity),
            "summary": rule.summary,
            "page": page_of(rule),
            "count": len(group),
            "files": len({finding.path.file for finding in group}),
        }


def _finding(finding: Finding) -> Mapping[str, object]:
    facts = {
        "member": visible("!".join(finding.path.members), MESSAGE),
        "offset": f"{finding.span.offset:,}",
        "times": f"{finding.count:,}" if finding.count > 1 else "",
        "subject": visible(finding.subject),
        "family": visible(finding.family),
        "opcode": finding.opcode,
        "read as": finding.format,
        "fingerprint": finding.fingerprint,
    }
    return {
        "severity": _name(finding.rule.severity),
        "message": visible(finding.message, MESSAGE),
        "rule": finding.rule,
        "facts": [(name, value) for name, value in facts.items() if value],
        "links": list(_links(finding.rule)),
    }


def _links(rule: Rule) -> Iterator[tuple[str, str]]:
    yield f"{rule.id} in the documentation", page_of(rule)
    for number in rule.cwe:
        yield f"CWE-{number}", page_of_weakness(number)
    for reference in rule.references:
        if address := page_of_reference(reference):
            yield reference, address


# What was and was not read


def _rest(outcome: Outcome) -> Mapping[str, object]:
    notes = outcome.report.notes
    suppressed = outcome.suppressed
    groups = [
        _group("Files read", "read as", outcome.scanned),
        _group("Files skipped", "why", outcome.skipped),
    ]
    return {
        "unread": [
            {"place": _place(note.path), "message": visible(note.message, MESSAGE), "rule": _title(note)}
            for note in notes[:NOTES]
        ],
        "unread_left": max(0, len(notes) - NOTES),
        "suppressed": [
            {
                "place": _place(finding.path),
                "message": visible(finding.message, MESSAGE),
                "rule": _title(finding),
                "grounds": finding.suppression.grounds.value,
                "reason": visible(finding.suppression.justification, MESSAGE),
            }
            for finding in suppressed[:NOTES]
            if finding.suppression is not None
        ],
        "suppressed_left": max(0, len(suppressed) - NOTES),
        "groups": [group for group in groups if group["count"]],
    }


def _group(title: str, heading: str, of: Sequence[ScannedFile]) -> Mapping[str, object]:
    rows = [
        {
            "path": visible(file.path, MESSAGE),
            "about": _about(file),
            "size": file.size,
            "sha256": file.sha256,
        }
        for file in of[:FILES]
    ]
    return {
        "title": title,
        "heading": heading,
        "count": len(of),
        "files": rows,
        "left": max(0, len(of) - FILES),
    }


def _about(file: ScannedFile, *, sha256: bool = False) -> str:
    """What a file is, and how much of it was read."""
    partly = "not fully read" if file.coverage not in (Coverage.COMPLETE, Coverage.UNSUPPORTED) else ""
    facts = [", ".join(file.formats), partly, visible(file.reason)]
    if sha256:
        facts += [f"{file.size:,} bytes", f"SHA-256 {file.sha256}" if file.sha256 else ""]
    return " · ".join(fact for fact in facts if fact)


def _place(path: ArtifactPath) -> str:
    return visible(str(path), MESSAGE)


def _title(item: Finding | Note) -> str:
    return f"{item.rule.id} {item.rule.name}"


def _name(severity: Severity) -> str:
    return severity.name.lower()
