"""Regular files are read anywhere; everything else is refused without waiting."""

import os
from pathlib import Path

import pytest

from modelwarden.source.file import FileSource, NotRegular


def test_reads_anywhere_and_stops_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(bytes(range(100)))
    with FileSource(str(path)) as source:
        assert source.size == 100
        assert source.read(0, 3) == b"\0\1\2"
        assert source.read(98, 1 << 60) == b"bc"
        assert source.read(100, 5) == b""
        assert source.read(1 << 60, 5) == b""
        assert source.read(5, 0) == b""


def test_a_file_cut_short_after_opening_gives_fewer_bytes(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"abcdef")
    with FileSource(str(path)) as source:
        os.truncate(path, 2)
        assert source.read(0, 6) == b"ab"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_refuses_a_fifo_without_waiting_for_its_writer(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with pytest.raises(NotRegular):
        FileSource(str(path))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("path", [os.curdir, os.devnull, "/dev/zero"])
def test_refuses_directories_and_devices(path: str) -> None:
    with pytest.raises(NotRegular):
        FileSource(path)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts descriptors by Linux's /proc")
def test_a_refused_path_leaves_no_descriptor_open() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with pytest.raises(NotRegular):
            FileSource(os.devnull)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_follows_a_symlink_only_when_told_so(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"x")
    link = tmp_path / "link.bin"
    link.symlink_to("model.bin")
    with FileSource(str(link)) as source:
        assert source.read(0, 1) == b"x"
    with pytest.raises(OSError, match="symbolic links"):
        FileSource(str(link), follow_symlinks=False)


def test_closing_twice_does_nothing(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"x")
    source = FileSource(str(path))
    source.close()
    source.close()
    with pytest.raises(OSError, match="descriptor"):
        source.read(0, 1)
