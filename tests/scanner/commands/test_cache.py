"""`modelwarden cache`, and the options that bound and cache a scan, as users meet them."""

import json
import sqlite3
import sys
from pathlib import Path

import pytest

from modelwarden.cli import run
from modelwarden.engine.store import NAME

EVIL = b"cos\nsystem\n(S'echo hi'\ntR."


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "evil.pkl"
    path.write_bytes(EVIL)
    return path


def test_a_cache_is_counted_and_cleared(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "cache")
    assert run(["scan", "-q", str(model), "--cache-dir", place]) == 1
    assert run(["scan", "-q", str(model), "--cache-dir", place]) == 1
    assert run(["cache", "stats", "--cache-dir", place]) == 0
    assert capsys.readouterr().out.startswith("1 entry, ")
    assert run(["cache", "clear", "--cache-dir", place]) == 0
    assert capsys.readouterr().out.startswith("removed 1 entry, ")
    assert list((tmp_path / "cache").iterdir()) == []
    assert run(["cache", "clear", "--cache-dir", place]) == 0
    assert run(["cache", "stats", "--cache-dir", place]) == 0
    assert capsys.readouterr().out == "empty: nothing to remove\nempty\n"


def test_the_variable_names_the_directory_here_too(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODELWARDEN_CACHE_DIR", str(tmp_path / "cache"))
    assert run(["scan", "-q", str(model)]) == 1
    assert run(["cache", "stats"]) == 0
    assert run(["cache", "clear"]) == 0
    counted, removed = capsys.readouterr().out.splitlines()
    assert removed == f"removed {counted}"


def test_a_damaged_cache_is_told_of_and_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / NAME
    path.write_bytes(b"junk" * 3000)
    path.chmod(0o600)
    assert run(["cache", "stats", "--cache-dir", str(tmp_path)]) == 2
    assert "is damaged" in capsys.readouterr().err
    assert path.read_bytes() == b"junk" * 3000
    assert run(["cache", "clear", "--cache-dir", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "removed a damaged cache\n"


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links are POSIX's")
@pytest.mark.parametrize("words", [["scan", "-q", "{model}"], ["cache", "stats"]])
def test_a_directory_of_doubtful_writers_is_refused(
    words: list[str], model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.format(model=model) for word in words]
    place, link = tmp_path / "cache", tmp_path / "link"
    place.mkdir(mode=0o700)
    link.symlink_to(place)
    assert run([*words, "--cache-dir", f"{link}/"]) == 4
    assert "it is a link" in capsys.readouterr().err
    place.chmod(0o770)
    assert run([*words, "--cache-dir", str(place)]) == 4
    assert "its group can write to it" in capsys.readouterr().err


def test_a_doctored_cache_is_no_bug_of_ours(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["scan", "-q", str(model), "--cache-dir", str(tmp_path / "cache")]
    assert run(words) == 1
    with sqlite3.connect(tmp_path / "cache" / NAME) as connection:
        for size in (10**15, "abc"):
            connection.execute("INSERT INTO result VALUES (?, 1, ?, x'', x'')", (str(size).encode(), size))
    connection.close()
    assert run(words) == 1
    assert run(["cache", "stats", *words[3:]]) == 0
    assert capsys.readouterr().out.endswith("on disk\n")


@pytest.mark.parametrize("words", [["cache"], ["cache", "stats"], ["cache", "wipe"]])
def test_half_a_command_is_an_error(words: list[str]) -> None:
    assert run(words) == 4


def test_a_mistyped_directory_is_not_made(tmp_path: Path) -> None:
    assert run(["cache", "stats", "--cache-dir", str(tmp_path / "cahce")]) == 4
    assert not (tmp_path / "cahce").exists()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--limit", "memebrs=5"], "did you mean members?"),
        (["--limit", "members=x"], "is no size"),
        (["--max-size", "big"], "is no size"),
        (["--max-total-size", "-1"], "is no size"),
        (["--cache-trust-mtime"], "needs --cache-dir"),
    ],
)
def test_what_cannot_be_meant_is_an_error(
    words: list[str], complaint: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", str(model), *words]) == 4
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--max-file-size", "--max-size", "--max-total-size"])
def test_sizes_leave_files_unread_and_say_so(
    option: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", str(model), option, "0.02kB"]) == 2
    out = capsys.readouterr().out
    assert "MW902 limit-reached" in out
    assert "none of its 26 bytes were read" in out
    assert run(["scan", "-q", str(model), option, "1.5GiB"]) == 1


def test_a_limit_can_be_set(model: Path) -> None:
    assert run(["scan", "-q", str(model), "--limit", "file_bytes=20", "--limit", "members=5"]) == 2
    assert run(["scan", "-q", str(model), "--limit", "file_bytes=20", "--max-file-size", "1MB"]) == 1


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_digests_can_be_left_out(form: str, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["scan", str(model), "-f", form])
    assert "sha" in capsys.readouterr().out.replace('sha256": ""', "")
    run(["scan", str(model), "-f", form, "--no-hash"])
    text = capsys.readouterr().out
    if form == "json":
        assert json.loads(text)["files"][0]["sha256"] == ""
    else:
        assert "sha-256" not in text


def test_an_ignore_by_digest_needs_digests(model: Path, tmp_path: Path) -> None:
    config = tmp_path / "ignores.toml"
    config.write_text(f'[[ignore]]\nsha256 = "{"ab" * 32}"\nreason = "known"\nexpires = "2999-01-01"\n')
    assert run(["scan", "-q", str(model), "--config", str(config), "--no-hash"]) == 4
