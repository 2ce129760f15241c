"""What a report names can be looked at: files, members, members of members."""

import io
import zipfile
from pathlib import Path

import pytest

from modelwarden.domain.location import ArtifactPath
from modelwarden.engine.locate import located
from modelwarden.errors import UserError


@pytest.fixture
def nested(tmp_path: Path) -> Path:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("data.pkl", b"\x80\x04N.")
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("models/inner.zip", inner.getvalue())
        archive.writestr("README", "x")
    return outer


def test_a_file_itself(nested: Path) -> None:
    with located(ArtifactPath(str(nested))) as source:
        assert source.read(0, 4) == b"PK\x03\x04"


def test_a_member_of_a_member(nested: Path) -> None:
    with located(ArtifactPath(str(nested), ("models/inner.zip", "data.pkl"))) as source:
        assert source.read(0, 10) == b"\x80\x04N."


def test_a_member_that_is_not_there_is_told_which_are(nested: Path) -> None:
    with (
        pytest.raises(
            UserError, match=r"no member inner\.zip in .*outer\.zip: it holds models/inner\.zip, README"
        ),
        located(ArtifactPath(str(nested), ("inner.zip",))),
    ):
        pass


def test_a_file_without_members(tmp_path: Path) -> None:
    (tmp_path / "x.pkl").write_bytes(b"\x80\x04N.")
    with (
        pytest.raises(UserError, match="it has none"),
        located(ArtifactPath(str(tmp_path / "x.pkl"), ("y",))),
    ):
        pass


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with (
        pytest.raises(UserError, match=r"cannot read .*: no such file"),
        located(ArtifactPath(str(tmp_path / "x"))),
    ):
        pass
