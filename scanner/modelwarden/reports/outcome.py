"""What every report speaks about: the findings that are shown, the exit code, and what was and was not read."""

from collections.abc import Mapping

from modelwarden.domain.finding import Finding
from modelwarden.domain.record import record, replace
from modelwarden.domain.report import Coverage, Report, ScannedFile
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity

_READ = frozenset({Coverage.COMPLETE, Coverage.PARTIAL})
_UNREAD = frozenset({Coverage.PARTIAL, Coverage.FAILED, Coverage.ABSENT})


@record(kw_only=True)
class Outcome:
    """A report as it is shown: without the `hidden` findings below `min_severity`, and with the exit code of the whole one.

    `report.findings` holds the suppressed ones, too; most outputs show `findings` and count `suppressed`.
    """

    report: Report
    exit_code: int
    fail_on: Severity | None
    min_severity: Severity
    hidden: int = 0

    @classmethod
    def of(cls, report: Report, settings: Settings, exit_code: int) -> "Outcome":
        """Leave out what is below `settings.min_severity`. `exit_code` was decided on the whole report and stays."""
        shown = tuple(
            f
            for f in report.findings
            if f.rule.severity >= settings.min_severity or f.suppression is not None
        )
        return cls(
            report=replace(report, findings=shown),
            exit_code=exit_code,
            fail_on=settings.fail_on,
            min_severity=settings.min_severity,
            hidden=len(report.findings) - len(shown),
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those that count."""
        return tuple(finding for finding in self.report.findings if finding.suppression is None)

    @property
    def suppressed(self) -> tuple[Finding, ...]:
        """Those that do not count: ignored by the user's configuration, or known from a baseline."""
        return tuple(finding for finding in self.report.findings if finding.suppression is not None)

    @property
    def counts(self) -> Mapping[Severity, int]:
        """Findings that count by severity, worst first, zeros included."""
        severities = [finding.rule.severity for finding in self.findings]
        return {severity: severities.count(severity) for severity in sorted(Severity, reverse=True)}

    @property
    def scanned(self) -> tuple[ScannedFile, ...]:
        """Files of a supported format that were read, wholly or in part."""
        return tuple(file for file in self.report.files if file.coverage in _READ)

    @property
    def failed(self) -> tuple[ScannedFile, ...]:
        """Files that were not read to their end; those read in part are among the scanned ones, too."""
        return tuple(file for file in self.report.files if file.coverage in _UNREAD)

    @property
    def skipped(self) -> tuple[ScannedFile, ...]:
        """Files that no format knows."""
        return tuple(file for file in self.report.files if file.coverage is Coverage.UNSUPPORTED)

    @property
    def interruption(self) -> str:
        """What an interrupted scan did not come to, in words; empty for one that came to its end."""
        if not self.report.interrupted:
            return ""
        unreached = self.report.unreached
        missing = (
            f"{unreached:,} file{'s were' if unreached > 1 else ' was'} not"
            if unreached
            else "not every file was"
        )
        return f"interrupted: {missing} looked at"

    @property
    def meaning(self) -> str:
        """What the exit code says, in words."""
        threshold = self.fail_on.name.lower() if self.fail_on else ""
        match self.exit_code:
            case _ if self.report.interrupted:
                return "the scan was interrupted"
            case 0 if not threshold:
                return "findings never fail"
            case 0:
                return f"nothing at or above {threshold}"
            case 1:
                return f"a finding at or above {threshold}"
            case 2:
                return "not everything could be read"
            case _:
                return "no file of a supported format was given"
