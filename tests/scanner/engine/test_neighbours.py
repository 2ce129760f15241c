"""What a file needs beside it: found, missing, or led astray by a link."""

import hashlib
import json
import os
import sys
from pathlib import Path

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Reference, Role, Shortfall
from modelwarden.engine.neighbours import StandIn, consult

SPAN = Span(7, 3)
links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
BESIDE = [Role.TENSORS, Role.SHARD]
EVIL = b"cos\nsystem\n(S'echo hi'\ntR."


def ask(
    file: Path, role: Role, location: str, holder: str = "weight", *, named: bool = False
) -> list[Reference | Gap | StandIn]:
    return list(consult(str(file), Reference(role, location, holder, SPAN), named=named))


def model(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    path.write_bytes(b"model")
    return path


@pytest.mark.parametrize("role", BESIDE)
@pytest.mark.parametrize("location", ["weights.bin", "./weights.bin", "data/weights.bin", "a/../weights.bin"])
def test_what_is_there_is_no_fact(tmp_path: Path, role: Role, location: str) -> None:
    file = model(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "a").mkdir()
    (tmp_path / "weights.bin").write_bytes(b"w")
    (tmp_path / "data" / "weights.bin").write_bytes(b"w")
    assert ask(file, role, location) == []


@pytest.mark.parametrize("role", BESIDE)
def test_what_is_missing_is_a_gap(tmp_path: Path, role: Role) -> None:
    [gap] = ask(model(tmp_path), role, "weights.bin")
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.ABSENT
    assert "weights.bin" in gap.detail
    assert gap.span == SPAN


@pytest.mark.parametrize("role", [*BESIDE, Role.STAND_IN])
@pytest.mark.parametrize(
    "location",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "..\\x",
        "\\\\host\\share",
        "C:\\x",
        "c:x",
        "https://x/y",
        "~/x",
        "a\0b",
    ],
)
def test_what_leads_elsewhere_is_not_looked_up(tmp_path: Path, role: Role, location: str) -> None:
    assert ask(model(tmp_path), role, location) == []


@pytest.mark.parametrize("role", [Role.LINKED, Role.INPUT, Role.LIBRARY, Role.DOWNLOAD, Role.LINK_OUT])
def test_other_references_are_for_the_policies_alone(tmp_path: Path, role: Role) -> None:
    assert ask(model(tmp_path), role, "nowhere") == []


@links
def test_a_link_that_stays_beside_the_file_is_fine(tmp_path: Path) -> None:
    file = model(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "real.bin").write_bytes(b"w")
    (tmp_path / "weights.bin").symlink_to("sub/real.bin")
    assert ask(file, Role.TENSORS, "weights.bin") == []


@links
@pytest.mark.parametrize("directory", [False, True])
def test_a_link_out_of_the_directory_is_a_fact(tmp_path: Path, directory: bool) -> None:
    file = model(tmp_path / "repository")
    outside = tmp_path / "secrets"
    outside.mkdir()
    (outside / "weights.bin").write_bytes(b"w")
    if directory:  # CVE-2026-27489: the link is a directory on the way
        (file.parent / "data").symlink_to(outside)
        location = "data/weights.bin"
    else:
        (file.parent / "weights.bin").symlink_to(outside / "weights.bin")
        location = "weights.bin"
    assert ask(file, Role.TENSORS, location) == [Reference(Role.LINK_OUT, location, "weight", SPAN)]


@links
def test_files_linked_out_of_one_store_belong_together(tmp_path: Path) -> None:
    """The cache of Hugging Face: snapshots/REVISION/NAME are links to blobs/HASH."""
    blobs, snapshot = tmp_path / "blobs", tmp_path / "snapshots" / "main"
    blobs.mkdir()
    snapshot.mkdir(parents=True)
    for name in ("model.onnx", "model.onnx_data"):
        (blobs / f"hash-of-{name}").write_bytes(b"x")
        (snapshot / name).symlink_to(f"../../blobs/hash-of-{name}")
    assert ask(snapshot / "model.onnx", Role.TENSORS, "model.onnx_data") == []


@links
def test_a_linked_model_does_not_excuse_a_link_to_anywhere(tmp_path: Path) -> None:
    store = tmp_path / "a" / "b" / "c" / "d" / "store"
    model(store)
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    (tmp_path / "secret").write_bytes(b"s")
    (snapshot / "model.onnx").symlink_to(store / "model.onnx")
    (snapshot / "weights.bin").symlink_to(tmp_path / "secret")
    [found] = ask(snapshot / "model.onnx", Role.TENSORS, "weights.bin")
    assert isinstance(found, Reference)
    assert found.role is Role.LINK_OUT


def repository(root: Path, data: bytes, *, old: bool = False) -> tuple[Path, str]:
    """A DVC repository with one object in its cache; where the pointer would lie, and the object's hash."""
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    cache = root / ".dvc" / "cache" / ("" if old else "files/md5") / digest[:2]
    cache.mkdir(parents=True, exist_ok=True)
    (cache / digest[2:]).write_bytes(data)
    (root / "models").mkdir(exist_ok=True)
    pointer = root / "models" / "model.pkl.dvc"
    pointer.write_text("outs: …", encoding="utf-8")
    return pointer, digest


@pytest.mark.parametrize("old", [False, True])
def test_a_pointer_leads_to_the_cache(tmp_path: Path, old: bool) -> None:
    pointer, digest = repository(tmp_path, EVIL, old=old)
    [found] = ask(pointer, Role.STAND_IN, "model.pkl", digest)
    assert isinstance(found, StandIn)
    assert found.name == "model.pkl"
    assert Path(found.path).read_bytes() == EVIL


def test_a_pointer_to_a_file_beside_it_is_followed_only_when_named(tmp_path: Path) -> None:
    pointer, digest = repository(tmp_path, EVIL)
    beside = pointer.parent / "model.pkl"
    beside.write_bytes(EVIL)
    assert ask(pointer, Role.STAND_IN, "model.pkl", digest) == []
    assert ask(pointer, Role.STAND_IN, "model.pkl", digest, named=True) == [
        StandIn("model.pkl", os.fspath(beside))
    ]


@pytest.mark.parametrize("digest", ["", "0" * 32, "../../../../etc/passwd", "ab/../../cd", "zz" * 16])
def test_a_pointer_to_nothing_is_a_gap(tmp_path: Path, digest: str) -> None:
    pointer, _ = repository(tmp_path, EVIL)
    [gap] = ask(pointer, Role.STAND_IN, "model.pkl", digest)
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.ABSENT
    assert "dvc pull" in gap.detail


def test_outside_a_repository_there_is_no_cache(tmp_path: Path) -> None:
    pointer = tmp_path / "model.pkl.dvc"
    pointer.write_text("outs: …", encoding="utf-8")
    [gap] = ask(pointer, Role.STAND_IN, "model.pkl", "0" * 32)
    assert isinstance(gap, Gap)


@links
def test_a_link_in_the_cache_is_not_followed(tmp_path: Path) -> None:
    pointer, digest = repository(tmp_path, EVIL)
    cached = tmp_path / ".dvc/cache/files/md5" / digest[:2] / digest[2:]
    cached.unlink()
    (tmp_path / "secret").write_bytes(b"s")
    cached.symlink_to(tmp_path / "secret")
    [gap] = ask(pointer, Role.STAND_IN, "model.pkl", digest)
    assert isinstance(gap, Gap)


def directory(root: Path, listing: bytes) -> tuple[Path, str]:
    pointer, digest = repository(root, listing)
    cached = root / ".dvc/cache/files/md5" / digest[:2] / digest[2:]
    cached.rename(f"{cached}.dir")
    return pointer, f"{digest}.dir"


def test_a_pointer_to_a_directory_leads_to_each_of_its_files(tmp_path: Path) -> None:
    _, digest = repository(tmp_path, EVIL)
    entries = [{"md5": digest, "relpath": "a/m.pkl"}, {"md5": "0" * 32, "relpath": "gone.pkl"}]
    pointer, listed = directory(tmp_path, json.dumps(entries).encode())
    found, gap = ask(pointer, Role.STAND_IN, "models", listed)
    assert isinstance(found, StandIn)
    assert found.name == "models/a/m.pkl"
    assert isinstance(gap, Gap)
    assert "gone.pkl" in gap.detail


@pytest.mark.parametrize(
    "listing", [b"", b"{}", b"[" * 100_000, b"[1]", b'[{"md5": 1, "relpath": "x"}]', b"\xff"]
)
def test_a_listing_that_is_none_is_a_gap(tmp_path: Path, listing: bytes) -> None:
    pointer, listed = directory(tmp_path, listing)
    [gap] = ask(pointer, Role.STAND_IN, "models", listed)
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.MALFORMED
