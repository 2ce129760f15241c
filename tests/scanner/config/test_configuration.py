"""The configuration file: read from where the user is, understood whole or refused."""

from datetime import date
from pathlib import Path

import pytest

from modelwarden.config.configuration import Configuration, Value, load
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
    text = (
        '[[ignore]]\nrule = "a"\npath = "b"\nsubject = "c"\nsha256 = "'
        + "AB" * 32
        + '"\nreason = "d"\nexpires = {}\n'
    )
    wanted = Ignore(reason="d", rule="a", path="b", subject="c", sha256="ab" * 32, expires=date(2027, 1, 31))
    for written in ("2027-01-31", '"2027-01-31"'):
        assert load(write(tmp_path, "c.toml", text.format(written)), "").ignores == (wanted,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = ", "c.toml"),
        ("\x00", "c.toml"),
        ("[severityy]\nx = 1", "c.toml:1: severityy: unknown table; did you mean [severity]?"),
        ("severity = 1", "c.toml:1: severity: a table is expected"),
        ("[severity]\nMW109 = ['x']", "c.toml:2: severity.MW109: one value is expected"),
        ("\n[globals]\nalow = ['x']", "c.toml:3: unknown key 'alow' in [globals]"),
        ("[globals]\nallow = 'x'", "c.toml:2: globals.allow: a list of texts is expected"),
        ("exclude = [['x']]", "c.toml:1: exclude: a list of texts is expected"),
        ("ignore = 1", "[[ignore]]"),
        ("ignore = [1]", "ignore 1 is no table"),
        ('[[ignore]]\nrule = "MW109"', "ignore 1: a reason is missing"),
        ('[[ignore]]\nrule = "MW109"\nreason = " "', "a reason is missing"),
        ('[[ignore]]\nreason = "x"', "it would hide everything"),
        ('[[ignore]]\nrules = "MW109"\nreason = "x"', "'rules'"),
        ('[[ignore]]\nrule = 109\nreason = "x"', "'rule' is no text"),
        (ENTRY.replace("MW109", "MW999"), "no rule 'MW999'"),
        ('[[ignore]]\nsha256 = "zz"\nreason = "x"', "'sha256' is no sum"),
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


def test_tables_are_spelled_as_the_options_are(tmp_path: Path) -> None:
    text = """
        fail-on = "critical"
        exclude = ["a", "b"]
        [severity]
        MW109 = "info"
        [globals]
        allow = ["pkg.*"]
        deny = ["other"]
        [formats]
        off = ["jinja"]
        [suffixes]
        ".mdl" = "pickle"
        [limits]
        depth = 3
    """
    file = write(tmp_path, "modelwarden.toml", text)
    assert dict(load(None, str(tmp_path)).options) == {
        "fail-on": Value("critical", f"{file}:2"),
        "exclude": Value(("a", "b"), f"{file}:3"),
        "severity": Value(("MW109=info",), f"{file}:4"),
        "allow": Value(("pkg.*",), f"{file}:7"),
        "deny": Value(("other",), f"{file}:8"),
        "without-format": Value(("jinja",), f"{file}:10"),
        "suffix": Value((".mdl=pickle",), f"{file}:11"),
        "limit": Value(("depth=3",), f"{file}:13"),
    }


def test_lines_are_told_in_a_pyproject_too(tmp_path: Path) -> None:
    file = write(tmp_path, "pyproject.toml", "[project]\nquiet = 1\n[tool.modelwarden]\nquiet = true\n")
    assert dict(load(None, str(tmp_path)).options) == {"quiet": Value(True, f"{file}:4")}


def test_the_line_of_the_second_ignore_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"c\.toml:4: ignore 2: a reason is missing"):
        load(write(tmp_path, "c.toml", ENTRY + '[[ignore]]\nrule = "x"\n'), "")


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(UserError, match="no such file"):
        load("/nowhere/c.toml", "")


def test_a_broken_file_that_speaks_of_us_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool.modelwarden")
    with pytest.raises(UserError, match="pyproject"):
        load(None, str(tmp_path))
