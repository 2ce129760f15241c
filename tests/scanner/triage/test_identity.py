"""A finding keeps its name from run to run, and no two findings of one file share one."""

from dataclasses import dataclass

import pytest

from modelwarden.domain.finding import Finding
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.record import replace
from modelwarden.domain.report import Coverage, Report, ScannedFile
from modelwarden.policies import CATALOGUE
from modelwarden.triage.identity import fingerprints, identified, place

FOUND = Finding(
    rule=CATALOGUE["MW101"],
    path=ArtifactPath("/repo/models/m.pt", ("m/data.pkl",)),
    subject="os.system",
    message="It runs.",
    span=Span(40, 2),
    format="pickle",
    argument="id",
)


@dataclass(frozen=True)
class Names:
    full: str
    short: str


def names(*findings: Finding, root: str = "/repo", formats: tuple[str, ...] = ("zip",)) -> list[Names]:
    files = tuple(
        ScannedFile(path=finding.path.file, size=1, coverage=Coverage.COMPLETE, formats=formats)
        for finding in findings
    )
    made = fingerprints(Report(findings=findings, files=files, root=root))
    return [Names(one["modelwarden/v1"], one["primaryLocationLineHash"]) for one in made]


@pytest.mark.parametrize(
    "changed",
    [
        replace(FOUND, span=Span(4_000, 9)),
        replace(FOUND, message="Other words."),
        replace(FOUND, count=7),
        replace(FOUND, path=ArtifactPath("/repo/elsewhere/other.pt", ("m/data.pkl",))),
        replace(FOUND, path=ArtifactPath("/repo/models/m.pt", ("./m/data.pkl",))),
        replace(FOUND, path=ArtifactPath("/repo/models/m.pt", ("m\\data.pkl",))),
        replace(FOUND, family="other", opcode="OBJ"),
    ],
)
def test_what_does_not_make_it_another_finding(changed: Finding) -> None:
    assert names(changed) == names(FOUND)


@pytest.mark.parametrize(
    "changed",
    [
        replace(FOUND, rule=CATALOGUE["MW102"]),
        replace(FOUND, subject="os.popen"),
        replace(FOUND, argument="ls"),
        replace(FOUND, format="joblib"),
        replace(FOUND, path=ArtifactPath("/repo/models/m.pt", ("m/other.pkl",))),
    ],
)
def test_what_makes_it_another_finding(changed: Finding) -> None:
    assert names(changed)[0].full != names(FOUND)[0].full
    assert names(changed)[0].short != names(FOUND)[0].short


def test_where_the_checkout_lies_does_not_matter() -> None:
    moved = replace(FOUND, path=ArtifactPath("/other/place/models/m.pt", FOUND.path.members))
    assert names(moved, root="/other/place") == names(FOUND)


def test_a_torch_archive_may_be_saved_under_another_name() -> None:
    renamed = replace(FOUND, path=ArtifactPath("/repo/models/m.pt", ("epoch7/data.pkl",)))
    assert names(renamed, formats=("pytorch",)) == names(FOUND, formats=("pytorch",))
    assert names(renamed) != names(FOUND)


def test_equal_findings_of_one_file_are_numbered_in_their_order() -> None:
    first, second = replace(FOUND, span=Span(1)), replace(FOUND, span=Span(2))
    forward, backward = names(first, second), names(second, first)
    assert forward == backward[::-1]
    assert len({one.full for one in forward}) == 2
    assert [one.short[-2:] for one in forward] == [":1", ":2"]


def test_a_report_gets_the_full_names() -> None:
    [finding] = identified(Report(findings=(FOUND,), root="/repo")).findings
    assert finding.fingerprint == names(FOUND, formats=())[0].full
    assert replace(finding, fingerprint="") == FOUND


def test_a_place_is_relative_to_the_root_or_empty() -> None:
    assert place("/repo/a b/ü.pt", "/repo") == "a%20b/%C3%BC.pt"
    assert place("/elsewhere/m.pt", "/repo") == ""


def test_a_part_without_a_name_is_not_another_when_it_begins_elsewhere() -> None:
    def at(*members: str) -> Finding:
        return replace(FOUND, path=ArtifactPath("/repo/models/m.pt", members))

    assert names(at("a/b.pkl", "+90")) == names(at("a/b.pkl", "+1200"))
    assert names(at("bytes+7", "+90")) == names(at("bytes+8", "+0"))
    assert names(at("+90"), at("+200")) == names(
        at("+110"), at("+220")
    )  # where text would sort the other way
    assert names(at("+90")) != names(at("bytes+90"))
