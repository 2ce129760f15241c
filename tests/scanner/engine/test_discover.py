"""Which files are looked at: each once, in a steady order, nothing opened that could block."""

import os
from pathlib import Path

import pytest

from modelwarden.engine.discover import discover, excluded
from modelwarden.errors import UserError


def found(root: Path, *exclude: str) -> list[str]:
    return [os.path.relpath(target.path, root) for target in discover([str(root)], exclude)]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.pkl", "a/z.pt", "a/y.bin", ".hidden/c.pkl", ".git/objects/d.pkl", "a b/é.pkl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


def test_directories_are_walked_in_order_without_version_control(tree: Path) -> None:
    assert found(tree) == ["b.pkl", ".hidden/c.pkl", "a/y.bin", "a/z.pt", "a b/é.pkl"]


def test_a_file_named_twice_is_looked_at_once(tree: Path) -> None:
    paths = [str(tree / "b.pkl"), str(tree), str(tree / "a" / ".." / "b.pkl")]
    names = [target.path for target in discover(paths)]
    assert len(names) == 5


def test_a_missing_path_is_the_users_error_before_anything_is_looked_at(tree: Path) -> None:
    with pytest.raises(UserError, match=r"no such file or directory: .*nowhere"):
        next(discover([str(tree), str(tree / "nowhere")]))


def test_globs_leave_out_files_and_directories(tree: Path) -> None:
    assert found(tree, "*.pkl") == ["a/y.bin", "a/z.pt"]
    assert found(tree, "a") == ["b.pkl", ".hidden/c.pkl", "a b/é.pkl"]
    assert found(tree, "a/*.bin", ".hidden/") == ["b.pkl", "a/z.pt", "a b/é.pkl"]


@pytest.mark.parametrize(
    ("path", "pattern", "out"),
    [
        ("models/a.pkl", "*.pkl", True),
        ("models/a.pkl", "models", True),
        ("models/a.pkl", "models/", True),
        ("models/a.pkl", "models/*.pkl", True),
        ("deep/models/a.pkl", "models/*.pkl", False),
        ("deep/models/a.pkl", "**/models/*.pkl", True),
        ("models/a.pkl", "*.pt", False),
        ("models/a.pkl", "model", False),
        ("./models/a.pkl", "models/a.pkl", True),
    ],
)
def test_globs_are_held_against_parts_or_whole_paths(path: str, pattern: str, out: bool) -> None:
    assert excluded(path, [pattern]) is out


def test_links_inside_are_met_by_themselves_and_others_named(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "o.pkl"
    outside.write_bytes(b"x")
    (tree / "inside.pkl").symlink_to(tree / "b.pkl")
    (tree / "outside.pkl").symlink_to(outside)
    (tree / "loop").symlink_to(tree)
    (tree / "broken.pkl").symlink_to(tree / "nowhere")
    targets = {os.path.basename(target.path): target for target in discover([str(tree)])}
    assert "outside the scanned directory" in targets["outside.pkl"].obstacle
    assert not {"inside.pkl", "loop"} & targets.keys()
    assert "leads nowhere" in targets["broken.pkl"].obstacle


def test_a_link_to_what_the_walk_passes_by_is_followed(tree: Path) -> None:
    (tree / "annexed.pkl").symlink_to(tree / ".git" / "objects" / "d.pkl")
    (tree / "kept.pkl").symlink_to(tree / "a" / "y.bin")
    targets = {os.path.basename(target.path): target for target in discover([str(tree)], ["a"])}
    assert targets["annexed.pkl"].obstacle == ""
    assert targets["kept.pkl"].obstacle == ""


def test_an_unreadable_directory_is_unread(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("a b"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    [unread] = [target for target in discover([str(tree)]) if target.unread]
    assert unread.path.endswith("a b")
    assert unread.obstacle == "permission denied"


def test_a_directory_behind_a_link_that_leads_outside_is_unread(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (tree / "models").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    [unread] = [target for target in discover([str(tree)]) if target.unread]
    assert unread.path.endswith("models")


def test_a_named_file_elsewhere_is_excluded_by_its_name_alone(tree: Path) -> None:
    named = str(tree / "a" / "z.pt")
    assert [target.path for target in discover([named], ["a"])] == [named]
    assert list(discover([named], ["*.pt"])) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_pipes_are_never_opened(tree: Path) -> None:
    os.mkfifo(tree / "pipe.pkl")
    [pipe] = [target for target in discover([str(tree)]) if target.path.endswith("pipe.pkl")]
    assert "neither a file nor a directory" in pipe.obstacle
    [named] = discover([str(tree / "pipe.pkl")])
    assert named.named
    assert named.obstacle


def test_a_link_the_user_names_is_followed(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("links") / "link.pkl"
    link.symlink_to(tree / "b.pkl")
    [target] = discover([str(link)])
    assert target.obstacle == ""
