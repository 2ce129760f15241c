"""Reports of real files, made by the real engine."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from modelwarden.domain.finding import Finding, Grounds, Suppression
from modelwarden.domain.record import replace
from modelwarden.domain.report import Report
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.engine.scan import scan
from modelwarden.engine.verdict import verdict
from modelwarden.reports.outcome import Outcome
from modelwarden.triage.identity import identified

CORPUS = Path(__file__).parents[2] / "corpus"
SAMPLES = {
    "call.pkl": "malicious/dangerous-call/os-system.pkl",
    "copy of call.pkl": "malicious/dangerous-call/os-system.pkl",
    "named wrongly.h5": "malicious/dangerous-call/beginnings-and-ends/suffix.h5",
    "nested.zip": "malicious/dangerous-call/in-nested-archive.zip",
    "breaks.pkl": "malicious/dangerous-call/breaks/append-to-nothing.pkl",
    "logging.ini": "malicious/dangerous-call/ini-logging-class/logging.cfg",
    "program.llamafile": "malicious/template-injection/llamafile/model.llamafile",
    "cut-off.pkl": "malicious/malformed/cut-off.pkl",
    "good.pkl": "benign/sklearn/logistic-regression-protocol-5.pkl",
}
TIMES = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC), datetime(2026, 7, 1, 12, 0, 3, 250_000, tzinfo=UTC)


class Real:
    """Real scans: `outcome` of everything, `clean` of a harmless file alone."""

    times = TIMES

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        for name, sample in SAMPLES.items():
            shutil.copy(CORPUS / sample, directory / name)
        (directory / "notes.txt").write_text("Nothing to see here.\n")
        self.report = self._scan(directory)

    def outcome(self, fail_on: Severity | None = Severity.WARNING, **changes: object) -> Outcome:
        return self._judged(replace(self.report, **changes), Settings(fail_on=fail_on))

    def clean(self, **changes: object) -> Outcome:
        return self._judged(replace(self._scan(self.directory / "good.pkl"), **changes), Settings())

    def suppressed(self, chosen: Callable[[Finding], bool]) -> Outcome:
        """Some findings are known."""
        known = Suppression(grounds=Grounds.KNOWN, justification="it stands in the baseline")
        findings = (
            replace(finding, suppression=known) if chosen(finding) else finding
            for finding in self.report.findings
        )
        return self.outcome(findings=tuple(findings))

    def _scan(self, path: Path) -> Report:
        return identified(scan([str(path)], Settings(root=str(self.directory), hashing=True)))

    def _judged(self, report: Report, settings: Settings) -> Outcome:
        return Outcome.of(report, settings, verdict(report, settings))


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    return Real(tmp_path_factory.mktemp("models"))
