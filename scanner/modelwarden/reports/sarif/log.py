"""The log: one run, its results and what is to be said of the run itself.

Notes are notifications of the run, never results: a coverage problem is no alert. Nothing is dropped in silence: what a profile
or a limit keeps out is counted. Specification: https://docs.oasis-open.org/sarif/sarif/v2.1.0/.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import modelwarden
from modelwarden.domain.finding import Finding
from modelwarden.domain.report import Report, ScannedFile
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.reports.profile import Profile, Style
from modelwarden.reports.sarif.entry import Entry
from modelwarden.reports.sarif.notices import of_entries_left_out, of_files_outside, of_the_run, told
from modelwarden.reports.sarif.places import NAME, Places
from modelwarden.reports.sarif.regions import merged, with_regions
from modelwarden.reports.sarif.results import result
from modelwarden.reports.sarif.rules import HOME, descriptor, rules
from modelwarden.reports.visible import unobeyed
from modelwarden.triage.identity import FINGERPRINT, fingerprints
from modelwarden_sarif import model
from modelwarden_sarif.encode import encode
from modelwarden_sarif.limits import MAX_BYTES, MAX_RESULTS, most_severe
from modelwarden_sarif.sanitise import visible

TOOL = "modelwarden"
"""Part of every alert's identity: it must never change."""


def render(
    report: Report,
    catalogue: Mapping[str, Rule],
    style: Style | None = None,
    *,
    exit_code: int,
    started: datetime | None = None,
    ended: datetime | None = None,
    tell: Callable[[str], object] = lambda remark: None,
) -> str:
    """One line of JSON: one run with every rule of the catalogue, found or not. DEBUG findings are never written.

    Texts with findings are read once more, for their lines (`regions`). `tell` hears what there was no room for. Raises KeyError
    for a rule that is not in the catalogue, ValueError for a time without a zone.
    """
    writer = _Writer(report, catalogue, style or Style())
    times = (None, None) if writer.style.deterministic else (started, ended)
    limit = MAX_RESULTS
    while True:
        text, written = writer.write(limit, exit_code, times)
        size = len(text) if text.isascii() else len(text.encode("utf-8"))
        if size <= MAX_BYTES or not written:
            if writer.left_out:
                tell(
                    f"the SARIF log holds the {written:,} most severe results; {writer.left_out:,} more findings are left "
                    "out of it"
                )
            return text
        # Long hostile names: as many results as will fit, a little less since the last ones may be the longest.
        limit = min(written - 1, written * MAX_BYTES // size * 19 // 20)


class _Writer:
    """Everything of a log that does not depend on how many results are kept."""

    def __init__(self, report: Report, catalogue: Mapping[str, Rule], style: Style) -> None:
        self.style = style
        self.left_out = 0
        self._report = report
        self._rules = rules(catalogue, coverage=False)
        self._coverage = rules(catalogue, coverage=True)
        self._places = Places(report.root or os.getcwd(), absolute=style.profile is Profile.GENERIC)
        self._files = {file.path: file for file in report.files}
        self._entries = self._shown()

    def _shown(self) -> list[Entry]:
        """What lies where a URI leads to, in the order of the log, without what the profile's reader must not see.

        Fingerprints and lines are given to all of them first: they must not change with what is left out.
        """
        pairs = zip(self._report.findings, fingerprints(self._report), strict=True)
        entries = [
            Entry(finding=finding, uri=uri, prints=prints)
            for finding, prints in pairs
            if finding.rule.severity > Severity.DEBUG
            and (uri := self._places.of(finding.path).uri) is not None
        ]
        entries.sort(
            key=lambda entry: (
                entry.uri,
                entry.finding.path.members,
                entry.finding.rule.id,
                entry.finding.span.offset,
                entry.prints[FINGERPRINT],
            )
        )
        profile = self.style.profile
        placed = with_regions(entries, self._files, profile, always=self.style.region_always)
        if profile is not Profile.GENERIC:
            # Neither GitHub nor Azure reads `suppressions`: the result would show as an open alert.
            placed = [entry for entry in placed if entry.finding.suppression is None]
        return merged(placed) if profile is Profile.GITLAB else placed

    def write(
        self, limit: int, exit_code: int, times: tuple[datetime | None, datetime | None]
    ) -> tuple[str, int]:
        """The log with at most `limit` results, and how many it has."""
        entries, _ = most_severe(self._entries, _weight, limit)
        kept = sum(1 + len(entry.also) for entry in entries if entry.finding.suppression is None)
        counting = [finding for finding in self._report.findings if _counts(finding)]
        self.left_out = sum(1 + len(each.also) for each in self._entries) - sum(
            1 + len(each.also) for each in entries
        )
        notices = [
            *of_the_run(self._report),
            *of_entries_left_out(len(entries), self.left_out),
            *of_files_outside(counting, self._places),
        ]
        artifacts = _artifacts(entries, self._files)
        index_of_rule = {rule.id: index for index, rule in enumerate(self._rules)}
        index_of_artifact = {uri: index for index, uri in enumerate(artifacts)}
        log = model.make_log(
            driver=model.make_driver(
                name=TOOL,
                version=self._report.version or modelwarden.__version__,
                information_uri=HOME,
                rules=[descriptor(rule) for rule in self._rules],
                notifications=[descriptor(rule) for rule in self._coverage],
            ),
            automation=_automation(self.style),
            invocation=model.make_invocation(
                exit_code=exit_code,
                notifications=told(notices, self._report.notes, self._coverage, self._places),
                started=times[0],
                ended=times[1],
                finished=not self._report.interrupted,
            ),
            artifacts=list(artifacts.values()),
            results=[
                result(
                    entry,
                    self._places,
                    rule_index=index_of_rule[entry.finding.rule.id],
                    artifact_index=index_of_artifact[entry.uri],
                )
                for entry in entries
            ],
            properties={
                "profile": self.style.profile.value,
                "complete": self._report.complete,
                "files": dict(sorted(Counter(file.coverage.value for file in self._report.files).items())),
                **({"filesLeftOut": self._report.left_out} if self._report.left_out else {}),
                "findings": len(counting),
                "findingsLeftOut": len(counting) - kept,
                "findingsMerged": sum(len(entry.also) for entry in entries),
                "findingsSuppressed": sum(one.suppression is not None for one in self._report.findings),
            },
        )
        return unobeyed(encode(log)), len(entries)


def _counts(finding: Finding) -> bool:
    return finding.rule.severity > Severity.DEBUG and finding.suppression is None


def _weight(entry: Entry) -> int:
    """What is suppressed goes first when there is no room for all."""
    return entry.finding.rule.severity if entry.finding.suppression is None else 0


def _automation(style: Style) -> model.Automation | None:
    """What the run is called. Azure takes names only in its own form, which exists only in a pipeline."""
    if style.profile is Profile.AZURE:
        if style.run is None:
            return None
        return model.make_automation(automation_id=style.run.id, properties=style.run.properties)
    category = visible(style.category.strip("/"), NAME)
    return model.make_automation(automation_id=f"{TOOL}/{category}/" if category else f"{TOOL}/")


def _artifacts(entries: Iterable[Entry], files: Mapping[str, ScannedFile]) -> dict[str, model.Artifact]:
    """One artifact for every file with a result, by URI in the order of the results."""
    artifacts: dict[str, model.Artifact] = {}
    for entry in entries:
        if entry.uri not in artifacts:
            file = files.get(entry.finding.path.file)
            artifacts[entry.uri] = model.make_artifact(
                uri=entry.uri, length=file.size if file else None, sha256=file.sha256 if file else ""
            )
    return artifacts
