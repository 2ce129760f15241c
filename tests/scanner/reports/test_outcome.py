from typing import TYPE_CHECKING

import pytest

from modelwarden.domain.report import Coverage
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity

if TYPE_CHECKING:
    from tests.scanner.conftest import Make


def test_hides_findings_below_the_floor_and_keeps_the_exit_code(make: "Make") -> None:
    findings = [make.finding(severity) for severity in Severity]
    outcome = make.outcome(findings, exit_code=1, settings=Settings(min_severity=Severity.CRITICAL))
    assert [finding.rule.severity for finding in outcome.report.findings] == [Severity.CRITICAL]
    assert outcome.hidden == 3
    assert outcome.exit_code == 1


def test_shows_info_but_not_debug_by_default(make: "Make") -> None:
    outcome = make.outcome([make.finding(severity) for severity in Severity])
    assert outcome.counts == {Severity.CRITICAL: 1, Severity.WARNING: 1, Severity.INFO: 1, Severity.DEBUG: 0}
    assert list(outcome.counts) == [Severity.CRITICAL, Severity.WARNING, Severity.INFO, Severity.DEBUG]


def test_a_file_read_in_part_is_scanned_and_failed(make: "Make") -> None:
    outcome = make.outcome(files=[make.file(coverage.value, coverage) for coverage in Coverage])
    assert [file.path for file in outcome.scanned] == ["complete", "partial"]
    assert [file.path for file in outcome.failed] == ["partial", "absent", "failed"]
    assert [file.path for file in outcome.skipped] == ["unsupported"]


@pytest.mark.parametrize(
    ("exit_code", "fail_on", "words"),
    [
        (0, Severity.WARNING, "nothing at or above warning"),
        (0, None, "findings never fail"),
        (1, Severity.INFO, "a finding at or above info"),
        (2, Severity.WARNING, "not everything could be read"),
        (3, Severity.WARNING, "no file of a supported format was given"),
    ],
)
def test_says_what_the_exit_code_means(
    make: "Make", exit_code: int, fail_on: Severity | None, words: str
) -> None:
    assert make.outcome(exit_code=exit_code, settings=Settings(fail_on=fail_on)).meaning == words
