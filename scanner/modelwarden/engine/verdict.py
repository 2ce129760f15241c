"""The exit code: one function of the report and the settings, whatever the output."""

from modelwarden.domain.report import Coverage, Report
from modelwarden.domain.settings import Settings

CLEAN = 0
FINDINGS = 1
INCOMPLETE = 2
NOTHING_SUPPORTED = 3


def verdict(report: Report, settings: Settings) -> int:
    """The exit code of a scan, in this order of precedence.

    1: a finding that is not suppressed is at or above `fail_on`. 3: no file was of a known format (with `skip_unsupported` such
    files count as scanned; where only changed files are scanned there may be none). 2: something was not read. 0: everything was
    read, nothing at or above `fail_on`.
    """
    if settings.fail_on is not None and any(
        finding.suppression is None and finding.rule.severity >= settings.fail_on
        for finding in report.findings
    ):
        return FINDINGS
    supported = any(file.coverage is not Coverage.UNSUPPORTED for file in report.files)
    if not supported and not settings.skip_unsupported and not report.left_out:
        return NOTHING_SUPPORTED
    return CLEAN if report.complete else INCOMPLETE
