"""From files on disk to a report: facts judged, members opened, gaps said."""

import hashlib
import io
import os
import pickle
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwarden.domain.budget import Limits
from modelwarden.domain.format import ByteSource, Fact, Head, Scope
from modelwarden.domain.record import replace
from modelwarden.domain.report import Coverage, Report
from modelwarden.domain.settings import Settings
from modelwarden.engine import identify
from modelwarden.engine.scan import scan
from modelwarden.formats import FORMATS
from modelwarden.source.file import FileSource

EVIL = b"cos\nsystem\n(S'echo hi'\ntR."


def run(path: Path, **settings: object) -> Report:
    return scan([str(path)], Settings(**settings))  # type: ignore[arg-type]


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", ["m.pkl", "m.dat", "m", "m.txt", "m.jpg", "m.PKL"])
def test_the_same_payload_is_the_same_finding_under_any_name(tmp_path: Path, name: str) -> None:
    report = run(write(tmp_path / name, EVIL))
    critical = [finding for finding in report.findings if finding.rule.id == "MW101"]
    assert [finding.subject for finding in critical] == ["os.system"]
    assert report.files[0].coverage is Coverage.COMPLETE


def test_one_problem_is_one_finding_with_a_count(tmp_path: Path) -> None:
    [finding] = run(write(tmp_path / "m.pkl", EVIL[:-1] * 7 + b".")).findings
    assert (finding.rule.id, finding.count, finding.span.offset, finding.opcode) == (
        "MW101",
        7,
        EVIL.index(b"R."),
        "REDUCE",
    )


def test_payloads_in_archives_in_archives_are_found_with_their_path(tmp_path: Path) -> None:
    data = zipped({"inner.zip": zipped({"deep/x.bin": EVIL}), "readme.txt": b"hello"})
    [finding] = run(write(tmp_path / "a.zip", data)).findings
    assert str(finding.path) == f"{tmp_path}/a.zip!inner.zip!deep/x.bin"


def test_a_limit_that_a_reader_meets_is_said(tmp_path: Path) -> None:
    data = zipped({f"{index}.txt": b"x" for index in range(20)})
    report = run(write(tmp_path / "a.zip", data), limits=Limits(members=5))
    assert [note.rule.id for note in report.notes] == ["MW902"]
    assert "5 members" in report.notes[0].message


def test_nesting_beyond_the_limit_is_said(tmp_path: Path) -> None:
    data = EVIL
    for _ in range(4):
        data = zipped({"x": data})
    report = run(write(tmp_path / "a.zip", data), limits=Limits(depth=2))
    assert report.findings == ()
    assert [note.rule.id for note in report.notes] == ["MW902"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\x80", "no format", id="one byte"),
        pytest.param(b"hello", "no format", id="text"),
        pytest.param(pickle.dumps(list(range(1000)), 4)[:-10], "breaks at byte", id="truncated"),
    ],
)
def test_a_model_by_name_that_cannot_be_read_is_incomplete(tmp_path: Path, data: bytes, words: str) -> None:
    report = run(write(tmp_path / "m.pkl", data))
    assert [note.rule.id for note in report.notes] == ["MW904"]
    assert words in report.notes[0].message
    assert report.files[0].coverage in (Coverage.PARTIAL, Coverage.FAILED)
    assert not report.complete


def test_files_of_no_known_format_are_skipped_and_counted(tmp_path: Path) -> None:
    write(tmp_path / "notes.md", b"# os.system\n")
    write(tmp_path / "weights.bin", os.urandom(5000))
    report = run(tmp_path)
    assert {file.coverage for file in report.files} == {Coverage.UNSUPPORTED}
    assert report.complete


def test_a_named_file_that_may_be_a_model_is_not_skipped_in_silence(tmp_path: Path) -> None:
    path = write(tmp_path / "weights.bin", bytes(5000))
    assert [note.rule.id for note in run(path).notes] == ["MW901"]
    assert run(path, skip_unsupported=True).notes == ()


def test_a_pointer_of_git_lfs_is_absent_content(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 5\n"
    report = run(write(tmp_path / "m.pt", pointer))
    assert [note.rule.id for note in report.notes] == ["MW903"]
    assert report.files[0].coverage is Coverage.ABSENT


def test_a_file_that_vanishes_is_said_to_be_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "m", EVIL)

    def vanishing(name: str) -> FileSource:
        path.unlink()
        return FileSource(name)

    monkeypatch.setattr("modelwarden.engine.file_scan.FileSource", vanishing)
    report = run(path)
    assert [note.rule.id for note in report.notes] == ["MW901"]
    assert report.files[0].coverage is Coverage.FAILED


def test_a_readers_bug_costs_one_artifact_and_is_named_as_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(source: ByteSource, scope: Scope) -> Iterator[Fact]:
        yield from ()
        raise ZeroDivisionError("secret of the file")

    bad = replace(FORMATS[0], name="bad", recognise=lambda head: head.suffix == ".bad", observe=broken)
    monkeypatch.setattr(identify, "candidates", lambda head, expected: (bad, *FORMATS))
    write(tmp_path / "a.bad", b"x")
    write(tmp_path / "b.pkl", EVIL)
    report = run(tmp_path)
    assert [note.rule.id for note in report.notes] == ["MW905"]
    assert "ZeroDivisionError in test_scan.py" in report.notes[0].message
    assert "secret" not in report.notes[0].message
    assert [finding.rule.id for finding in report.findings] == ["MW101"]


def test_a_bug_in_recognising_costs_one_artifact_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(head: Head) -> bool:
        if head.suffix == ".bad":
            raise ZeroDivisionError
        return False

    bad = replace(FORMATS[0], name="bad", recognise=broken)
    monkeypatch.setattr(identify, "candidates", lambda head, expected: (bad, *FORMATS))
    write(tmp_path / "a.bad", b"x")
    write(tmp_path / "b.pkl", EVIL)
    report = run(tmp_path)
    assert [note.rule.id for note in report.notes] == ["MW905"]
    assert [finding.rule.id for finding in report.findings] == ["MW101"]


def test_hashes_are_made_when_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "m.pkl", EVIL)
    assert run(path).files[0].sha256 == ""
    assert run(path, hashing=True).files[0].sha256 == hashlib.sha256(EVIL).hexdigest()


def test_the_report_is_in_the_same_order_every_time(tmp_path: Path) -> None:
    for name in ("c.pkl", "a.pkl", "b.pkl"):
        write(tmp_path / name, EVIL)
    first, second = run(tmp_path), run(tmp_path)
    assert first == second
    assert [Path(file.path).name for file in first.files] == ["a.pkl", "b.pkl", "c.pkl"]
    assert [Path(finding.path.file).name for finding in first.findings] == ["a.pkl", "b.pkl", "c.pkl"]


def test_excluded_files_are_not_looked_at(tmp_path: Path) -> None:
    write(tmp_path / "m.pkl", EVIL)
    assert run(tmp_path, exclude=("*.pkl",)).files == ()


def test_content_that_runs_code_under_a_passive_name_is_a_mismatch(tmp_path: Path) -> None:
    report = run(write(tmp_path / "m.safetensors", EVIL))
    assert sorted(finding.rule.id for finding in report.findings) == ["MW101", "MW407"]


def test_blocked_names_are_found_in_files_members_and_configurations(tmp_path: Path) -> None:
    write(tmp_path / "Tiny.txt", b"no model")
    write(tmp_path / "a.zip", zipped({"deep/tiny.bin": b"x"}))
    write(tmp_path / "config.json", b'{"_name_or_path": "acme/TINY-1B", "other": "tiny"}')
    assert run(tmp_path).findings == ()
    found = run(tmp_path, blacklist=("tiny",)).findings
    assert [(finding.rule.id, finding.path.name, finding.count) for finding in found] == [
        ("MW501", "Tiny.txt", 1),
        ("MW501", "tiny.bin", 1),
        ("MW501", "config.json", 1),
    ]


def test_requirements_count_inside_archives_alone(tmp_path: Path) -> None:
    line = b"git+https://example.invalid/a.git\n"
    write(tmp_path / "requirements.txt", line)
    write(tmp_path / "model.mar", zipped({"requirements.txt": line}))
    [finding] = run(tmp_path).findings
    assert (finding.rule.id, finding.path.members) == ("MW308", ("requirements.txt",))


def test_only_what_was_asked_for_is_looked_at(tmp_path: Path) -> None:
    changed = write(tmp_path / "changed.pkl", EVIL)
    write(tmp_path / "same.pkl", EVIL)
    report = scan([str(tmp_path)], Settings(only=frozenset({os.path.realpath(changed)})))
    assert [file.path for file in report.files] == [str(changed)]
    assert report.left_out == 1
