import json
import os
from pathlib import Path

import pytest

from modelwarden.domain.settings import Settings
from modelwarden.errors import UserError
from modelwarden.job import Job
from modelwarden.reports import sarif
from modelwarden.reports.target import Target

EVIL = b"cposix\nsystem\n(S'echo pwned'\ntR."


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    path = tmp_path / "evil.pkl"
    path.write_bytes(EVIL)
    return path


def job(evil: Path, *targets: str, summary: Path | None = None, outputs: Path | None = None) -> Job:
    return Job(
        paths=(str(evil),),
        settings=Settings(root=str(evil.parent)),
        targets=tuple(Target.parse(target) for target in targets),
        quiet=True,
        summary=str(summary) if summary else None,
        outputs=str(outputs) if outputs else None,
    )


def test_writes_each_report_and_returns_the_exit_code(evil: Path, tmp_path: Path) -> None:
    targets = [f"{name}:{tmp_path / name}" for name in ("text", "json", "sarif", "markdown")]
    assert job(evil, *targets).run() == 1
    assert "CRITICAL  MW101" in (tmp_path / "text").read_text()
    assert json.loads((tmp_path / "json").read_text())["summary"]["exit_code"] == 1
    assert json.loads((tmp_path / "sarif").read_text())["runs"][0]["invocations"][0]["exitCode"] == 1
    assert (tmp_path / "markdown").read_text(encoding="utf-8").startswith("## modelwarden\n")


def test_writes_what_dashboards_read(evil: Path, tmp_path: Path) -> None:
    targets = [
        f"{name}:{tmp_path / name}" for name in ("html", "junit", "github", "gitlab-sast", "codequality")
    ]
    assert job(evil, *targets).run() == 1
    assert (tmp_path / "html").read_text(encoding="utf-8").startswith("<!doctype html>\n")
    assert '<failure type="MW101 dangerous-call"' in (tmp_path / "junit").read_text(encoding="utf-8")
    assert (tmp_path / "github").read_text(encoding="utf-8").startswith("::error file=evil.pkl,title=MW101 ")
    (vulnerability,) = json.loads((tmp_path / "gitlab-sast").read_text())["vulnerabilities"]
    (issue,) = json.loads((tmp_path / "codequality").read_text())
    assert vulnerability["location"]["file"] == issue["location"]["path"] == "evil.pkl"
    assert len(issue["fingerprint"]) == 64


def test_leaves_every_file_alone_when_one_report_fails(
    evil: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> str:
        raise KeyError("a bug")

    monkeypatch.setattr(sarif, "render", fail)
    report, outputs, summary = tmp_path / "r.json", tmp_path / "outputs", tmp_path / "summary"
    report.write_text("old")
    with pytest.raises(KeyError, match="a bug"):
        job(evil, f"json:{report}", f"sarif:{tmp_path / 'r.sarif'}", outputs=outputs, summary=summary).run()
    assert report.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["evil.pkl", "r.json"]


def test_scans_nothing_when_a_report_could_not_be_written(tmp_path: Path) -> None:
    missing = tmp_path / "missing.pkl"
    with pytest.raises(UserError, match=r"cannot write .*r\.txt: there is no such directory"):
        job(missing, f"text:{tmp_path / 'nowhere' / 'r.txt'}").run()
    with pytest.raises(UserError, match=r"missing\.pkl"):
        job(missing, f"text:{tmp_path / 'r.txt'}").run()


def test_appends_summary_and_outputs_even_to_one_file(evil: Path, tmp_path: Path) -> None:
    both = tmp_path / "both"
    both.write_text("earlier\n")
    assert job(evil, summary=both, outputs=both).run() == 1
    assert both.read_text(encoding="utf-8").startswith("earlier\n## modelwarden\n")
    assert "\nexit-code=1\n" in both.read_text(encoding="utf-8")
