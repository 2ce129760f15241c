"""What the user accepts: only what matches every condition, with its reason, and only until it expires."""

from datetime import date

import pytest

from modelwarden.domain.finding import Finding, Grounds
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.report import Coverage, Report, ScannedFile
from modelwarden.policies import CATALOGUE
from modelwarden.triage.ignores import Ignore, apply

TODAY = date(2026, 11, 21)
HASH = "ab" * 32
FOUND = Finding(
    rule=CATALOGUE["MW109"],
    path=ArtifactPath("/repo/models/old/m.pkl"),
    subject="mypkg.rebuild",
    message="It calls mypkg.rebuild.",
    span=Span(4),
    format="pickle",
)
REPORT = Report(
    findings=(FOUND,),
    files=(ScannedFile(path="/repo/models/old/m.pkl", size=9, coverage=Coverage.COMPLETE, sha256=HASH),),
    root="/repo",
)


def suppressed(*ignores: Ignore) -> tuple[str | None, tuple[str, ...]]:
    report, remarks = apply(REPORT, ignores, TODAY)
    [finding] = report.findings
    if finding.suppression is None:
        return None, remarks
    assert finding.suppression.grounds is Grounds.IGNORED
    return finding.suppression.justification, remarks


@pytest.mark.parametrize(
    "ignore",
    [
        Ignore(reason="ours", rule="MW109"),
        Ignore(reason="ours", rule="mw109"),
        Ignore(reason="ours", rule="unknown-call"),
        Ignore(reason="ours", rule="MW1*"),
        Ignore(reason="ours", path="models/old"),
        Ignore(reason="ours", path="*.pkl"),
        Ignore(reason="ours", path="models/*/m.pkl"),
        Ignore(reason="ours", subject="mypkg.*"),
        Ignore(reason="ours", sha256=HASH),
        Ignore(reason="ours", rule="MW109", path="*.pkl", subject="mypkg.rebuild", sha256=HASH),
        Ignore(reason="ours", rule="MW109", expires=TODAY),
    ],
)
def test_suppresses_what_matches_every_condition(ignore: Ignore) -> None:
    assert suppressed(ignore) == ("ours", ())


@pytest.mark.parametrize(
    "ignore",
    [
        Ignore(reason="ours", rule="MW101"),
        Ignore(reason="ours", rule="MW10"),
        Ignore(reason="ours", path="other"),
        Ignore(reason="ours", path="*.pt"),
        Ignore(reason="ours", path="old/m.pkl"),
        Ignore(reason="ours", subject="mypkg"),
        Ignore(reason="ours", sha256="cd" * 32),
        Ignore(reason="ours", rule="MW109", subject="other"),
    ],
)
def test_leaves_alone_what_does_not_match_and_says_so(ignore: Ignore) -> None:
    justification, [remark] = suppressed(ignore)
    assert justification is None
    assert "matches nothing" in remark


def test_an_expired_ignore_lets_the_finding_return_and_says_so() -> None:
    justification, [remark] = suppressed(Ignore(reason="ours", rule="MW109", expires=date(2026, 11, 20)))
    assert justification is None
    assert "MW109" in remark
    assert "expired on 2026-11-20" in remark


def test_the_first_valid_reason_is_kept() -> None:
    expired = Ignore(reason="once", rule="MW109", expires=date(2020, 1, 1))
    assert suppressed(expired, Ignore(reason="a", rule="MW*"), Ignore(reason="b", rule="MW109"))[0] == "a"
