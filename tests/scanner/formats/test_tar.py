"""TAR archives give their files, whatever wrote them."""

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Gap
from modelwarden.formats.tar import FORMAT
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'echo'\ntR."
FILES = {"model.pkl": EVIL, "weights/layer-0.bin": bytes(range(256)) * 30, "empty": b""}


def archive(form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:", format=form) as packed:
        packed.addfile(tarfile.TarInfo("weights"), None)
        packed.getmembers()[0].type = tarfile.DIRTYPE
        for name, data in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    return out.getvalue()


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


def contents(found: list[Fact]) -> dict[str, bytes]:
    return {fact.member: fact.source.read(0, fact.source.size) for fact in found if isinstance(fact, Child)}


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_gives_every_file_of_an_ordinary_archive(form: int) -> None:
    data = archive(form)
    assert FORMAT.recognise(Head(MemorySource(data)))
    found = facts(data)
    assert contents(found) == FILES | {"weights": b""}
    assert not [fact for fact in found if isinstance(fact, Gap)]


@pytest.mark.parametrize("option", ["--format=gnu", "--format=posix", "--format=ustar", "--format=v7"])
def test_gives_what_the_tar_command_packed(tmp_path: Path, option: str) -> None:
    (tmp_path / "weights").mkdir()
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "link").symlink_to("model.pkl")
    packed = tmp_path / "all.tar"
    subprocess.run(["tar", option, "-cf", packed, "-C", tmp_path, *FILES, "weights", "link"], check=True)
    found = facts(packed.read_bytes())
    assert contents(found) == FILES
    assert not [fact for fact in found if isinstance(fact, Gap)]


@pytest.mark.parametrize("data", [b"", archive()[:511], bytes(10240), b"plain text\n" * 100, EVIL])
def test_other_bytes_are_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".tar"))


def test_a_cut_archive_gives_what_is_there() -> None:
    cut = archive()[: 512 * 4 + 300]
    found = facts(cut)
    assert contents(found)["model.pkl"] == EVIL
    assert [fact for fact in found if isinstance(fact, Gap)]
