"""The report as a SARIF 2.1.0 log, shaped for GitHub code scanning; other consumers read it, too.

Findings are results without a region: any line number makes GitHub's uploader read the whole model as text. Notes are
notifications of the run, never results: a coverage problem is no alert. Specification: https://docs.oasis-open.org/sarif/sarif/v2.1.0/.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import modelwarden
from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.report import Report, ScannedFile
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.triage.identity import fingerprints
from modelwarden_sarif import model
from modelwarden_sarif.encode import encode
from modelwarden_sarif.limits import MAX_NOTIFICATIONS, MAX_RESULTS, most_severe
from modelwarden_sarif.sanitise import message_text, visible
from modelwarden_sarif.uris import quote_path, relative_path

TOOL = "modelwarden"
"""Part of every alert's identity: it must never change."""

HOME = "https://github.com/modelwarden/modelwarden"
LEFT_OUT = "MW906"
"""The rule for findings that are not in the log: too many, or of a file no repository path leads to."""

NAME = 200
QUALIFIED_NAME = 1_000
MESSAGE = 1_000

_LEVEL: Mapping[Severity, model.Level] = {
    Severity.CRITICAL: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.DEBUG: "note",
}
_SCORE = {Severity.CRITICAL: 9.8, Severity.WARNING: 5.5, Severity.INFO: 2.5}
_PRECISION: Mapping[Severity, model.Precision] = {
    Severity.CRITICAL: "very-high",
    Severity.WARNING: "high",
    Severity.INFO: "medium",
}


def render(
    report: Report,
    catalogue: Mapping[str, Rule],
    *,
    exit_code: int,
    category: str = "",
    deterministic: bool = False,
    started: datetime | None = None,
    ended: datetime | None = None,
) -> str:
    """One line of JSON: one run with every rule of the catalogue, found or not.

    `category` tells several logs of one repository apart. `deterministic` leaves the times out. DEBUG findings are never written.
    Raises KeyError for a rule that is not in the catalogue, ValueError for a time without a zone.
    """
    rules = _rules(catalogue, coverage=False)
    coverage = _rules(catalogue, coverage=True)
    places = _Places(report.root or os.getcwd())
    findings = [finding for finding in report.findings if _is_result(finding)]
    made = fingerprints(report)  # of all findings: the ordinals must not depend on what is left out
    inside, prints = _in_order(report.findings, made, places)
    files = {file.path: file for file in report.files}
    kept, dropped = most_severe(range(len(inside)), lambda index: inside[index].rule.severity)
    artifacts = _artifacts((inside[index] for index in kept), places, files)
    index_of_rule = {rule.id: index for index, rule in enumerate(rules)}
    index_of_artifact = {uri: index for index, uri in enumerate(artifacts)}
    results = [
        _result(inside[index], places, index_of_rule, index_of_artifact, prints[index]) for index in kept
    ]
    notices = [
        *_notices_of_findings_left_out(findings, places, dropped),
        *(_notice(note, places) for note in report.notes),
    ]
    log = model.make_log(
        driver=model.make_driver(
            name=TOOL,
            version=report.version or modelwarden.__version__,
            information_uri=HOME,
            rules=[_descriptor(rule) for rule in rules],
            notifications=[_descriptor(rule) for rule in coverage],
        ),
        category="/".join((TOOL, *_category(category))),
        invocation=model.make_invocation(
            exit_code=exit_code,
            notifications=_notifications(notices, coverage),
            started=None if deterministic else started,
            ended=None if deterministic else ended,
        ),
        artifacts=list(artifacts.values()),
        results=results,
        properties={
            "complete": report.complete,
            "files": dict(sorted(Counter(file.coverage.value for file in report.files).items())),
            "findings": len(findings),
            "findingsLeftOut": len(findings) - len(results),
            "findingsSuppressed": sum(finding.suppression is not None for finding in report.findings),
        },
    )
    return encode(log)


def _category(category: str) -> Sequence[str]:
    text = visible(category.strip("/"), NAME)
    return [text] if text else []


# Rules


def _rules(catalogue: Mapping[str, Rule], *, coverage: bool) -> list[Rule]:
    """The catalogue's rules by id; those that only make DEBUG findings have no place in a log that has none."""
    return [
        rule
        for _, rule in sorted(catalogue.items())
        if rule.is_coverage == coverage and (coverage or rule.severity > Severity.DEBUG)
    ]


def _descriptor(rule: Rule) -> model.Rule:
    explanation = " ".join(rule.explanation.split())
    remedy = " ".join(rule.remedy.split())
    links = [(reference, _link(reference)) for reference in rule.references]
    text = [explanation, f"What to do: {remedy}"]
    markdown = [explanation, f"**What to do:** {remedy}"]
    if links:
        text.append("References: " + ", ".join(name for name, _ in links))
        markdown.append("\n".join(f"- [{name}]({link})" if link else f"- {name}" for name, link in links))
    return model.make_rule(
        rule_id=rule.id,
        name="".join(part.capitalize() for part in rule.name.split("-")),
        summary=rule.summary,
        description=explanation,
        help_text="\n\n".join(text),
        help_markdown="\n\n".join(markdown),
        help_uri=f"{HOME}/blob/main/docs/rules.md#{rule.id.lower()}",
        level=_LEVEL[rule.severity],
        cwe=rule.cwe,
        tags=() if rule.is_coverage else ("security",),
        precision=None if rule.is_coverage else _PRECISION[rule.severity],
        security_severity=None if rule.is_coverage else _SCORE[rule.severity],
    )


def _link(reference: str) -> str:
    if reference.startswith("https://"):
        return reference
    if reference.startswith("CVE-"):
        return f"https://nvd.nist.gov/vuln/detail/{reference}"
    if reference.startswith("GHSA-"):
        return f"https://github.com/advisories/{reference}"
    return ""


# Places


@dataclass(frozen=True, slots=True)
class _Place:
    """A file as the log names it: `uri` is None outside the root, `text` is what people read."""

    uri: str | None
    text: str


class _Places:
    """Every file's place relative to one directory."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._of_file = cache(self._find)

    def of(self, path: ArtifactPath) -> _Place:
        return self._of_file(path.file)

    def name(self, path: ArtifactPath, limit: int = QUALIFIED_NAME) -> str:
        """The file and the members that lead inside, unsanitised."""
        return "!".join((self.of(path).text, *path.members))[: limit + 1]

    def _find(self, file: str) -> _Place:
        relative = relative_path(file, self._root)
        if relative is None:
            # Not the whole path: a log travels, and a machine's directories are nobody's business.
            return _Place(None, os.path.basename(file))
        return _Place(quote_path(relative), relative)


def _artifacts(
    findings: Iterable[Finding], places: _Places, files: Mapping[str, ScannedFile]
) -> dict[str, model.Artifact]:
    """One artifact for every file with a finding, by URI in the order of the findings."""
    artifacts: dict[str, model.Artifact] = {}
    for finding in findings:
        uri = places.of(finding.path).uri
        if uri is not None and uri not in artifacts:
            file = files.get(finding.path.file)
            artifacts[uri] = model.make_artifact(
                uri=uri, length=file.size if file else None, sha256=file.sha256 if file else ""
            )
    return artifacts


# Results


def _is_result(finding: Finding) -> bool:
    """GitHub does not read `suppressions`: a suppressed result would show as an open alert."""
    return finding.rule.severity > Severity.DEBUG and finding.suppression is None


def _in_order(
    findings: Sequence[Finding], prints: Sequence[Mapping[str, str]], places: _Places
) -> tuple[list[Finding], list[Mapping[str, str]]]:
    """What lies inside the root, DEBUG left out, with its fingerprints, in the order of the log."""
    pairs = sorted(
        (
            (finding, made)
            for finding, made in zip(findings, prints, strict=True)
            if _is_result(finding) and places.of(finding.path).uri is not None
        ),
        key=lambda pair: (
            places.of(pair[0].path).uri,
            pair[0].path.members,
            pair[0].rule.id,
            pair[0].span.offset,
        ),
    )
    return [finding for finding, _ in pairs], [made for _, made in pairs]


def _result(
    finding: Finding,
    places: _Places,
    index_of_rule: Mapping[str, int],
    index_of_artifact: Mapping[str, int],
    fingerprints: Mapping[str, str],
) -> model.Result:
    uri = places.of(finding.path).uri or ""
    members = "!".join(finding.path.members)
    properties: dict[str, object] = {"subject": visible(finding.subject, NAME)}
    if members:
        properties["member"] = visible(members, QUALIFIED_NAME)
    properties["offset"] = finding.span.offset
    properties["format"] = finding.format
    if finding.opcode:
        properties["opcode"] = finding.opcode
    if finding.family:
        properties["family"] = finding.family
    properties["count"] = finding.count
    return model.make_result(
        rule_id=finding.rule.id,
        rule_index=index_of_rule[finding.rule.id],
        level=_LEVEL[finding.rule.severity],
        message=_message(finding, members),
        location=_location(finding.path, places, index_of_artifact[uri]),
        fingerprints=fingerprints,
        count=finding.count,
        properties=properties,
    )


def _message(finding: Finding, members: str) -> str:
    """What was found and where in the file; the place is not cut off by however long a message."""
    where = f"offset {finding.span.offset}"
    if members:
        where = f"member {message_text(members, NAME)}, {where}"
    if finding.count > 1:
        where += f", {finding.count} times"
    what = message_text(finding.message.rstrip(" ."), MESSAGE - len(where) - len(" ()."))
    return f"{what} ({where})."


def _location(path: ArtifactPath, places: _Places, index: int | None) -> model.Location:
    last = path.members[-1] if path.members else ""
    return model.make_location(
        uri=places.of(path).uri or "",
        index=index,
        member=visible(last.replace("\\", "/").rpartition("/")[2] or last, NAME),
        qualified_member=visible(places.name(path), QUALIFIED_NAME),
    )


# Notifications


@dataclass(frozen=True, slots=True)
class _Notice:
    """What becomes a notification: `rule_id` is a 9xx rule, `message` escaped already."""

    rule_id: str
    message: str
    location: model.Location | None = None


def _notice(note: Note, places: _Places) -> _Notice:
    name = message_text(places.name(note.path, NAME), NAME)
    message = message_text(note.message.rstrip(" ."), MESSAGE - len(name) - len(": ."))
    location = None if places.of(note.path).uri is None else _location(note.path, places, None)
    return _Notice(note.rule.id, f"{name}: {message}.", location)


def _notices_of_findings_left_out(
    findings: Sequence[Finding], places: _Places, dropped: int
) -> Iterable[_Notice]:
    if dropped:
        yield _Notice(
            LEFT_OUT,
            f"Only the {MAX_RESULTS:,} most severe findings are in this log; {dropped:,} more are left out of it.",
        )
    outside = Counter(finding.path.file for finding in findings if places.of(finding.path).uri is None)
    for file, count in sorted(outside.items()):
        name = message_text(places.of(ArtifactPath(file)).text, NAME)
        yield _Notice(
            LEFT_OUT,
            f"{name}: {count:,} finding{'s' if count > 1 else ''} left out of this log, because the file lies "
            "outside the repository.",
        )


def _notifications(notices: Sequence[_Notice], coverage: Sequence[Rule]) -> list[model.Notification]:
    indices = {rule.id: index for index, rule in enumerate(coverage)}
    shown = list(notices)
    if len(shown) > MAX_NOTIFICATIONS:
        shown = shown[: MAX_NOTIFICATIONS - 1]
        shown.append(_Notice(LEFT_OUT, f"{len(notices) - len(shown):,} more notes are left out of this log."))
    return [
        model.make_notification(
            descriptor_id=notice.rule_id,
            descriptor_index=indices[notice.rule_id],
            level=_LEVEL[coverage[indices[notice.rule_id]].severity],
            message=notice.message,
            location=notice.location,
        )
        for notice in shown
    ]
