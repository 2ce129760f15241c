"""What was found before: a previous report, against which only new findings count."""

import json
from collections import Counter
from urllib.parse import unquote

from modelwarden.domain.finding import Finding, Grounds, Suppression
from modelwarden.domain.record import replace
from modelwarden.domain.report import Report
from modelwarden.triage.identity import place
from modelwarden.triage.previous import previous

SCHEMA_VERSION = 1
_JUSTIFICATION = "It stands in the baseline."


class Baseline:
    """Known findings: how often each fingerprint stood in each file.

    A finding is known once for every time it was: a copy of a known file in a second place is new, a file that was moved is not.
    """

    def __init__(self, known: Counter[tuple[str, str]]) -> None:
        self._known = known

    @classmethod
    def read(cls, file: str) -> "Baseline":
        """Read our SARIF, our JSON report, or what `write_baseline` made. Raises UserError when it is none of them."""
        before = previous(file, f"the baseline {file}")
        known = [*map(_of_result, before.results), *map(_of_finding, [*before.findings, *before.known])]
        return cls(Counter(entry for entry in known if entry is not None))

    @classmethod
    def of(cls, report: Report) -> "Baseline":
        """All findings of a report, known from now on."""
        places = ((finding, unquote(place(finding.path.file, report.root))) for finding in report.findings)
        return cls(Counter((finding.fingerprint, where) for finding, where in places))

    def apply(self, report: Report) -> Report:
        """The report with known findings suppressed. First those that stand where they stood, then those that moved."""
        left = Counter(self._known)
        spoken_for: set[int] = set()
        for index, finding in enumerate(report.findings):
            entry = finding.fingerprint, unquote(place(finding.path.file, report.root))
            if finding.suppression is None and left[entry] > 0:
                left[entry] -= 1
                spoken_for.add(index)
        moved: Counter[str] = Counter()
        for (fingerprint, _), count in left.items():
            moved[fingerprint] += count
        for index, finding in enumerate(report.findings):
            if index not in spoken_for and finding.suppression is None and moved[finding.fingerprint] > 0:
                moved[finding.fingerprint] -= 1
                spoken_for.add(index)
        return replace(
            report,
            findings=tuple(
                _known(finding) if index in spoken_for else finding
                for index, finding in enumerate(report.findings)
            ),
        )


def baseline_text(report: Report) -> str:
    """All findings of a report that are not ignored, as a baseline; the same report gives the same text."""
    counting = (
        finding
        for finding in report.findings
        if finding.suppression is None or finding.suppression.grounds is Grounds.KNOWN
    )
    rows = sorted(
        (
            _exact(unquote(place(finding.path.file, report.root)) or finding.path.file),
            finding.rule.id,
            _exact(finding.subject),
            finding.fingerprint,
        )
        for finding in counting
    )
    entries = [dict(zip(("file", "rule", "subject", "fingerprint"), row, strict=True)) for row in rows]
    document = {"schema_version": SCHEMA_VERSION, "baseline": entries}
    return json.dumps(document, indent=2) + "\n"


def _known(finding: Finding) -> Finding:
    return replace(finding, suppression=Suppression(grounds=Grounds.KNOWN, justification=_JUSTIFICATION))


def _of_result(result: object) -> tuple[str, str] | None:
    match result:
        case {
            "partialFingerprints": {"modelwarden/v1": str(fingerprint)},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": str(uri)}}}],
        }:
            return fingerprint, unquote(uri)
    return None


def _of_finding(finding: object) -> tuple[str, str] | None:
    match finding:
        case {"fingerprint": str(fingerprint), "uri": str(uri)} if fingerprint and uri:
            return fingerprint, unquote(uri)
        case {"fingerprint": str(fingerprint), "file": str(file)} if fingerprint:
            return fingerprint, file
    return None


def _exact(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
