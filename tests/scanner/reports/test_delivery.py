import os
import subprocess
import sys
from pathlib import Path

import pytest

import modelwarden
from modelwarden.errors import UserError
from modelwarden.reports.delivery import append, check_writable, write_files

SOURCE = os.path.dirname(modelwarden.__path__[0])


def test_writes_utf_8_with_the_usual_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    report = tmp_path / "report.json"
    write_files([(str(report), "modèle\n")])
    assert report.read_bytes() == "modèle\n".encode()
    assert report.stat().st_mode == usual.stat().st_mode
    assert sorted(os.listdir(tmp_path)) == ["report.json", "usual"]


def test_moves_nothing_into_place_before_everything_is_written(tmp_path: Path) -> None:
    first = tmp_path / "first.json"
    first.write_text("old")
    with pytest.raises(UserError, match=r"cannot write .*second\.sarif: "):
        write_files([(str(first), "new"), (str(tmp_path / "missing" / "second.sarif"), "new")])
    assert first.read_text() == "old"
    assert os.listdir(tmp_path) == ["first.json"]


def test_leaves_nothing_behind_when_the_text_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_files([(str(tmp_path / "report.json"), "\ud800")])
    assert os.listdir(tmp_path) == []


def test_writes_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    write_files([(str(tmp_path / "link.json"), "new")])
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"


def test_never_renames_over_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: str) -> None:
        raise AssertionError(f"{source} would replace {target}")

    monkeypatch.setattr(os, "replace", refuse)
    write_files([(os.devnull, "gone")])


if sys.platform != "win32":  # it has no such names

    @pytest.mark.parametrize("stream", ["stdout", "stderr"])
    def test_writes_to_a_standard_stream_that_is_a_pipe(stream: str) -> None:
        code = f"from modelwarden.reports.delivery import write_files; write_files([('/dev/{stream}', 'report')])"
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONPATH": SOURCE},
            capture_output=True,
            text=True,
        )
        assert (ran.returncode, getattr(ran, stream)) == (0, "report"), ran.stderr


def test_appends_to_what_others_wrote(tmp_path: Path) -> None:
    output = tmp_path / "output"
    append(str(output), "a=1\n")
    append(str(output), "b=2\n")
    assert output.read_text() == "a=1\nb=2\n"


def test_refuses_before_the_scan_what_cannot_be_written(tmp_path: Path) -> None:
    model = tmp_path / "model.pkl"
    model.touch()
    check_writable([str(tmp_path / "report.json"), os.devnull], [str(model)])
    for file, reason in {
        tmp_path: "it is a directory",
        tmp_path / "missing" / "report.json": "there is no such directory",
        tmp_path / "." / "model.pkl": "it is to be scanned",
        tmp_path / "a\nb.json": "its name cannot be printed",
    }.items():
        with pytest.raises(UserError, match=reason):
            check_writable([str(file)], [str(model)])
    with pytest.raises(UserError, match="two reports would go there"):
        check_writable([str(tmp_path / "r"), str(tmp_path / "x" / ".." / "r")], [])
