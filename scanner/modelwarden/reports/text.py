"""The report for people: by file, worst first; what would run, where, why it matters, what to do; what was not read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.report import Coverage, ScannedFile
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.reports.lines import BLANK, Line, Part, Style, line
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.visible import MESSAGE, visible

SEVERITY_STYLE = {
    Severity.CRITICAL: Style.CRITICAL,
    Severity.WARNING: Style.WARNING,
    Severity.INFO: Style.INFO,
    Severity.DEBUG: Style.DEBUG,
}
_PER_RULE = 20
"""Findings shown for one rule in one file, unless verbose."""
_NAMED = 3
"""Unread files named in the last line."""
_MANY = 10
"""Files with findings that a reader may count himself; of more, the rules are listed before the verdict."""


def text(outcome: Outcome, *, verbose: bool = False, show_skipped: bool = False) -> list[Line]:
    """The report as lines. `verbose` adds each file and the details of each finding; `show_skipped` lists skipped files."""
    report = outcome.report
    found = {file: list(group) for file, group in groupby(outcome.findings, lambda f: f.path.file)}
    unread = {file: list(group) for file, group in groupby(report.notes, lambda n: n.path.file)}
    lines: list[Line] = []
    told: set[str] = set()
    for file in sorted(found.keys() | unread.keys()):
        lines.append(line(Part(visible(file), Style.STRONG)))
        lines += of_file(found.get(file, []), unread.get(file, []), told, verbose=verbose)
    if verbose:
        lines += _not_counted(outcome.suppressed)
        lines += _files("Files read", outcome.scanned)
    if show_skipped:
        lines += _files("Files skipped", outcome.skipped)
    if len(found) > _MANY:
        lines += _by_rule(outcome.findings)
    return [*lines, *summary(outcome, show_skipped=show_skipped)]


def summary(outcome: Outcome, *, show_skipped: bool = False) -> list[Line]:
    """Two lines: the verdict with its exit code, and what was and was not read."""
    hint = "" if show_skipped else " (--show-skipped tells which and why)"
    return [_verdict(outcome), line(_coverage(outcome, hint))]


def of_file(
    findings: list[Finding], notes: list[Note], told: set[str], *, verbose: bool = False
) -> Iterator[Line]:
    """The findings of one file and what was not read of it. `told`: the rules whose advice the reader has had; it grows."""
    yield from _findings(findings, verbose, told)
    yield from _notes(notes, told)


def _by_rule(findings: Iterable[Finding]) -> Iterator[Line]:
    """How often each rule was broken, and in how many files; worst first."""
    count: Counter[Rule] = Counter()
    files: dict[Rule, set[str]] = {}
    for finding in findings:
        count[finding.rule] += 1
        files.setdefault(finding.rule, set()).add(finding.path.file)
    yield line(Part("By rule", Style.STRONG))
    for rule in sorted(count, key=lambda rule: (-rule.severity, -count[rule], rule.id)):
        label = Part(f"  {rule.severity.name:<8}  {count[rule]:>7,}  ", SEVERITY_STYLE[rule.severity])
        yield line(f"{rule.id} {rule.name} in {_plural(len(files[rule]), 'file')}", label=label)
    yield BLANK


def _findings(findings: list[Finding], verbose: bool, told: set[str]) -> Iterator[Line]:
    ordered = sorted(findings, key=lambda f: (-f.rule.severity, f.rule.id))
    for _, group in groupby(ordered, lambda f: (f.rule.severity, f.rule.id)):
        same = list(group)
        rule = same[0].rule
        style = SEVERITY_STYLE[rule.severity]
        yield line(Part(rule.severity.name, style), f"  {rule.id} {rule.name}", indent=2)
        shown = same if verbose else same[:_PER_RULE]
        for finding in shown:
            yield line(visible(finding.message, MESSAGE), indent=4)
            if finding.argument:
                yield line(f"with {visible(finding.argument, MESSAGE)}", indent=6)
            yield line(Part(_where(finding), Style.FAINT), indent=6)
            if verbose and (details := _details(finding)):
                yield line(Part(details, Style.FAINT), indent=6)
        if len(same) > len(shown):
            yield line(
                Part(f"and {len(same) - len(shown):,} more like these (--verbose lists them)", Style.FAINT),
                indent=4,
            )
        if rule.id not in told:
            yield from _advice(rule)
            told.add(rule.id)
        yield BLANK


def _where(finding: Finding) -> str:
    inside = _inside(finding.path)
    times = f", {finding.count:,} times" if finding.count > 1 else ""
    times += ", some with other arguments" if finding.variants else ""
    return f"at byte {finding.span.offset:,}{f' of {inside}' if inside else ''}{times}"


def _inside(path: ArtifactPath) -> str:
    return "!".join(visible(member) for member in path.members)


def _details(finding: Finding) -> str:
    details = {
        "subject": visible(finding.subject),
        "family": visible(finding.family),
        "opcode": finding.opcode,
        "read as": finding.format,
    }
    return " · ".join(f"{name} {value}" for name, value in details.items() if value)


def _advice(rule: Rule) -> Iterator[Line]:
    """Why it matters and what to do, where the rule is first met: `modelwarden rules ID` tells it again."""
    yield line(rule.explanation, indent=4, label=Part("Why  ", Style.STRONG))
    yield line(rule.remedy, indent=4, label=Part("Fix  ", Style.STRONG))


def _notes(notes: list[Note], told: set[str]) -> Iterator[Line]:
    ordered = sorted(notes, key=lambda note: note.rule.id)
    for _, group in groupby(ordered, lambda note: note.rule.id):
        same = list(group)
        rule = same[0].rule
        yield line(Part("NOT READ", Style.WARNING), f"  {rule.id} {rule.name}", indent=2)
        for note in same:
            inside = _inside(note.path)
            yield line(f"{inside}: " if inside else "", visible(note.message, MESSAGE), indent=4)
        if rule.id not in told:
            yield line(rule.remedy, indent=4, label=Part("Fix  ", Style.STRONG))
            told.add(rule.id)
        yield BLANK


def _not_counted(findings: Iterable[Finding]) -> Iterator[Line]:
    """What was found and does not count, with the reason that was given."""
    rows = [(finding, finding.suppression) for finding in findings if finding.suppression is not None]
    if not rows:
        return
    yield line(Part("Not counted", Style.STRONG))
    for finding, suppression in rows:
        told = f"{finding.rule.id} {visible(finding.subject)} ({suppression.grounds}: {visible(suppression.justification)})"
        yield line(f"{visible(str(finding.path))}: ", told, indent=2)
    yield BLANK


def _files(title: str, files: Iterable[ScannedFile]) -> Iterator[Line]:
    rows = list(files)
    if not rows:
        return
    yield line(Part(title, Style.STRONG))
    for file in rows:
        known = "" if file.coverage is Coverage.UNSUPPORTED else file.coverage
        facts = [", ".join(file.formats), known, file.reason, f"{file.size:,} bytes", file.sha256]
        told = " · ".join(visible(fact) for fact in facts if fact)
        yield line(visible(file.path), Part(f"  {told}", Style.FAINT), indent=2)
    yield BLANK


def _verdict(outcome: Outcome) -> Line:
    """`clean` is said only of files that were all read, whole, with nothing found and nothing skipped, left out or hidden."""
    counts = [(severity, count) for severity, count in outcome.counts.items() if count]
    floor = outcome.min_severity.name.lower()
    sought = f"at or above {floor}" if outcome.hidden else "found"
    parts: list[Part | str] = []
    for severity, count in counts:
        parts += [", "] if parts else []
        parts.append(Part(_counted(severity, count), SEVERITY_STYLE[severity]))
    if counts:
        files = len({finding.path.file for finding in outcome.findings})
        parts.append(f" in {_plural(files, 'file')}.")
    elif outcome.report.complete and not outcome.scanned:
        parts.append(Part("Nothing was scanned.", Style.WARNING))
    elif not outcome.report.complete:
        parts.append(Part(f"Nothing {sought} in what could be read.", Style.WARNING))
    elif outcome.hidden:
        parts.append(f"Nothing {sought}.")
    elif outcome.suppressed:
        parts.append(Part("Nothing new found.", Style.GOOD))
    elif outcome.skipped or outcome.report.left_out:
        parts.append(Part("Nothing found.", Style.GOOD))
    else:
        parts.append(Part("Clean: nothing found.", Style.GOOD))
    if outcome.hidden:
        parts.append(f" {_plural(outcome.hidden, 'finding')} below {floor} not shown.")
    if outcome.suppressed:
        parts.append(f" {_suppressed(outcome)}")
    if outcome.interruption:
        parts.append(Part(f" I{outcome.interruption[1:]}.", Style.WARNING))
    parts.append(Part(f" Exit code {outcome.exit_code}: {outcome.meaning}.", Style.FAINT))
    return line(*parts)


def _suppressed(outcome: Outcome) -> str:
    grounds = Counter(finding.suppression.grounds for finding in outcome.suppressed if finding.suppression)
    told = " and ".join(f"{count:,} {ground.value}" for ground, count in sorted(grounds.items()))
    return f"{told} not counted."


def _coverage(outcome: Outcome, hint: str) -> str:
    """What was read and what was not, in one sentence."""
    reasons = {note.path.file: note.message for note in reversed(outcome.report.notes)}
    reasons |= {file.path: file.reason for file in outcome.failed if file.reason}
    told = [f"{_plural(len(outcome.scanned), 'file')} scanned"]
    if reasons:
        named = [f"{visible(file)} ({visible(reasons[file])})" for file in sorted(reasons)[:_NAMED]]
        rest = [f"{len(reasons) - _NAMED} more"] if len(reasons) > _NAMED else []
        told.append(f"{_plural(len(reasons), 'file')} not fully read: {', '.join([*named, *rest])}")
    elif outcome.scanned:
        told[0] += ", each of them whole" if len(outcome.scanned) > 1 else " whole"
    skipped = sum(file.path not in reasons for file in outcome.skipped)
    if skipped:
        told.append(f"{_plural(skipped, 'file')} skipped{hint}")
    if outcome.report.left_out:
        told.append(f"{_plural(outcome.report.left_out, 'unchanged file')} left out")
    return "; ".join(told) + "."


def _counted(severity: Severity, count: int) -> str:
    name = severity.name.lower()
    return f"{count:,} {name}{'s' if severity is Severity.WARNING and count > 1 else ''}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
