"""Which finding is which, from run to run: the same names for SARIF, baselines and every other report."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from modelwarden.domain.finding import Finding
from modelwarden.domain.record import replace
from modelwarden.domain.report import Report
from modelwarden_sarif.fingerprints import Fingerprinter, Key, member_path
from modelwarden_sarif.uris import quote_path, relative_path

FINGERPRINT = "modelwarden/v1"
"""The key of the full fingerprint beside GitHub's own."""

_NAMED_AFTER_THEMSELVES = frozenset({"pytorch"})
"""Formats whose archives put everything below a directory named after the file, as it was called when it was saved."""

_NAMING_THEIR_CONTENT = frozenset({"bzip2", "gzip", "joblib-zf", "lz4", "lzma", "xz", "zlib", "zstd"})
"""Formats whose one member is called after the file, without its suffix."""

_IN_NAMED = re.compile(r"[^/]+/((?:data|constants)\.pkl|code/.+)", re.DOTALL)
"""What PyTorch writes, in an archive inside another: there only the names tell."""

_WHERE = re.compile(r"\+([0-9]{1,19})\Z")
"""How a part without a name is called: after where it begins."""


def identified(report: Report) -> Report:
    """The report with every finding's `fingerprint`."""
    made = fingerprints(report)
    named = (
        replace(finding, fingerprint=prints[FINGERPRINT])
        for finding, prints in zip(report.findings, made, strict=True)
    )
    return replace(report, findings=tuple(named))


def fingerprints(report: Report) -> Sequence[Mapping[str, str]]:
    """For every finding, in the report's order, SARIF's `partialFingerprints`.

    They hold what the finding is (format, members, rule, subject, argument) and, among equal ones of a file, which one by their
    order in it: no offset, message, severity, version or time, no directory above the report's root, and no name that a file got
    when it was saved.
    """

    @cache
    def where(file: str) -> str:
        return place(file, report.root)

    files = {file.path: file for file in report.files}
    order = sorted(
        range(len(report.findings)),
        key=lambda index: _order(report.findings[index], where(report.findings[index].path.file)),
    )
    fingerprinter = Fingerprinter(FINGERPRINT)
    made: dict[int, Mapping[str, str]] = {}
    for index in order:
        finding = report.findings[index]
        file = files.get(finding.path.file)
        key = Key(
            container=finding.format,
            members=_members(finding.path.members, file.formats if file is not None else ()),
            kind=finding.rule.id,
            subject=_subject(finding),
            argument=finding.variants or finding.argument,
        )
        made[index] = fingerprinter.fingerprints(
            key, rule_id=finding.rule.id, uri=where(finding.path.file) or finding.path.file
        )
    return [made[index] for index in range(len(report.findings))]


def place(file: str, root: str) -> str:
    """The URI of a file below the root, `/` between its parts, percent-encoded; empty when it lies elsewhere."""
    relative = relative_path(file, root or ".")
    return "" if relative is None else quote_path(relative)


def _members(members: Sequence[str], formats: Sequence[str]) -> str:
    """The way inside without offsets, and without what only says how the file was called when it was written."""
    names = [_WHERE.sub("+", member.replace("\\", "/")) for member in members]
    if names and names[0] != "+" and not _NAMING_THEIR_CONTENT.isdisjoint(formats):
        names[0] = "data"
    for index in range(1, len(names)):
        named = _IN_NAMED.fullmatch(names[index])
        names[index] = named[1] if named is not None else names[index]
    return member_path(names, drop_top=not _NAMED_AFTER_THEMSELVES.isdisjoint(formats))


def _subject(finding: Finding) -> str:
    """Nothing where it is the file itself: that has a path, and may get another."""
    return "" if not finding.path.members and finding.subject == finding.path.name else finding.subject


def _order(finding: Finding, uri: str) -> tuple[object, ...]:
    """What comes first stays first when something is put before it: parts without a name come in the order of their places."""
    places = [_WHERE.search(member) for member in finding.path.members]
    members = tuple(
        (member[: place.start()], int(place[1])) if place is not None else (member, -1)
        for member, place in zip(finding.path.members, places, strict=True)
    )
    return (uri, members, finding.rule.id, finding.span.offset)
