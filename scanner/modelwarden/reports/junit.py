"""The report for test results of Jenkins, GitLab, Azure Pipelines and others: JUnit's XML, one test for each file.

A test fails for findings at or above `--fail-on`, is in error for what could not be read, and is skipped for a file of no
supported format. Jenkins and GitLab read only one such element of a test, and Ant's schema allows no more: a failure tells every
such finding of its file, and what was not read of it. Everything below the threshold stands in the suite's output.
Schemas: https://github.com/jenkinsci/xunit-plugin (junit-10.xsd), https://github.com/windyroad/JUnit-Schema.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from modelwarden import __version__
from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.record import record, replace
from modelwarden.domain.report import Coverage
from modelwarden.reports.lines import BLANK, Line, Part, line, plain
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.text import of_file, summary
from modelwarden.reports.visible import MESSAGE, visible

T = TypeVar("T", Finding, Note)
_REFERENCES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;"})


@record(kw_only=True)
class _Case:
    """One test: `kind` is its element (failure, error, skipped), empty when it passed. All text is as it was found."""

    name: str
    kind: str = ""
    type: str = ""
    message: str = ""
    told: str = ""


def junit(outcome: Outcome, times: tuple[datetime, datetime] | None) -> str:
    """The report as XML, ending in a newline. Without `times` it is the same for the same findings."""
    cases = list(_cases(outcome))
    kinds = [case.kind for case in cases]
    seconds = (times[1] - times[0]).total_seconds() if times else 0.0
    suite = {
        "name": "modelwarden",
        "package": "modelwarden",
        "id": "0",
        "hostname": "localhost",  # demanded; whose machine it was is nobody's business
        "timestamp": times[0].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if times else "",
        "time": f"{max(0.0, seconds):.3f}",
        "tests": str(len(cases)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
    }
    report = outcome.report
    properties = {
        "version": report.version or __version__,
        "exit-code": str(outcome.exit_code),
        "complete": "true" if report.complete else "false",
        "suppressed": str(len(outcome.suppressed)),
    }
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<testsuites>",
        f"<testsuite{_attributes(suite)}>",
        "<properties>",
        *(f"<property{_attributes({'name': name, 'value': value})}/>" for name, value in properties.items()),
        "</properties>",
        *map(_element, cases),
        f"<system-out>{_text(_rest(outcome))}</system-out>",
        "<system-err></system-err>",
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(rows) + "\n"


def _cases(outcome: Outcome) -> Iterator[_Case]:
    """The tests by name; places that were not read and are no file of the report (a directory) are tests, too."""
    found = _by_file(outcome.findings)
    unread = _by_file(outcome.report.notes)
    files = {file.path: file for file in outcome.report.files}
    for path in sorted(files.keys() | found.keys() | unread.keys()):
        failing = [finding for finding in found.get(path, ()) if _fails(finding, outcome)]
        notes = unread.get(path, [])
        file = files.get(path)
        if failing:
            yield _failure(path, failing, notes)
        elif notes:
            told = plain(of_file([], notes, set()))
            yield _Case(
                name=path,
                kind="error",
                type=_type(notes[0]),
                message=f"not read: {notes[0].message}",
                told=told,
            )
        elif file is not None and file.coverage is Coverage.UNSUPPORTED:
            yield _Case(name=path, kind="skipped", type="skipped", message=file.reason)
        else:
            yield _Case(name=path)
    if outcome.interruption:
        yield _Case(name="the scan", kind="error", type="interrupted", message=outcome.interruption)


def _failure(path: str, failing: Sequence[Finding], notes: Sequence[Note]) -> _Case:
    worst = max(failing, key=lambda finding: finding.rule.severity)
    more = f" (and {len(failing) - 1:,} more)" if len(failing) > 1 else ""
    return _Case(
        name=path,
        kind="failure",
        type=_type(worst),
        message=f"{worst.rule.severity.name}: {worst.message}{more}",
        told=plain(of_file([_public(finding) for finding in failing], list(notes), set())),
    )


def _rest(outcome: Outcome) -> str:
    """The verdict, and the findings that fail no test."""
    found = _by_file(finding for finding in outcome.findings if not _fails(finding, outcome))
    lines: list[Line] = [*summary(outcome), BLANK]
    told: set[str] = set()
    for path, findings in found.items():
        lines += [line(Part(visible(path))), *of_file([_public(finding) for finding in findings], [], told)]
    return plain(lines)


def _by_file(items: Iterable[T]) -> dict[str, list[T]]:
    files: dict[str, list[T]] = {}
    for item in items:
        files.setdefault(item.path.file, []).append(item)
    return files


def _fails(finding: Finding, outcome: Outcome) -> bool:
    return outcome.fail_on is not None and finding.rule.severity >= outcome.fail_on


def _public(finding: Finding) -> Finding:
    """Without the payload: test results travel, and secrets may sit in models."""
    return replace(finding, argument="")


def _type(item: Finding | Note) -> str:
    return f"{item.rule.id} {item.rule.name}"


def _element(case: _Case) -> str:
    name = _attributes({"name": visible(case.name, MESSAGE), "classname": "modelwarden", "time": "0"})
    if not case.kind:
        return f"<testcase{name}/>"
    what = _attributes({"type": case.type, "message": visible(case.message, MESSAGE)})
    return f"<testcase{name}><{case.kind}{what}>{_text(case.told)}</{case.kind}></testcase>"


def _attributes(values: dict[str, str]) -> str:
    """Those that are not empty."""
    return "".join(f' {name}="{value.translate(_REFERENCES)}"' for name, value in values.items() if value)


def _text(text: str) -> str:
    """Lines that are harmless already: `visible` leaves no character that XML forbids."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
