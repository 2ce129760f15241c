"""A rule weighs what the user says: in the report, the exit code and the SARIF catalogue alike."""

from modelwarden.domain.record import replace
from modelwarden.domain.report import Report
from modelwarden.domain.severity import Severity
from modelwarden.policies import CATALOGUE
from modelwarden.triage.ratings import apply, apply_denied, rated
from tests.scanner.conftest import Make


def test_without_ratings_the_catalogue_is_itself() -> None:
    assert rated(CATALOGUE, {}) is CATALOGUE


def test_a_rated_rule_keeps_all_but_its_severity() -> None:
    rule = rated(CATALOGUE, {"MW109": Severity.INFO})["MW109"]
    assert rule.severity is Severity.INFO
    assert (rule.id, rule.summary) == ("MW109", CATALOGUE["MW109"].summary)
    assert rated(CATALOGUE, {"MW109": Severity.INFO})["MW101"] is CATALOGUE["MW101"]


def test_findings_are_weighed_and_sorted_anew(make: Make) -> None:
    report = Report(
        findings=(
            make.finding(Severity.CRITICAL, "a.pkl"),
            make.finding(Severity.INFO, "a.pkl"),
            make.finding(Severity.WARNING, "b.pkl"),
        )
    )
    found = apply(report, {"MW101": Severity.DEBUG, "MW110": Severity.CRITICAL}).findings
    assert [(one.path.file, one.rule.id, one.rule.severity) for one in found] == [
        ("a.pkl", "MW110", Severity.CRITICAL),
        ("a.pkl", "MW101", Severity.DEBUG),
        ("b.pkl", "MW109", Severity.WARNING),
    ]


def test_what_is_denied_weighs_as_its_heaviest_pattern(make: Make) -> None:
    denied = CATALOGUE["MW508"]
    subjects = ("a.b", "a.c", "d.e", "posix.system", "…")
    report = Report(
        findings=(
            *(replace(make.finding(Severity.CRITICAL, "x"), rule=denied, subject=one) for one in subjects),
            make.finding(Severity.INFO, "x"),
        )
    )
    weights = {"a.*": Severity.INFO, "a.c": Severity.WARNING, "os.*": Severity.DEBUG}
    found = apply_denied(report, ("a.*", "a.c", "d.e", "os.*"), weights).findings
    assert [(one.subject, one.rule.severity.name) for one in found if one.rule.id == "MW508"] == [
        ("d.e", "CRITICAL"),
        ("…", "CRITICAL"),
        ("a.c", "WARNING"),
        ("a.b", "INFO"),
        ("posix.system", "DEBUG"),
    ]
    assert {one.rule.severity for one in found if one.rule.id == "MW110"} == {Severity.INFO}
