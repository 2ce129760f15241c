from typing import TYPE_CHECKING

import pytest

from modelwarden.domain.report import Coverage
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.reports.lines import plain
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.text import text

if TYPE_CHECKING:
    from tests.scanner.conftest import Make
    from tests.scanner.reports.conftest import Real


def shown(outcome: Outcome, *, verbose: bool = False, show_skipped: bool = False) -> str:
    return plain(text(outcome, verbose=verbose, show_skipped=show_skipped), width=10_000)


def last_line(outcome: Outcome) -> str:
    return shown(outcome).splitlines()[-1]


def test_tells_what_would_run_where_why_and_what_to_do(make: "Make") -> None:
    finding = make.finding(file="m.pt", members=("archive/data.pkl",), offset=2_241, count=3)
    outcome = make.outcome([finding], files=[make.file("m.pt")], exit_code=1)
    assert shown(outcome) == (
        "m.pt\n"
        "  CRITICAL  MW101 dangerous-call\n"
        '    Loading calls os.system("id").\n'
        "      with id\n"
        "      at byte 2,241 of archive/data.pkl, 3 times\n"
        "    Why  explanation of dangerous-call\n"
        "    Fix  remedy of dangerous-call\n"
        "\n"
        "1 critical in 1 file. Exit code 1: a finding at or above warning.\n"
        "1 file scanned whole.\n"
    )


def test_groups_by_file_and_puts_the_worst_first(make: "Make") -> None:
    findings = [make.finding(severity, file) for file in ("a.pkl", "b.pkl") for severity in sorted(Severity)]
    rows = shown(
        make.outcome(findings, settings=Settings(min_severity=Severity.DEBUG), exit_code=1)
    ).splitlines()
    heads = [
        row.split()[0]
        for row in rows
        if row.startswith(("a.pkl", "b.pkl")) or (row.startswith("  ") and row[2] != " ")
    ]
    levels = ["CRITICAL", "WARNING", "INFO", "DEBUG"]
    assert heads == ["a.pkl", *levels, "b.pkl", *levels]


def test_gives_the_advice_once_for_all_findings_of_a_rule_in_a_file(make: "Make") -> None:
    findings = [make.finding(message=f"Loading calls f{number}.") for number in range(5)]
    report = shown(make.outcome(findings, exit_code=1))
    assert report.count("Loading calls f") == 5
    assert report.count("explanation of dangerous-call") == 1
    assert report.count("remedy of dangerous-call") == 1


def test_says_how_many_it_leaves_out_unless_verbose(make: "Make") -> None:
    findings = [make.finding(message=f"Loading calls f{number}.") for number in range(1_025)]
    outcome = make.outcome(findings, exit_code=1)
    assert shown(outcome).count("Loading calls f") == 20
    assert "and 1,005 more like these (--verbose lists them)" in shown(outcome)
    assert shown(outcome, verbose=True).count("Loading calls f") == 1_025


def test_verbose_adds_details_and_every_file(make: "Make") -> None:
    outcome = make.outcome([make.finding()], files=[make.file("good.pkl")], exit_code=1)
    report = shown(outcome, verbose=True)
    assert "subject os.system · family process · opcode REDUCE · read as pickle" in report
    assert f"  good.pkl  pickle · complete · 812 bytes · {'ab' * 32}" in report
    assert "good.pkl" not in shown(outcome)


def test_clean_is_said_of_whole_coverage_only(make: "Make") -> None:
    good, skipped = make.file(), make.file("README.md", Coverage.UNSUPPORTED)
    cut = make.file("cut.pkl", Coverage.PARTIAL, "truncated at byte 812")
    assert "Clean: nothing found. Exit code 0" in shown(make.outcome(files=[good]))
    assert last_line(make.outcome(files=[good])) == "1 file scanned whole."
    debug = make.finding(Severity.DEBUG)
    for outcome in (
        make.outcome(files=[good, skipped]),
        make.outcome(files=[good, cut], notes=[make.note()], exit_code=2),
        make.outcome(files=[skipped], exit_code=3),
        make.outcome(exit_code=3),
        make.outcome(exit_code=0),
        make.outcome([debug], files=[good]),
        make.outcome([make.finding(Severity.INFO)], files=[good]),
    ):
        assert "clean" not in shown(outcome, verbose=True, show_skipped=True).lower()


def test_the_last_line_names_what_was_not_read(make: "Make") -> None:
    files = [make.file("a.pkl"), make.file("cut.pkl", Coverage.PARTIAL, "truncated at byte 812")]
    outcome = make.outcome([make.finding()], [make.note()], files, exit_code=1)
    assert last_line(outcome) == "2 files scanned; 1 file not fully read: cut.pkl (truncated at byte 812)."
    assert "NOT READ  MW904 malformed\n    truncated at byte 812\n    Fix  remedy of malformed" in shown(
        outcome
    )


def test_the_last_line_stays_short_when_much_was_not_read(make: "Make") -> None:
    files = [make.file(f"cut{number}.pkl", Coverage.FAILED, "gone") for number in range(9)]
    notes = [make.note(file.path, message="gone") for file in files]
    told = last_line(make.outcome(notes=notes, files=files, exit_code=2))
    assert told == (
        "0 files scanned; 9 files not fully read: cut0.pkl (gone), cut1.pkl (gone), cut2.pkl (gone), 6 more."
    )


def test_counts_skipped_files_and_lists_them_when_asked(make: "Make") -> None:
    outcome = make.outcome(files=[make.file(), make.file("README.md", Coverage.UNSUPPORTED)])
    assert last_line(outcome) == "1 file scanned whole; 1 file skipped (--show-skipped tells which and why)."
    listed = shown(outcome, show_skipped=True)
    assert "Files skipped\n  README.md  812 bytes" in listed
    assert "--show-skipped" not in listed


def test_says_that_findings_are_hidden(make: "Make") -> None:
    findings = [make.finding(Severity.WARNING), make.finding(Severity.INFO)]
    outcome = make.outcome(
        findings, files=[make.file()], settings=Settings(min_severity=Severity.CRITICAL), exit_code=1
    )
    assert "Nothing at or above critical. 2 findings below critical not shown. Exit code 1" in shown(outcome)


def test_many_files_are_summed_up_by_rule_before_the_verdict(make: "Make") -> None:
    findings = [make.finding(file=f"{number:02}.pkl") for number in range(11)]
    findings += [make.finding(Severity.INFO, "00.pkl"), make.finding(Severity.INFO, "00.pkl", offset=3)]
    rows = shown(make.outcome(sorted(findings, key=lambda each: each.path.file), exit_code=1)).splitlines()
    start = rows.index("By rule")
    assert rows[start + 1 : start + 4] == [
        "  CRITICAL       11  MW101 dangerous-call in 11 files",
        "  INFO            2  MW110 unknown-import in 1 file",
        "",
    ]
    assert rows[start + 4].startswith("11 critical, 2 info in 11 files.")
    assert "By rule" not in shown(make.outcome(findings[:10], exit_code=1))


def test_an_interrupted_scan_and_one_of_changed_files_are_not_clean(real: "Real") -> None:
    interrupted = shown(real.clean(interrupted=True))
    assert "Nothing found in what could be read. Interrupted: not every file was looked at." in interrupted
    assert " Interrupted: 2 files were not looked at. " in shown(real.clean(interrupted=True, unreached=2))
    partial = shown(real.clean(left_out=2))
    assert "Nothing found. Exit code 0" in partial
    assert "2 unchanged files left out." in partial
    assert "Clean: nothing found. Exit code 0" in shown(real.clean())


@pytest.mark.parametrize("width", [40, 100])
def test_prints_nothing_that_a_terminal_or_a_runner_obeys(make: "Make", hostile: str, width: int) -> None:
    finding = make.finding(file=hostile, members=(hostile, hostile), message=hostile, subject=hostile)
    note = make.note(hostile, (hostile,), hostile)
    files = [
        make.file(hostile),
        make.file(hostile, Coverage.UNSUPPORTED, hostile),
        make.file(hostile, Coverage.FAILED, hostile),
    ]
    outcome = make.outcome([finding], [note], files, exit_code=1)
    report = plain(text(outcome, verbose=True, show_skipped=True), width)
    rows = report.split("\n")
    assert all(row.isprintable() for row in rows)
    assert not any(row.lstrip().startswith("::") for row in rows)
    assert "##[" not in report
    assert "##vso[" not in report
    assert len(report) < 10_000
