"""The report for a pull request or a job summary: GitHub-flavoured Markdown, at most 50 findings, far under 1 MiB.

All text of a model stands in a code span without backticks and pipes, where neither markup nor HTML nor mentions nor links
work (https://github.github.com/gfm/#code-spans, #tables-extension-).
"""

from collections import Counter

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.severity import Severity
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.visible import visible

FINDINGS = 50
NOTES = 20
RULES = 30
_MESSAGE = 300
_MARK = {Severity.CRITICAL: "🔴", Severity.WARNING: "🟠", Severity.INFO: "🔵", Severity.DEBUG: "⚪"}


def markdown(outcome: Outcome) -> str:
    """The report as Markdown, ending in a newline."""
    report = outcome.report
    ordered = sorted(outcome.findings, key=lambda f: -f.rule.severity)
    blocks = ["## modelwarden", _headline(outcome)]
    if ordered:
        blocks.append(_table(ordered[:FINDINGS]))
    if len(ordered) > FINDINGS:
        blocks.append(f"{len(ordered) - FINDINGS:,} more findings are in the full report.")
    if report.notes:
        blocks.append("### Not read\n\n" + "\n".join(_note(note) for note in report.notes[:NOTES]))
    if len(report.notes) > NOTES:
        blocks.append(f"{len(report.notes) - NOTES:,} more places were not read.")
    if ordered:
        blocks.append("### What to do\n\n" + _advice(ordered))
    return "\n\n".join(blocks) + "\n"


def code(text: str, limit: int = 200) -> str:
    """`text` as a code span that is safe in a table; a dash when there is none."""
    return f"`{visible(text, limit, escape='`|')}`" if text.strip() else "—"


def _headline(outcome: Outcome) -> str:
    counts = [
        f"{_MARK[severity]} **{count:,} {severity.name.lower()}**"
        for severity, count in outcome.counts.items()
        if count
    ]
    facts = [
        *(counts or [_nothing(outcome)]),
        f"{len(outcome.scanned):,} scanned",
        f"{len(outcome.failed):,} not fully read",
        f"{len(outcome.skipped):,} skipped",
        *([f"{outcome.report.left_out:,} unchanged left out"] if outcome.report.left_out else ()),
        *([f"{len(outcome.suppressed):,} known or ignored not counted"] if outcome.suppressed else ()),
        *([f"**{outcome.interruption}**"] if outcome.interruption else ()),
        f"exit code {outcome.exit_code} ({outcome.meaning})",
    ]
    hidden = f" · {outcome.hidden:,} below {outcome.min_severity.name.lower()} not shown" * bool(
        outcome.hidden
    )
    return " · ".join(facts) + hidden


def _nothing(outcome: Outcome) -> str:
    """What to say when no finding is shown; green is only what hides none."""
    if not outcome.scanned:
        return "**nothing scanned**"
    sought = f"at or above {outcome.min_severity.name.lower()}" if outcome.hidden else "found"
    if not outcome.report.complete:
        return f"**nothing {sought} in what could be read**"
    return f"**nothing {sought}**" if outcome.hidden else "🟢 **nothing found**"


def _table(findings: list[Finding]) -> str:
    rows = ["| severity | rule | file | member | what |", "|---|---|---|---|---|"]
    for finding in findings:
        rule = finding.rule
        times = f" ({finding.count:,} times)" if finding.count > 1 else ""
        cells = [
            f"{_MARK[rule.severity]} {rule.severity.name.lower()}",
            f"{rule.id} {rule.name}",
            code(finding.path.file),
            code(_inside(finding.path)),
            code(finding.message, _MESSAGE) + times,
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _advice(findings: list[Finding]) -> str:
    """One item for each rule, worst first, then the most frequent: fifty rows of one rule must not hide another."""
    count = Counter(finding.rule for finding in findings)
    rules = sorted(count, key=lambda rule: (-rule.severity, -count[rule], rule.id))
    items = [
        f"- {_MARK[rule.severity]} **{rule.id} {rule.name}** ({count[rule]:,}): {rule.remedy}"
        for rule in rules[:RULES]
    ]
    if len(rules) > RULES:
        items.append(f"- {len(rules) - RULES:,} more rules: the full report has them.")
    return "\n".join(items)


def _note(note: Note) -> str:
    inside = _inside(note.path)
    where = code(note.path.file) + (f", {code(inside)}" if inside else "")
    return f"- {note.rule.id} {note.rule.name}: {where}: {code(note.message, _MESSAGE)}"


def _inside(path: ArtifactPath) -> str:
    return "!".join(path.members)
