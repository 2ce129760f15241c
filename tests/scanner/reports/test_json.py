import json
from typing import TYPE_CHECKING

from modelwarden.domain.report import Coverage
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.reports.issues import issues_view
from modelwarden.reports.json import json_text

if TYPE_CHECKING:
    from tests.scanner.conftest import Make


def test_says_everything_about_a_scan(make: "Make") -> None:
    outcome = make.outcome(
        [make.finding(file="m.pt", members=("archive/data.pkl",), count=3)],
        [make.note()],
        [
            make.file("cut.pkl", Coverage.PARTIAL, "truncated at byte 812"),
            make.file("a.md", Coverage.UNSUPPORTED),
        ],
        exit_code=1,
    )
    found = json.loads(json_text(outcome))
    assert {key: value for key, value in found.items() if key not in issues_view(outcome, None)} == {
        "schema_version": 1,
        "tool": {"name": "modelwarden", "version": "9.9.9"},
        "summary": {
            "exit_code": 1,
            "complete": False,
            "interrupted": False,
            "files_scanned": 1,
            "files_failed": 1,
            "files_skipped": 1,
            "files_left_out": 0,
            "files_unreached": 0,
            "findings": {"critical": 1, "warning": 0, "info": 0, "debug": 0},
            "findings_hidden": 0,
        },
        "findings": [
            {
                "rule": "MW101",
                "name": "dangerous-call",
                "severity": "critical",
                "file": "m.pt",
                "members": ["archive/data.pkl"],
                "subject": "os.system",
                "argument": "id",
                "message": 'Loading calls os.system("id").',
                "offset": 2,
                "length": 9,
                "count": 3,
                "format": "pickle",
                "opcode": "REDUCE",
                "family": "process",
                "fingerprint": "",
                "uri": "",
                "suppression": None,
            }
        ],
        "notes": [{"rule": "MW904", "file": "cut.pkl", "members": [], "message": "truncated at byte 812"}],
        "files": [
            {
                "path": "cut.pkl",
                "size": 812,
                "coverage": "partial",
                "formats": ["pickle"],
                "reason": "truncated at byte 812",
                "sha256": "ab" * 32,
            },
            {
                "path": "a.md",
                "size": 812,
                "coverage": "unsupported",
                "formats": [],
                "reason": "",
                "sha256": "ab" * 32,
            },
        ],
    }


def test_counts_what_the_floor_hides(make: "Make") -> None:
    outcome = make.outcome([make.finding(Severity.INFO)], settings=Settings(min_severity=Severity.WARNING))
    summary = json.loads(json_text(outcome))["summary"]
    assert summary["findings_hidden"] == 1
    assert sum(summary["findings"].values()) == 0


def test_is_ascii_and_exact_whatever_a_model_calls_things(make: "Make", hostile: str) -> None:
    finding = make.finding(file=hostile, members=(hostile,), message=hostile, subject=hostile)
    report = json_text(
        make.outcome([finding], [make.note(hostile, (hostile,), hostile)], [make.file(hostile)])
    )
    assert report.isascii()
    assert all(line.isprintable() for line in report.split("\n"))
    read = json.loads(report)["findings"][0]
    exact = hostile.encode("utf-8", "backslashreplace").decode()
    assert read["file"] == read["members"][0] == read["subject"] == read["message"] == exact


def test_writes_lone_surrogates_so_that_strict_readers_take_them(make: "Make") -> None:
    report = json_text(make.outcome([make.finding(file="caf\udce9.pkl")]))
    assert r'"file": "caf\\udce9.pkl"' in report
    assert "\\udce9" not in report.replace("\\\\udce9", "")
