import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from modelwarden.domain.report import Coverage
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.reports.markdown import code, markdown

if TYPE_CHECKING:
    from tests.scanner.conftest import Make
    from tests.scanner.reports.conftest import Real

SPAN = re.compile(r"`[^`\n]+`")


def test_counts_and_one_table(make: "Make") -> None:
    outcome = make.outcome(
        [make.finding(Severity.INFO), make.finding(file="m.pt", members=("archive/data.pkl",), count=3)],
        files=[make.file()],
        exit_code=1,
    )
    assert markdown(outcome).splitlines()[:8] == [
        "## modelwarden",
        "",
        (
            "🔴 **1 critical** · 🔵 **1 info** · 1 scanned · 0 not fully read · 0 skipped · "
            "exit code 1 (a finding at or above warning)"
        ),
        "",
        "| severity | rule | file | member | what |",
        "|---|---|---|---|---|",
        '| 🔴 critical | MW101 dangerous-call | `m.pt` | `archive/data.pkl` | `Loading calls os.system("id").` (3 times) |',
        '| 🔵 info | MW110 unknown-import | `evil.pkl` | — | `Loading calls os.system("id").` |',
    ]


def test_says_nothing_found_only_of_what_was_read(make: "Make") -> None:
    cut = make.file("cut.pkl", Coverage.PARTIAL)
    assert "🟢 **nothing found** · 1 scanned" in markdown(make.outcome(files=[make.file()]))
    incomplete = markdown(make.outcome(notes=[make.note()], files=[cut], exit_code=2))
    assert "**nothing found in what could be read** · 1 scanned · 1 not fully read" in incomplete
    assert "- MW904 malformed: `cut.pkl`: `truncated at byte 812`" in incomplete
    assert "🟢" not in incomplete
    assert "**nothing scanned**" in markdown(make.outcome(exit_code=3))


def test_is_not_green_when_findings_are_hidden(make: "Make") -> None:
    only_critical = Settings(min_severity=Severity.CRITICAL)
    hidden = make.outcome(
        [make.finding(Severity.WARNING)], files=[make.file()], exit_code=1, settings=only_critical
    )
    assert "**nothing at or above critical** · 1 scanned" in markdown(hidden)
    assert "1 below critical not shown" in markdown(hidden)
    assert "🟢" not in markdown(hidden)


def test_shows_fifty_findings_worst_first_and_counts_the_rest(make: "Make") -> None:
    findings = [make.finding(Severity.INFO, message=f"i{number}") for number in range(60)] + [make.finding()]
    rows = [
        row
        for row in markdown(make.outcome(findings, exit_code=1)).splitlines()
        if row.startswith(("| 🔴", "| 🔵"))
    ]
    assert len(rows) == 50
    assert "critical" in rows[0]
    assert "11 more findings are in the full report." in markdown(make.outcome(findings, exit_code=1))


def test_shows_twenty_unread_places_and_counts_the_rest(make: "Make") -> None:
    notes = [make.note(f"{number}.pkl") for number in range(23)]
    report = markdown(make.outcome(notes=notes, files=[make.file()], exit_code=2))
    assert report.count("- MW904 malformed: ") == 20
    assert "3 more places were not read." in report
    assert "more places" not in markdown(make.outcome(notes=notes[:20], files=[make.file()], exit_code=2))


def test_gives_the_advice_once_for_each_rule(make: "Make") -> None:
    report = markdown(make.outcome([make.finding(), make.finding(file="other.pkl")], exit_code=1))
    assert report.count("remedy of dangerous-call") == 1


def test_advises_on_every_rule_even_when_one_fills_the_table(make: "Make") -> None:
    findings = [make.finding(file=f"{number}.pkl") for number in range(60)] + [make.finding(Severity.INFO)]
    advice = markdown(make.outcome(findings, exit_code=1)).partition("### What to do\n\n")[2].splitlines()
    assert advice == [
        "- 🔴 **MW101 dangerous-call** (60): remedy of dangerous-call",
        "- 🔵 **MW110 unknown-import** (1): remedy of unknown-import",
    ]


def test_tells_what_does_not_count_and_what_was_left_out(real: "Real") -> None:
    known = markdown(real.suppressed(lambda finding: finding.path.file.endswith("nested.zip")))
    assert " · 1 known or ignored not counted · " in known
    assert "nested.zip" not in known
    assert " · 4 unchanged left out · " in markdown(real.outcome(left_out=4))


def test_an_interrupted_scan_is_not_green(real: "Real") -> None:
    report = markdown(real.clean(interrupted=True))
    assert "**interrupted: not every file was looked at**" in report
    assert "🟢" not in report
    assert "🟢" in markdown(real.clean())


def test_model_text_stays_inside_its_code_span_and_its_cell(make: "Make", hostile: str) -> None:
    finding = make.finding(file=hostile, members=(hostile,), message=hostile, subject=hostile)
    report = markdown(make.outcome([finding], [make.note(hostile, (hostile,), hostile)], exit_code=1))
    row = next(row for row in report.splitlines() if row.startswith("| 🔴"))
    assert row.count("|") == 6
    outside = SPAN.sub("", report)
    assert all(line.isprintable() for line in outside.split("\n"))
    for danger in ("`", "<", "@", "https:", "pwned", "\x1b"):
        assert danger not in outside


def test_a_renderer_sees_no_markup_of_the_models(make: "Make", hostile: str) -> None:
    finding = make.finding(file=hostile, members=(hostile,), message=hostile, subject=hostile)
    report = markdown(make.outcome([finding], [make.note(hostile, (hostile,), hostile)], exit_code=1))
    blocks = MarkdownIt("commonmark").enable("table").parse(report)
    tokens = [*blocks, *(child for block in blocks for child in block.children or ())]
    kinds = [token.type for token in tokens]
    assert kinds.count("td_open") == 5
    assert kinds.count("code_inline") == 6
    assert not {"html_block", "html_inline", "link_open", "image", "code_block", "fence"} & set(kinds)


def test_stays_far_below_a_mebibyte(make: "Make") -> None:
    worst = "\U000e0001`|" * 100_000
    findings = [make.finding(file=worst, members=(worst,), message=worst) for _ in range(60)]
    notes = [make.note(worst, (worst,), worst)] * 60
    assert len(markdown(make.outcome(findings, notes, exit_code=1)).encode()) < 100_000


def test_text_without_any_visible_character_is_a_dash() -> None:
    assert code("") == code(" \n ") == "—"
