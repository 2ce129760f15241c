"""Formats and policies of others: what they add, what they cannot take away, and what becomes of those that fail."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import modelwarden
from modelwarden import (
    ByteSource,
    Coverage,
    Format,
    Head,
    Judgement,
    Observation,
    Policy,
    Report,
    Rule,
    Scope,
    Settings,
    Severity,
    UserError,
)
from modelwarden.domain.format import Fact
from modelwarden.domain.record import replace
from modelwarden.policies import CATALOGUE

EVIL = b"cos\nsystem\n(S'echo hi'\ntR."


def form(**changes: object) -> Format:
    def observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
        yield from ()

    made = Format(name="acme", title="Acme", suffixes=(), recognise=lambda head: True, observe=observe)
    return replace(made, **changes)


def policy(judge: Callable[[Observation], Judgement | None] = lambda fact: None, **changes: object) -> Policy:
    rule = Rule(
        id="ACME001", name="acme-rule", severity=Severity.WARNING, summary="s", explanation="e", remedy="r"
    )
    return Policy(replace(rule, **changes), judge)


def scan(place: Path, *plugins: str, jobs: int | None = None, cache: Path | None = None) -> Report:
    return modelwarden.scan(
        place, Settings(plugins=plugins, jobs=jobs, cache_dir=str(cache) if cache is not None else "")
    )


@pytest.fixture
def models(tmp_path: Path) -> Path:
    place = tmp_path / "models"
    place.mkdir()
    (place / "a.acme").write_bytes(b"ACME evil")
    (place / "b.pkl").write_bytes(EVIL)
    return place


@pytest.mark.parametrize("jobs", [None, 2])
def test_a_plug_in_is_loaded_by_its_name(models: Path, acme: str, jobs: int | None) -> None:
    report = scan(models, acme, jobs=jobs)
    assert [finding.rule.id for finding in report.findings] == ["ACME001", "MW101"]
    assert report.findings[0].span.offset == 5
    assert report.findings[0].format == "acme"
    assert [file.formats for file in report.files] == [("acme",), ("pickle",)]
    assert report.complete


def test_a_distribution_is_one_plug_in(models: Path, distribution: str) -> None:
    report = scan(models, distribution, jobs=2)
    assert [finding.rule.id for finding in report.findings] == ["ACME001", "MW101"]


def test_one_may_be_asked_for_under_two_names(models: Path, distribution: str) -> None:
    for names in ((distribution, "acme", "acme-hook"), ("acme-hook", "acme"), (distribution,)):
        assert len(scan(models, *names).findings) == 2
    assert len(scan(models, "acme").findings) == 1


def test_who_does_not_ask_for_it_gets_none(models: Path, acme: str) -> None:
    scan(models, acme)
    report = scan(models)
    assert [finding.rule.id for finding in report.findings] == ["MW101"]
    assert report.files[0].coverage is Coverage.UNSUPPORTED


def test_what_a_program_registers_takes_part_in_its_scans(models: Path) -> None:
    seen = policy(lambda fact: Judgement("it", "It is there."))
    modelwarden.register(form())
    modelwarden.register(seen)
    report = scan(models, jobs=2)
    assert [(one.rule.id, one.count) for one in report.findings] == [("MW101", 1), ("ACME001", 1)]
    assert [file.formats for file in report.files] == [("acme",), ("pickle", "acme")]
    assert CATALOGUE["ACME001"] == seen.rule
    assert [*CATALOGUE][-1] == "ACME001"


@pytest.mark.parametrize("jobs", [None, 2])
@pytest.mark.parametrize("how", ["broken", "exit", "wrong"])
def test_one_that_fails_costs_its_own_result(models: Path, acme: str, how: str, jobs: int | None) -> None:
    (models / "a.acme").write_bytes(b"ACME evil " + how.encode())
    report = scan(models, acme, jobs=jobs)
    assert [finding.rule.id for finding in report.findings] == ["ACME001", "MW101"]
    assert [note.rule.id for note in report.notes] == ["MW905"]
    assert "the acme reader failed" in report.notes[0].message
    assert "secret" not in report.notes[0].message
    assert [file.coverage for file in report.files] == [Coverage.PARTIAL, Coverage.COMPLETE]


def _fail(*_: object) -> bool:
    raise ZeroDivisionError


@pytest.mark.skipif(os.name == "nt", reason="workers end otherwise there")
def test_one_that_kills_its_process_costs_one_file(models: Path, acme: str) -> None:
    (models / "a.acme").write_bytes(b"ACME evil die")
    report = scan(models, acme, jobs=2)
    assert [finding.rule.id for finding in report.findings] == ["ACME001", "MW101"]
    assert [note.rule.id for note in report.notes] == ["MW905"]


def test_one_that_fails_to_recognise_leaves_the_others_alone(models: Path) -> None:
    modelwarden.register(form(recognise=_fail))
    report = scan(models)
    assert [finding.rule.id for finding in report.findings] == ["MW101"]
    assert {note.rule.id for note in report.notes} == {"MW905"}
    assert all("the plug-in acme failed (ZeroDivisionError" in note.message for note in report.notes)


def _no_judgement(fact: Observation) -> Judgement | None:
    return "guilty"  # type: ignore[return-value]  # what a careless plug-in does


def _no_text(fact: Observation) -> Judgement | None:
    return Judgement("it", 5)  # type: ignore[arg-type]  # the same


@pytest.mark.parametrize("judge", [_fail, _no_judgement, _no_text])
def test_a_policy_that_fails_leaves_the_others_alone(
    models: Path, judge: Callable[[Observation], Judgement | None]
) -> None:
    modelwarden.register(policy(judge))
    report = scan(models)
    assert [finding.rule.id for finding in report.findings] == ["MW101"]
    assert ["the plug-in ACME001 acme-rule failed" in note.message for note in report.notes] == [True]


@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (form(name="pickle"), "there is a format 'pickle' already"),
        (form(name="Acme!"), "no name for a format"),
        (form(suffixes=("acme",)), "no suffix"),
        (form(refines=("pickle",)), "takes none away"),
        (policy(id="MW700"), "a prefix of your own"),
        (policy(id="acme1"), "a prefix of your own"),
        (policy(name="dangerous-call"), "there is a rule 'dangerous-call' already"),
        (policy(name="Acme Rule"), "no name for a rule"),
        (policy(remedy=""), "lacks a text"),
        (policy(cwe=("502",)), "no numbers"),
    ],
)
def test_names_are_its_own(thing: Format | Policy, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        modelwarden.register(thing)


def test_what_is_there_is_not_registered_twice() -> None:
    modelwarden.register(form())
    modelwarden.register(policy())
    with pytest.raises(ValueError, match="already"):
        modelwarden.register(form())
    with pytest.raises(ValueError, match="already"):
        modelwarden.register(policy())
    with pytest.raises(TypeError, match="neither a Format nor a Policy"):
        modelwarden.register(Head)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("1 / 0", "division by zero"),
    ],
)
def test_one_that_cannot_be_loaded_stops_the_scan(
    models: Path, module: Callable[[str, str], Path], text: str, reason: str
) -> None:
    module("acme_bad", text)
    with pytest.raises(UserError, match=reason):
        scan(models, "acme_bad")


def test_one_that_is_not_there_is_said_so(models: Path) -> None:
    with pytest.raises(UserError, match="no plug-in 'acme_nowhere'"):
        scan(models, "acme_nowhere")


def test_the_cache_knows_plug_ins_apart(models: Path, acme: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert len(scan(models, cache=cache).findings) == 1
    assert len(scan(models, acme, cache=cache).findings) == 2
    assert len(scan(models, acme, cache=cache).findings) == 2
    assert len(scan(models, cache=cache).findings) == 1
    modelwarden.register(
        policy(lambda fact: Judgement("it", "It is there."), id="ACME002", name="acme-other")
    )
    assert len(scan(models, cache=cache).findings) == 2
