"""Against a baseline only new findings count; what moved is not new, what was copied is."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from modelwarden.domain.finding import Finding, Grounds
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.record import replace
from modelwarden.domain.report import Report
from modelwarden.domain.settings import Settings
from modelwarden.errors import UserError
from modelwarden.policies import CATALOGUE
from modelwarden.reports import sarif
from modelwarden.reports.json import json_text
from modelwarden.reports.outcome import Outcome
from modelwarden.triage.baseline import Baseline, baseline_text
from modelwarden.triage.identity import identified
from modelwarden.triage.ignores import Ignore, apply


def found(file: str, subject: str = "os.system") -> Finding:
    return Finding(
        rule=CATALOGUE["MW101"],
        path=ArtifactPath(f"/repo/{file}"),
        subject=subject,
        message="It runs.",
        span=Span(4),
        format="pickle",
    )


def report(*findings: Finding) -> Report:
    return identified(Report(findings=findings, root="/repo", version="1"))


def written(form: str, of: Report) -> str:
    if form == "baseline":
        return baseline_text(of)
    if form == "json":
        return json_text(Outcome.of(of, Settings(), 1))
    return sarif.render(of, CATALOGUE, exit_code=1, started=datetime.now(UTC))


@pytest.fixture(params=["baseline", "json", "sarif"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def against(form: str, old: Report, new: Report, folder: Path) -> list[bool]:
    """For each finding of `new`, whether it was known."""
    file = folder / "old.json"
    file.write_text(written(form, old), encoding="utf-8")
    known = Baseline.read(str(file)).apply(new)
    grounds = [finding.suppression.grounds if finding.suppression else None for finding in known.findings]
    assert set(grounds) <= {Grounds.KNOWN, None}
    return [ground is Grounds.KNOWN for ground in grounds]


def test_the_same_tree_has_nothing_new(form: str, tmp_path: Path) -> None:
    old = report(found("a.pkl"), found("sub/b c.pkl", "os.popen"), found("ü.pkl"))
    assert against(form, old, old, tmp_path) == [True, True, True]


def test_another_finding_is_new(form: str, tmp_path: Path) -> None:
    new = report(found("a.pkl"), found("a.pkl", "os.popen"))
    assert against(form, report(found("a.pkl")), new, tmp_path) == [True, False]


def test_a_moved_file_is_known(form: str, tmp_path: Path) -> None:
    assert against(form, report(found("a.pkl")), report(found("sub/b.pkl")), tmp_path) == [True]


def test_a_copy_is_new_and_the_original_stays_known(form: str, tmp_path: Path) -> None:
    new = report(found("0-copy.pkl"), found("a.pkl"))
    assert against(form, report(found("a.pkl")), new, tmp_path) == [False, True]


def test_a_checkout_elsewhere_is_the_same_tree(form: str, tmp_path: Path) -> None:
    moved = replace(found("a.pkl"), path=ArtifactPath("/else/where/a.pkl"))
    new = identified(Report(findings=(moved,), root="/else/where"))
    assert against(form, report(found("a.pkl")), new, tmp_path) == [True]


def test_what_is_ignored_is_not_written_down() -> None:
    ignored, _ = apply(
        report(found("a.pkl"), found("b.pkl", "os.popen")),
        [Ignore(reason="r", subject="os.popen")],
        datetime.now(UTC).date(),
    )
    assert [entry["subject"] for entry in json.loads(baseline_text(ignored))["baseline"]] == ["os.system"]


def test_what_is_written_down_is_known() -> None:
    known = Baseline.of(report(found("a.pkl"))).apply(report(found("a.pkl")))
    assert all(finding.suppression for finding in known.findings)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b"null", b"[" * 100_000, b"\xff", b'{"runs": []}', b'{"schema_version": 1}',
        b'{"runs": [{"tool": {"driver": {"name": "other"}}, "results": []}]}',
    ],
)  # fmt: skip
def test_what_is_no_report_of_ours_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "b.json"
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"b\.json"):
        Baseline.read(str(file))


def test_a_missing_baseline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        Baseline.read(str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    "entry", ["1", "{}", '{"fingerprint": 1, "file": "a"}', '{"fingerprint": "", "file": "a.pkl"}']
)
def test_entries_that_are_none_are_passed_over(tmp_path: Path, entry: str) -> None:
    file = tmp_path / "b.json"
    file.write_text(f'{{"schema_version": 1, "findings": [{entry}]}}', encoding="utf-8")
    [finding] = Baseline.read(str(file)).apply(report(found("a.pkl"))).findings
    assert finding.suppression is None
