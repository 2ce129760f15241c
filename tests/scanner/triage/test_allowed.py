"""What the user vouches for does not count; what is dangerous counts all the same."""

import pytest

from modelwarden.domain.finding import Grounds
from modelwarden.domain.report import Report
from modelwarden.domain.severity import Severity
from modelwarden.triage.allowed import UNKNOWN, apply, matches
from tests.scanner.conftest import Make


def test_an_unknown_global_that_is_allowed_is_suppressed_and_kept(make: Make) -> None:
    report = Report(findings=(make.finding(Severity.WARNING, subject="mypkg.layers.build"),))
    [finding] = apply(report, ["mypkg.layers.*"]).findings
    assert finding.suppression is not None
    assert finding.suppression.grounds is Grounds.ALLOWED
    assert "mypkg.layers.*" in finding.suppression.justification


@pytest.mark.parametrize("pattern", ["os.*", "os.system", "*"])
def test_a_dangerous_global_cannot_be_allowed(make: Make, pattern: str) -> None:
    report = Report(findings=(make.finding(Severity.CRITICAL, subject="os.system"),))
    assert apply(report, [pattern]) == report
    assert "MW101" not in UNKNOWN


def test_another_global_counts(make: Make) -> None:
    report = Report(findings=(make.finding(Severity.WARNING, subject="mypkgs.layers.build"),))
    assert apply(report, ["mypkg.*"]) == report


@pytest.mark.parametrize(
    ("name", "pattern", "meant"),
    [
        ("pkg", "pkg.*", True),
        ("pkg.a.b", "pkg.*", True),
        ("pkg.a", "pkg.a", True),
        ("pkgs", "pkg.*", False),
        ("pkg.a.b", "pkg.a", False),
    ],
)
def test_patterns(name: str, pattern: str, meant: bool) -> None:
    assert matches(name, pattern) is meant
