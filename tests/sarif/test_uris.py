import os
import sys
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden_sarif.uris import quote_path, relative_path, relative_uri


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/repo/models/a.pkl", "models/a.pkl"),
        ("/repo/./models//a.pkl", "models/a.pkl"),
        ("/repo/x/../a.pkl", "a.pkl"),
        ("/repo/models/my model é.pt", "models/my%20model%20%C3%A9.pt"),
        ("/repo/a:b.pkl", "a%3Ab.pkl"),
        ("/repo/#1?[x]%41.pkl", "%231%3F%5Bx%5D%2541.pkl"),
        ("/repo/back\\slash.pkl", "back%5Cslash.pkl"),
        ("/repo/-._~", "-._~"),
        ("/repo/模型.pt", "%E6%A8%A1%E5%9E%8B.pt"),
    ],
)
def test_is_relative_encoded_and_normal(path: str, uri: str) -> None:
    assert relative_uri(path, "/repo", windows=False) == uri


@pytest.mark.parametrize("path", ["/other/a.pkl", "/repository/a.pkl", "/repo/../a.pkl", "/repo", "/repo/"])
def test_is_none_outside_the_root(path: str) -> None:
    assert relative_uri(path, "/repo", windows=False) is None


def test_every_path_lies_below_the_top_of_the_file_system() -> None:
    assert relative_uri("/tmp-x/a.pkl", "/", windows=False) == "tmp-x/a.pkl"


def test_a_relative_path_counts_from_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert relative_uri("a.pkl", str(tmp_path)) == "sub/a.pkl"
    assert relative_uri("../b.pkl", str(tmp_path)) == "b.pkl"
    assert relative_uri("../../b.pkl", str(tmp_path)) is None


@pytest.mark.parametrize(
    "path", ["C:\\repo\\models\\my model.pt", "c:\\REPO\\models\\my model.pt", "C:/repo/models/my model.pt"]
)
def test_windows_separators_and_letter_case(path: str) -> None:
    assert relative_uri(path, "C:\\repo", windows=True) == "models/my%20model.pt"


def test_another_windows_drive_is_outside() -> None:
    assert relative_uri("D:\\repo\\a.pkl", "C:\\repo", windows=True) is None


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the file system refuses such names")
def test_bytes_that_are_no_text_are_encoded_as_they_are(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff\xc3.pkl")).touch()
    (found,) = tmp_path.iterdir()
    uri = relative_uri(str(found), str(tmp_path))
    assert uri == "%FF%C3.pkl"
    assert unquote_to_bytes(uri) == b"\xff\xc3.pkl"


def test_a_surrogate_no_file_system_has_does_not_break_it() -> None:
    assert quote_path("a\ud800b") == "a%ED%A0%80b"


def test_a_link_keeps_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "real.pkl").touch()
    (tmp_path / "link.pkl").symlink_to("real.pkl")
    assert relative_uri(str(tmp_path / "link.pkl"), str(tmp_path)) == "link.pkl"


def test_a_link_out_of_the_root_is_still_a_path_inside(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.pkl").touch()
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "link.pkl").symlink_to("../out/a.pkl")
    assert relative_uri(str(tmp_path / "repo" / "link.pkl"), str(tmp_path / "repo")) == "link.pkl"


@pytest.mark.parametrize("through", ["root", "path"])
def test_a_root_reached_through_a_link_is_the_same_root(tmp_path: Path, through: str) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.pkl").touch()
    (tmp_path / "alias").symlink_to("real")
    root, path = ("alias", "real") if through == "root" else ("real", "alias")
    assert relative_uri(str(tmp_path / path / "a.pkl"), str(tmp_path / root)) == "a.pkl"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1), min_size=1))
def test_decodes_to_the_path_again_and_is_plain_ascii(parts: list[str]) -> None:
    path = "/".join(part for part in parts if part not in {".", ".."}) or "x"
    uri = relative_uri(f"/repo/{path}", "/repo", windows=False)
    assert uri is not None
    assert unquote(uri) == path == relative_path(f"/repo/{path}", "/repo", windows=False)
    assert uri.isascii()
    assert not set(uri) & set(' "#<>?[\\]^`{|}:')
