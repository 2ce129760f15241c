import re
from typing import TYPE_CHECKING

from modelwarden.ci.github import annotations, outputs, warning
from modelwarden.domain.finding import Grounds, Suppression
from modelwarden.domain.record import replace
from modelwarden.domain.report import Coverage
from modelwarden.domain.severity import Severity
from modelwarden.reports.target import Target

if TYPE_CHECKING:
    from tests.scanner.conftest import Make

COMMAND = re.compile(r"::(error|warning|notice) file=[^:,]*,title=[^:,]*::.*")


def test_one_command_for_each_finding_and_unread_place(make: "Make") -> None:
    findings = [make.finding(severity, f"/repository/models/{severity.name}.pkl") for severity in Severity]
    assert annotations(make.outcome(findings, [make.note("/repository/cut.pkl")], exit_code=1)) == [
        '::error file=models/CRITICAL.pkl,title=MW101 dangerous-call::Loading calls os.system("id").',
        '::warning file=models/WARNING.pkl,title=MW109 unknown-call::Loading calls os.system("id").',
        "::warning file=cut.pkl,title=MW904 malformed::not read: truncated at byte 812",
        '::notice file=models/INFO.pkl,title=MW110 unknown-import::Loading calls os.system("id").',
    ]


def test_escapes_what_the_runner_reads_as_syntax(make: "Make") -> None:
    finding = make.finding(file="/repository/a,b:c%.pkl", message="100% of a: b, c")
    assert annotations(make.outcome([finding], exit_code=1)) == [
        "::error file=a%2Cb%3Ac%25.pkl,title=MW101 dangerous-call::100%25 of a: b, c"
    ]


def test_a_hostile_name_stays_inside_its_command(make: "Make", hostile: str) -> None:
    finding = make.finding(file=f"/repository/{hostile}", message=hostile)
    commands = annotations(
        make.outcome([finding], [make.note(f"/repository/{hostile}", (), hostile)], exit_code=1)
    )
    assert len(commands) == 2
    for command in commands:
        assert command.isprintable()
        assert COMMAND.fullmatch(command)


def test_ten_of_a_level_and_the_last_says_how_many_more(make: "Make") -> None:
    findings = [make.finding(), *(make.finding(Severity.INFO) for _ in range(11))]
    commands = annotations(make.outcome(findings, exit_code=1))
    assert [command.partition(" ")[0] for command in commands] == ["::error"] + ["::notice"] * 10
    assert commands[-1] == "::notice title=modelwarden::2 more like these are in the report"


def test_what_is_said_of_the_whole_scan_comes_first_and_counts_among_the_ten(make: "Make") -> None:
    known = Suppression(grounds=Grounds.KNOWN, justification="it stands in the baseline")
    findings = [replace(make.finding(), suppression=known), *(make.finding(Severity.INFO) for _ in range(10))]
    outcome = make.outcome(findings)
    interrupted = replace(outcome, report=replace(outcome.report, interrupted=True))
    commands = annotations(interrupted)
    assert commands[:2] == [
        "::warning title=modelwarden::interrupted: not every file was looked at",
        "::notice title=modelwarden::1 known or ignored finding not counted",
    ]
    assert sum(command.startswith("::notice ") for command in commands) == 10
    assert commands[-1] == "::notice title=modelwarden::2 more like these are in the report"


def test_outputs_hold_counts_and_the_users_own_file_names(make: "Make") -> None:
    outcome = make.outcome(
        [make.finding(), make.finding(Severity.INFO)],
        files=[make.file(), make.file("cut.pkl", Coverage.PARTIAL), make.file("a.md", Coverage.UNSUPPORTED)],
        exit_code=1,
    )
    assert outputs(outcome, [Target.parse("sarif:C:\\out\\x.sarif"), Target.parse("json")]) == (
        "exit-code=1\nfindings=2\ncritical=1\nwarning=0\ninfo=1\nfiles-scanned=2\nfiles-failed=1\n"
        "sarif-file=C:\\out\\x.sarif\njson-file=\n"
    )


def test_a_warning_of_no_file_stays_one_command() -> None:
    assert warning("100% of\n::error::x") == r"::warning title=modelwarden::100%25 of\n::error::x"
