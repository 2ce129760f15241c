"""What becomes of the findings of a scan: named, accepted, or known; nothing is imported that was not asked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modelwarden.domain.report import Report
from modelwarden.domain.settings import Settings

if TYPE_CHECKING:
    from modelwarden.triage.ignores import Ignore


class Triage:
    """`ignores` as configured; `baseline`: a previous report, or None; `record`: what is found now is to be a baseline.

    `settings` hold what the user rates and allows. `identify`: some output shows fingerprints. Raises UserError for a baseline
    that cannot be read, before anything is scanned.
    """

    def __init__(
        self,
        ignores: "Sequence[Ignore]",
        baseline: str | None,
        settings: Settings,
        *,
        record: bool,
        identify: bool,
    ) -> None:
        self._settings = settings
        self._ignores = ignores
        self._record = record
        self._identify = identify or record or baseline is not None
        self._known = None
        if baseline is not None:
            from modelwarden.triage.baseline import Baseline

            self._known = Baseline.read(baseline)

    def judge(self, report: Report) -> tuple[Report, Sequence[str]]:
        """The report with what does not count suppressed, and what to tell the user about the configuration."""
        remarks: Sequence[str] = ()
        if self._identify:
            from modelwarden.triage.identity import identified

            report = identified(report)
        if self._settings.ratings:
            from modelwarden.triage import ratings

            report = ratings.apply(report, dict(self._settings.ratings))
        if self._settings.denied_as:
            from modelwarden.triage import ratings

            report = ratings.apply_denied(report, self._settings.denied, dict(self._settings.denied_as))
        if self._settings.allowed:
            from modelwarden.triage import allowed

            report = allowed.apply(report, self._settings.allowed)
        if self._ignores:
            from datetime import UTC, datetime

            from modelwarden.triage.ignores import apply

            report, remarks = apply(report, self._ignores, datetime.now(UTC).date())
        if self._known is not None:
            report = self._known.apply(report)
        if self._record:
            from modelwarden.triage.baseline import Baseline

            report = Baseline.of(report).apply(report)
        return report, remarks

    def baseline(self, report: Report) -> str:
        """The text of a baseline that holds the findings of `report`."""
        from modelwarden.triage.baseline import baseline_text

        return baseline_text(report)
