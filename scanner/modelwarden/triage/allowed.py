"""Globals the user vouches for: what was reported because nobody knows it does not count any more.

Only ignorance can be lifted so. A global known for what it can do stays a finding, whatever anybody allows: that is what an
ignore with a reason is for.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from modelwarden.domain.finding import Finding, Grounds, Suppression
from modelwarden.domain.record import replace
from modelwarden.domain.report import Report

UNKNOWN = frozenset({"MW109", "MW110", "MW215"})
"""Rules that say no more than that something is not known: unknown-call, unknown-import, custom-class."""


def apply(report: Report, patterns: Sequence[str]) -> Report:
    """The report with the findings about unknown things whose subject matches a pattern (`pkg.module.*`) suppressed."""
    return replace(report, findings=tuple(_judged(finding, patterns) for finding in report.findings))


def _judged(finding: Finding, patterns: Sequence[str]) -> Finding:
    if finding.suppression is not None or finding.rule.id not in UNKNOWN:
        return finding
    for pattern in patterns:
        if matches(finding.subject, pattern):
            reason = f"{pattern} is allowed by the configuration."
            return replace(finding, suppression=Suppression(grounds=Grounds.ALLOWED, justification=reason))
    return finding


def matches(name: str, pattern: str) -> bool:
    """Whether a dotted name is meant: `pkg.*` means the package itself and everything in it."""
    return fnmatchcase(name, pattern) or (pattern.endswith(".*") and name == pattern[:-2])
