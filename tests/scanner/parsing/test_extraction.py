"""Names and links that stay inside say nothing, however odd; the others are found out whatever they hide behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk
from modelwarden.parsing import extraction
from modelwarden.parsing.extraction import Extraction, way_out

SPAN = Span(0, 512)

INSIDE = (
    "", ".", "./", "a", "a/b", "./a", "a//b", "..a", "a..", "a..b/c", ".../x", "a/../b", "a/b/../../c", "w:0.npy", "a:b",
    "epoch\\3.pkl", "a\\..\\b", "C:model.pkl", "file:///x", "~/x", "a/./..b", "%2e%2e/x", "模型/é",
)  # fmt: skip
OUTSIDE = (
    "..", "../", "../a", "a/../..", "a/../../b", "./../a", "/", "/etc/passwd", "//host/share/x", "\\x", "\\\\host\\x", "C:\\x",
    "c:/x", "C:..\\x", "..\\x", "a\\..\\..\\x", "a/..\\../x", ".. /x", "a/\0/../../..", "../x\0.txt", "a\\b/../../../x",
)  # fmt: skip


@pytest.mark.parametrize("name", INSIDE)
def test_a_name_that_stays_inside_has_no_way_out(name: str) -> None:
    assert way_out(name) == ""


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leads_out_for_any_reader_says_how(name: str) -> None:
    assert way_out(name)


Step = tuple[str, str, str]
"""A kind of member, its name, and where it leads."""


def tell(steps: list[Step], *, is_root: bool = False) -> list[tuple[Quirk | str, str]]:
    found: list[Anomaly | Gap] = []
    walk = Extraction(is_root=is_root)
    for kind, name, target in steps:
        found += walk.member(name, SPAN, is_link=kind != "file")
        if kind == "link":
            walk.symlink(name, target, SPAN)
        elif kind == "hard":
            found += walk.hard_link(name, target, SPAN)
        elif kind == "device":
            walk.device(name, target, SPAN)
    found += walk.finish()
    return [(fact.quirk, fact.subject) if isinstance(fact, Anomaly) else ("gap", "") for fact in found]


HARMLESS: dict[str, list[Step]] = {
    "a link beside": [("file", "a", ""), ("link", "b", "a")],
    "a link up and down again": [("link", "x/y/b", "../../a/c")],
    "a link that leads nowhere": [("link", "b", "not there")],
    "a link to itself": [("link", "b", "b"), ("file", "b/c", "")],
    "two links to each other": [("link", "a", "b"), ("link", "b", "a"), ("file", "a/c", "")],
    "written through a link that stays": [("link", "b", "run"), ("file", "b/c", "")],
    "a link to the top": [("link", "run/top", ".."), ("file", "run/top/c", "")],
    "a hard link inside": [("file", "a/b", ""), ("hard", "c", "a/b")],
    "a hard link through a link inside": [("link", "l", "a"), ("hard", "c", "l/b")],
    "dots in a target": [("link", "b", "..a/...b")],
    "a root file system": [("link", "usr/bin/python", "/etc/alternatives/python"), ("file", "etc/hosts", "")],
    "a layer by its whiteout": [("file", "app/.wh.x", ""), ("link", "app/now", "/app/v1")],
    "a layer that climbs above its root": [("file", ".wh..wh..opq", ""), ("link", "a/b", "../../../c")],
    "devices of a root": [
        ("device", "dev/null", "character device"),
        ("file", "etc/hosts", ""),
        ("file", "usr/bin/true", ""),
    ],
}


def test_a_folder_called_dev_does_not_excuse_a_device() -> None:
    assert tell([("device", "dev/sda", "block device")]) == [(Quirk.LINK_ESCAPE, "dev/sda")]


@pytest.mark.parametrize("steps", list(HARMLESS.values()), ids=list(HARMLESS))
def test_links_that_stay_inside_say_nothing(steps: list[Step]) -> None:
    assert tell(steps) == []


HOSTILE: dict[str, tuple[list[Step], str]] = {
    "absolute": ([("link", "b", "/etc")], "b"),
    "climbing": ([("link", "a/b", "../../c")], "a/b"),
    "climbing and coming back": ([("link", "a/b", "../../x/a/c")], "a/b"),
    "for Windows": ([("link", "a/b", "..\\..\\c")], "a/b"),
    "drive": ([("link", "b", "C:\\Windows")], "b"),
    "behind a NUL": ([("link", "b", "/etc\0x")], "b"),
    "by two links": ([("link", "a/x", "."), ("link", "a/x/x/y", "../..")], "a/x/x/y"),
    "hard, absolute": ([("hard", "b", "/etc/passwd")], "b"),
    "hard, climbing": ([("hard", "a/b", "../etc/passwd")], "a/b"),
    "hard, through a link": ([("link", "l", "a/.."), ("hard", "b", "l/../x")], "b"),
    "device": ([("device", "sda", "block device")], "sda"),
}


@pytest.mark.parametrize(("steps", "name"), list(HOSTILE.values()), ids=list(HOSTILE))
def test_a_link_that_leads_out_is_stated(steps: list[Step], name: str) -> None:
    assert (Quirk.LINK_ESCAPE, name) in tell([("file", "model.pkl", ""), *steps])


@pytest.mark.parametrize("is_root", [False, True])
@pytest.mark.parametrize("name", ["l/x", "l", "a/../l/x", "./l//x"])
def test_what_is_written_through_a_link_out_is_stated_even_in_a_layer(name: str, is_root: bool) -> None:
    assert (Quirk.LINK_ESCAPE, name) in tell(
        [("link", "l", "/home/user"), ("file", name, "")], is_root=is_root
    )


def test_a_link_may_stand_in_for_another() -> None:
    assert tell([("link", "l", "/opt/a"), ("link", "l", "/opt/b")], is_root=True) == []


def test_a_chain_that_climbs_out_by_following_names_the_member() -> None:
    steps = [("link", "up", "a/.."), ("file", "up/../x", "")]
    assert (Quirk.LINK_ESCAPE, "up/../x") in tell(steps)


def test_too_much_to_follow_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_STEPS", 50)
    steps = [("link", "a", "b/" * 30), *(("file", "a/c", "") for _ in range(9))]
    assert tell(steps)[-1] == ("gap", "")


def test_too_many_directories_are_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_NODES", 50)
    assert tell([("link", f"{'d/' * 20}{number}", "x") for number in range(9)])[-1] == ("gap", "")


def test_what_is_longer_than_a_path_makes_no_link() -> None:
    assert tell([("link", "l", "a/../" * 2000 + "x"), ("file", "l/x", "")]) == []


PATH = st.lists(st.sampled_from(("..", ".", "", "a", "b", "l", "\\", "C:", "\0", "..\\..")), max_size=8).map(
    "/".join
)


@given(st.lists(st.tuples(st.sampled_from(("file", "link", "hard", "device")), PATH, PATH), max_size=12))
def test_any_names_end(steps: list[Step]) -> None:
    tell(steps)
