"""Severities as the user sees them: a rule keeps its id and its text, and weighs more or less."""

from collections.abc import Iterable, Mapping, Sequence

from modelwarden.domain.finding import Finding
from modelwarden.domain.record import replace
from modelwarden.domain.report import Report
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity


def rated(catalogue: Mapping[str, Rule], ratings: Mapping[str, Severity]) -> Mapping[str, Rule]:
    """The catalogue with the severities in `ratings` (rule id → severity); itself when there are none."""
    if not ratings:
        return catalogue
    return {
        id_: replace(rule, severity=ratings[id_]) if id_ in ratings else rule
        for id_, rule in catalogue.items()
    }


def apply(report: Report, ratings: Mapping[str, Severity]) -> Report:
    """The report with its findings weighed anew, each file's worst first. Notes of the scan itself have no weight."""
    weighed = (
        replace(one, rule=replace(one.rule, severity=ratings[one.rule.id])) if one.rule.id in ratings else one
        for one in report.findings
    )
    return _with(report, weighed)


def apply_denied(report: Report, patterns: Sequence[str], weights: Mapping[str, Severity]) -> Report:
    """The report with what MW508 found weighed as the pattern is that denies it; of several, as the heaviest.

    `weights`: the patterns that do not weigh what the rule does.
    """
    from modelwarden.policies.denied_global import RULE, matching  # few deny anything, and fewer weigh it

    def weighed(finding: Finding) -> Finding:
        if finding.rule.id != RULE.id:
            return finding
        usual = finding.rule.severity
        meant = [weights.get(pattern, usual) for pattern in matching(finding.subject, patterns)]
        return replace(finding, rule=replace(finding.rule, severity=max(meant, default=usual)))

    return _with(report, map(weighed, report.findings))


def _with(report: Report, findings: Iterable[Finding]) -> Report:
    order = sorted(findings, key=lambda one: (one.path.file, -one.rule.severity))
    return replace(report, findings=tuple(order))
