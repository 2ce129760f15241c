"""The configuration file: read from where the user is, understood whole or refused."""

from datetime import date
from pathlib import Path

import pytest

from modelwarden.config import Configuration, load
from modelwarden.errors import UserError
from modelwarden.triage.ignores import Ignore

ENTRY = '[[ignore]]\nrule = "MW109"\nreason = "ours"\n'
OURS = (Ignore(reason="ours", rule="MW109"),)


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    assert load(None, str(tmp_path)) == Configuration()


def test_the_projects_own_file_is_read(tmp_path: Path) -> None:
    file = write(tmp_path, "modelwarden.toml", ENTRY)
    assert load(None, str(tmp_path)) == Configuration(file=file, ignores=OURS)


def test_a_pyproject_may_hold_it(tmp_path: Path) -> None:
    file = write(tmp_path, "pyproject.toml", ENTRY.replace("[[", "[[tool.modelwarden."))
    assert load(None, str(tmp_path)) == Configuration(file=file, ignores=OURS)
    assert load(file, "/nowhere").ignores == OURS


def test_its_own_file_comes_first(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool.modelwarden]\n")
    write(tmp_path, "modelwarden.toml", ENTRY)
    assert load(None, str(tmp_path)).ignores == OURS


@pytest.mark.parametrize("text", ["[project]\nname = 'x'\n", "this is no TOML", "[tool.other]\nx = 1\n"])
def test_somebody_elses_pyproject_is_none_of_our_business(tmp_path: Path, text: str) -> None:
    write(tmp_path, "pyproject.toml", text)
    assert load(None, str(tmp_path)) == Configuration()


def test_a_named_file_comes_before_the_projects(tmp_path: Path) -> None:
    write(tmp_path, "modelwarden.toml", ENTRY)
    assert load(write(tmp_path, "other.toml", ""), str(tmp_path)).ignores == ()


def test_every_key_is_understood(tmp_path: Path) -> None:
    text = '[[ignore]]\nrule = "a"\npath = "b"\nsubject = "c"\nsha256 = "AB"\nreason = "d"\nexpires = {}\n'
    wanted = Ignore(reason="d", rule="a", path="b", subject="c", sha256="ab", expires=date(2027, 1, 31))
    for written in ("2027-01-31", '"2027-01-31"'):
        assert load(write(tmp_path, "c.toml", text.format(written)), "").ignores == (wanted,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = ", "c.toml"),
        ("\x00", "c.toml"),
        ("ignored = 1", "'ignored'"),
        ("ignore = 1", "[[ignore]]"),
        ("ignore = [1]", "ignore 1 is no table"),
        ('[[ignore]]\nrule = "MW109"', "ignore 1: a reason is missing"),
        ('[[ignore]]\nrule = "MW109"\nreason = " "', "a reason is missing"),
        ('[[ignore]]\nreason = "x"', "it would hide everything"),
        ('[[ignore]]\nrules = "MW109"\nreason = "x"', "'rules'"),
        ('[[ignore]]\nrule = 109\nreason = "x"', "'rule' is no text"),
        (ENTRY + "expires = 1", "'expires' is no date"),
        (ENTRY + 'expires = "soon"', "'expires' is no date"),
        (ENTRY + "expires = 2027-01-31T00:00:00", "'expires' is no date"),
        (ENTRY + ENTRY.replace("reason", "cause"), "ignore 2"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UserError) as error:
        load(write(tmp_path, "c.toml", text), "")
    assert reason in str(error.value)


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(UserError, match="no such file"):
        load("/nowhere/c.toml", "")


def test_a_broken_file_that_speaks_of_us_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool.modelwarden")
    with pytest.raises(UserError, match="pyproject"):
        load(None, str(tmp_path))
