"""The same with real files: what may happen to a model, its name and its checkout while its findings stay what they are."""

import gzip
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan
from modelwarden.triage.identity import fingerprints, place
from modelwarden_sarif.uris import relative_path

FEW = settings(max_examples=25, deadline=None)
NAMES = st.text(st.sampled_from("abcxyz019 _-.é"), min_size=1, max_size=12).filter(
    lambda name: name.strip(". ")
)
COMMANDS = st.text(st.sampled_from("abc xyz"), max_size=8)


def call(command: str = "id", function: str = "system") -> bytes:
    """A pickle that calls a function of os when it is loaded."""
    argument = command.encode()
    return (
        b"\x80\x04cos\n"
        + function.encode()
        + b"\nX"
        + len(argument).to_bytes(4, "little")
        + argument
        + b"\x85R."
    )


def packed(members: Mapping[str, bytes], *, compressed: bool = False) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name), data)
    return archive.getvalue()


def torch(top: str, *pickles: bytes, compressed: bool = False) -> bytes:
    """As `torch.save` writes it: everything below a directory called like the file."""
    members = {f"{top}/data.pkl": pickles[0], f"{top}/version": b"3\n", f"{top}/data/0": bytes(16)}
    members |= {f"{top}/code/{number}.pkl": data for number, data in enumerate(pickles[1:])}
    return packed(members, compressed=compressed)


Alert = tuple[str, str, str, str]


def alerts(root: Path, *paths: str | Path) -> list[Alert]:
    """Rule, place, and both fingerprints of every finding; all that a dashboard goes by."""
    report = scan([str(path) for path in paths or (root,)], Settings(root=str(root), jobs=1))
    made = [
        (
            finding.rule.id,
            place(finding.path.file, report.root),
            prints["primaryLocationLineHash"],
            prints["modelwarden/v1"],
        )
        for finding, prints in zip(report.findings, fingerprints(report), strict=True)
    ]
    assert len({alert[:3] for alert in made}) == len({alert[1:2] + alert[3:] for alert in made}) == len(made)
    return sorted(made)


@contextmanager
def directory(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A fresh directory with these files: hypothesis runs one test many times."""
    with tempfile.TemporaryDirectory() as made:
        tree = Path(made).resolve()
        for name, data in files.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(data)
        yield tree


def of(data: bytes, name: str = "model.pt") -> list[Alert]:
    with directory({name: data}) as tree:
        return alerts(tree)


def names_of(data: bytes, name: str) -> list[tuple[str, str, str]]:
    """The same without the path."""
    return [(rule, first, second) for rule, _, first, second in of(data, name)]


TREE = {
    "models/a.pt": torch("a", call(), call("ls", "popen")),
    "models/deep/b.pkl": call(),
    "models/ä b.zip": packed({"x/one.pkl": call(), "two.pkl": call("ls")}),
    "config.json": b'{\n "a": 1,\n "_target_": "os.system"\n}\n',
}


# The checkout


def test_a_second_run_finds_the_same() -> None:
    with directory(TREE) as tree:
        assert alerts(tree) == alerts(tree)
        assert len(alerts(tree)) >= 5


@FEW
@given(st.lists(NAMES, min_size=1, max_size=3))
def test_the_checkout_may_be_moved(parts: list[str]) -> None:
    with directory(TREE) as tree, directory({}) as elsewhere:
        moved = elsewhere.joinpath(*parts)
        shutil.copytree(tree, moved)
        assert alerts(moved) == alerts(tree)


@pytest.mark.parametrize(
    ("here", "path"),
    [
        (".", "."),
        (".", "models/..{sep}."),
        (".", "{tree}"),
        ("models", ".."),
        ("models/deep", "../.."),
        ("/", "{tree}"),
        ("..", "{name}"),
        ("..", "./{name}/"),
    ],
)
def test_the_way_a_directory_is_named_does_not_matter(
    here: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with directory(TREE) as tree:
        expected = alerts(tree)
        monkeypatch.chdir(tree / here)
        assert alerts(tree, path.format(tree=tree, name=tree.name, sep=os.sep)) == expected
        monkeypatch.undo()  # before the directory goes


def test_one_file_is_named_as_in_the_scan_of_all() -> None:
    with directory(TREE) as tree:
        everything = alerts(tree)
        for name in TREE:
            assert set(alerts(tree, tree / name)) <= set(everything)
        assert sorted(alert for name in TREE for alert in alerts(tree, tree / name)) == everything


@given(st.lists(NAMES.filter(lambda name: name == name.rstrip(". ")), min_size=1, max_size=4), st.booleans())
def test_a_windows_path_is_the_same_place(parts: list[str], lower: bool) -> None:
    root = "c:\\Work\\repo" if lower else "C:\\work\\REPO\\"
    windows = relative_path("\\".join(("C:\\work\\repo", *parts)), root, windows=True)
    mixed = relative_path("C:/work/repo\\" + "/".join(parts), root, windows=True)
    posix = relative_path("/".join(("/work/repo", *parts)), "/work/repo", windows=False)
    assert windows == mixed == posix == "/".join(parts)


# The file


@FEW
@given(NAMES, NAMES, COMMANDS, st.booleans())
def test_a_torch_archive_may_be_saved_under_another_name(
    one: str, other: str, command: str, compressed: bool
) -> None:
    pickles = call(command), call(command, "popen")
    first, second = torch(one, *pickles), torch(other, *pickles, compressed=compressed)
    assert of(first) == of(second)
    assert len(of(first)) >= 2


@FEW
@given(NAMES, NAMES)
def test_so_may_one_inside_another_archive(one: str, other: str) -> None:
    def archived(top: str) -> bytes:
        return packed({"MAR-INF/MANIFEST.json": b"{}", "weights.pt": torch(top, call(), call("ls", "popen"))})

    assert of(archived(one), "model.zip") == of(archived(other), "model.zip")
    assert len(of(archived(one), "model.zip")) >= 2


@FEW
@given(NAMES, NAMES)
def test_a_compressed_pickle_may_get_another_name(one: str, other: str) -> None:
    data = gzip.compress(call(), mtime=0)
    assert names_of(data, f"{one}.pkl.gz") == names_of(data, f"{other}.pkl.gz") != []


@FEW
@given(st.binary(max_size=300), COMMANDS)
def test_unrelated_bytes_may_come_before_a_call(before: bytes, command: str) -> None:
    pickle = call(command)
    filled = b"\x80\x04B" + len(before).to_bytes(4, "little") + before + b"0" + pickle[2:]
    assert set(of(pickle, "a.pkl")) <= set(of(filled, "a.pkl"))


@FEW
@given(st.lists(st.integers(0, 2**31 - 1), max_size=60), st.integers(0, 3))
def test_a_pickle_may_move_within_a_file_of_several(numbers: list[int], extra: int) -> None:
    """Those behind the first have no name but the place where they begin."""

    def after(count: int) -> list[Alert]:
        filling = b"".join(b"J" + number.to_bytes(4, "little") + b"0" for number in numbers * count)
        return of(b"\x80\x04" + filling + b"N." + call("a") + call("b", "popen"), "a.pkl")

    assert after(1 + extra) == after(0)
    assert len(after(0)) == 2


@FEW
@given(st.integers(0, 200))
def test_a_zip_keeps_its_findings_when_something_stands_before_it(length: int) -> None:
    archive = packed({"a.pkl": call(), "b.pkl": call("ls", "popen")})
    with_prefix = of(bytes(length) + archive, "a.zip")
    assert {alert for alert in of(archive, "a.zip") if alert[0] == "MW101"} <= set(with_prefix)


def test_a_member_may_be_called_as_on_windows() -> None:
    assert of(packed({"a\\b\\c.pkl": call()}), "a.zip") == of(packed({"a/b/c.pkl": call()}), "a.zip")
    assert of(packed({"./a/b/c.pkl": call()}), "a.zip") == of(packed({"a/b/c.pkl": call()}), "a.zip")


def test_another_member_or_argument_or_function_is_another_finding() -> None:
    archives = [
        packed({"a.pkl": call()}),
        packed({"b.pkl": call()}),
        packed({"a.pkl": call("ls")}),
        packed({"a.pkl": call(function="popen")}),
    ]
    names = [{alert[2:] for alert in of(archive, "a.zip") if alert[0] == "MW101"} for archive in archives]
    assert all(len(each) == 1 for each in names)
    assert len(set.union(*names)) == len(archives)


@FEW
@given(st.lists(st.tuples(COMMANDS, st.sampled_from(["system", "popen", "remove"])), min_size=1, max_size=6))
def test_no_two_findings_of_a_file_share_a_name(calls: list[tuple[str, str]]) -> None:
    """`alerts` asserts it: the same calls, in several members and behind one another."""
    pickles = [call(command, function) for command, function in calls]
    assert of(packed({f"{number}.pkl": data for number, data in enumerate(pickles)}), "a.zip")
    assert of(b"".join(pickles), "a.pkl")


def test_a_hostile_name_is_no_trouble() -> None:
    names = ["+" + "9" * 5_000, "+", "+1", "a+1", "a+2", "\u0661+\u0661", "x/code/\n"]
    assert of(packed({name: call(f"{number}") for number, name in enumerate(names)}), "a.zip")


def test_a_finding_that_is_named_after_its_file_is_not_another_when_that_is_renamed() -> None:
    script = b"#!/bin/sh\necho hello\n"
    assert names_of(script, "one.h5") == names_of(script, "other.h5") != []
