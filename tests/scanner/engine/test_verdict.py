"""The exit code is one table, the same for every output."""

import pytest

from modelwarden.domain.finding import Finding, Grounds, Note, Suppression
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.record import replace
from modelwarden.domain.report import Coverage, Report, ScannedFile
from modelwarden.domain.rule import Rule
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.engine.verdict import verdict

PATH = ArtifactPath("m.pkl")


def finding(severity: Severity) -> Finding:
    rule = Rule(id="MW199", name="x", severity=severity, summary="", explanation="", remedy="")
    return Finding(rule=rule, path=PATH, subject="s", message="m", span=Span(0), format="pickle")


NOTE = Note(
    rule=Rule(id="MW904", name="malformed", severity=Severity.INFO, summary="", explanation="", remedy=""),
    path=PATH,
    message="cut",
)
KNOWN = ScannedFile(path="m.pkl", size=1, coverage=Coverage.COMPLETE)
UNKNOWN = ScannedFile(path="m.txt", size=1, coverage=Coverage.UNSUPPORTED)
FAILED = ScannedFile(path="m.pkl", size=1, coverage=Coverage.FAILED)
WARNING, INFO = finding(Severity.WARNING), finding(Severity.INFO)
ACCEPTED = replace(WARNING, suppression=Suppression(grounds=Grounds.IGNORED, justification="ours"))


@pytest.mark.parametrize(
    ("report", "settings", "code"),
    [
        (Report(files=(KNOWN,)), Settings(), 0),
        (Report(files=(KNOWN, UNKNOWN)), Settings(), 0),
        (Report(files=(KNOWN,), findings=(WARNING,)), Settings(), 1),
        (Report(files=(KNOWN,), findings=(INFO,)), Settings(), 0),
        (Report(files=(KNOWN,), findings=(ACCEPTED,)), Settings(), 0),
        (Report(files=(KNOWN,), findings=(ACCEPTED, WARNING)), Settings(), 1),
        (Report(files=(KNOWN,), findings=(ACCEPTED,), notes=(NOTE,)), Settings(), 2),
        (Report(files=(KNOWN,), findings=(INFO,)), Settings(fail_on=Severity.INFO), 1),
        (Report(files=(KNOWN,), findings=(WARNING,)), Settings(fail_on=Severity.CRITICAL), 0),
        (Report(files=(KNOWN,), findings=(WARNING,)), Settings(fail_on=None), 0),
        (Report(files=(KNOWN,), findings=(WARNING,), notes=(NOTE,)), Settings(), 1),
        (Report(files=(KNOWN,), findings=(WARNING,), notes=(NOTE,)), Settings(fail_on=None), 2),
        (Report(files=(FAILED,), notes=(NOTE,)), Settings(), 2),
        (Report(files=(UNKNOWN,)), Settings(), 3),
        (Report(files=(UNKNOWN,), notes=(NOTE,)), Settings(), 3),
        (Report(), Settings(), 3),
        (Report(left_out=2), Settings(), 0),
        (Report(left_out=2, files=(KNOWN,), findings=(WARNING,)), Settings(), 1),
        (Report(files=(UNKNOWN,)), Settings(skip_unsupported=True), 0),
        (Report(), Settings(skip_unsupported=True), 0),
    ],
)
def test_the_table(report: Report, settings: Settings, code: int) -> None:
    assert verdict(report, settings) == code
