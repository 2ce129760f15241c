import pytest

from modelwarden.errors import UserError
from modelwarden.reports.target import ReportFormat, Target, targets

TEXT, JSON, SARIF = ReportFormat.TEXT, ReportFormat.JSON, ReportFormat.SARIF


def test_reads_a_format_and_its_file() -> None:
    assert Target.parse("json") == Target(JSON)
    assert Target.parse("SARIF:out/x.sarif") == Target(SARIF, "out/x.sarif")
    assert Target.parse("sarif:C:\\x.sarif") == Target(SARIF, "C:\\x.sarif")
    assert Target.parse("json:-") == Target(JSON)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "yaml",
            "'yaml' is not one of text, json, sarif, markdown, html, junit, github, gitlab-sast, codequality",
        ),
        ("C:\\x.sarif", "'C' is not one of"),
        ("json:", "a file name is missing after 'json:'"),
        ("", "'' is not one of"),
        ("x\x1b[31m\n", r"'x\\x1b\[31m\\n' is not one of"),
    ],
)
def test_refuses_what_is_no_report(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Target.parse(text)


@pytest.mark.parametrize(
    ("asked", "output", "quiet", "expected"),
    [
        ([], None, False, ["text"]),
        ([], None, True, []),
        ([], "r.txt", False, ["text:r.txt"]),
        ([], "r.txt", True, ["text:r.txt"]),
        ([], "-", False, ["text"]),
        (["json"], None, False, ["json"]),
        (["json"], "r.json", False, ["json:r.json", "text"]),
        (["json"], "r.json", True, ["json:r.json"]),
        (["sarif:r.sarif"], None, False, ["sarif:r.sarif", "text"]),
        (["sarif:r.sarif"], None, True, ["sarif:r.sarif"]),
        (["sarif:r.sarif", "json"], None, False, ["sarif:r.sarif", "json"]),
        (["sarif:r.sarif", "text"], None, True, ["sarif:r.sarif", "text"]),
        (["sarif:r.sarif"], "r.txt", False, ["sarif:r.sarif", "text:r.txt"]),
        (["text:r.txt"], None, False, ["text:r.txt"]),
    ],
)
def test_sends_each_report_to_its_place(
    asked: list[str], output: str | None, quiet: bool, expected: list[str]
) -> None:
    placed = targets([Target.parse(item) for item in asked], output, quiet)
    assert [
        f"{target.format}:{target.file}" if target.file else f"{target.format}" for target in placed
    ] == expected


@pytest.mark.parametrize(
    ("asked", "output", "place"),
    [(["json", "sarif"], None, "stdout"), (["json", "sarif"], "r", "r"), (["json:r", "sarif:r"], None, "r")],
)
def test_refuses_two_reports_in_one_place(asked: list[str], output: str | None, place: str) -> None:
    with pytest.raises(UserError, match=f"two reports would go to {place}:"):
        targets([Target.parse(item) for item in asked], output, quiet=False)
