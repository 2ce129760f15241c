"""SHA-256 beside the scan: the same digest whichever way, and no thread outlives its file."""

import hashlib
import threading
from pathlib import Path

import pytest

from modelwarden.domain.settings import Settings
from modelwarden.engine import hashing
from modelwarden.engine.hashing import Digest, Stopped
from modelwarden.engine.scan import scan
from modelwarden.source.file import FileSource
from modelwarden.source.memory import MemorySource


class Endless:
    """A source that gives bytes for ever and notes who asks."""

    size = 1 << 60

    def __init__(self, fault: OSError | None = None) -> None:
        self.readers: set[str] = set()
        self.asked = threading.Event()
        self._fault = fault

    def read(self, offset: int, length: int) -> bytes:
        self.readers.add(threading.current_thread().name)
        self.asked.set()
        if self._fault is not None:
            raise self._fault
        return bytes(length)


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 9 << 20])
def test_the_digest_is_that_of_the_content(size: int, tmp_path: Path) -> None:
    data = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    with FileSource(str(path)) as source, Digest(source) as digest:
        assert digest.result() == hashlib.sha256(data).hexdigest()
        assert digest.result() == hashlib.sha256(data).hexdigest()


def test_small_files_need_no_thread() -> None:
    before = threading.active_count()
    with Digest(MemorySource(b"abc")) as digest:
        assert threading.active_count() == before
        assert digest.result() == hashlib.sha256(b"abc").hexdigest()


def test_nobody_hashes_what_nobody_wants() -> None:
    source = Endless()
    with Digest(source, wanted=False):
        pass
    assert source.readers == set()


def test_leaving_stops_the_thread() -> None:
    source = Endless()
    with Digest(source):
        assert source.asked.wait(30)
    assert source.readers == {"sha256"}
    assert not any(thread.name == "sha256" for thread in threading.enumerate())


def test_an_error_that_passes_through_stops_the_thread() -> None:
    source = Endless()
    with pytest.raises(KeyboardInterrupt), Digest(source):
        raise KeyboardInterrupt
    assert not any(thread.name == "sha256" for thread in threading.enumerate())


def test_there_is_no_digest_of_what_was_stopped() -> None:
    source = Endless()
    with Digest(source) as digest:
        pass
    with pytest.raises(Stopped):
        digest.result()


def test_a_device_that_fails_is_told_to_who_asks() -> None:
    with (
        Digest(Endless(OSError(5, "input/output error"))) as digest,
        pytest.raises(OSError, match="input/output"),
    ):
        digest.result()


@pytest.mark.parametrize("aside", [1, 1 << 40])
def test_a_scan_gives_the_same_digest_with_and_without_a_thread(
    aside: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "ASIDE", aside)
    path = tmp_path / "a.pkl"
    path.write_bytes(b"cos\nsystem\n(S'x'\ntR.")
    [file] = scan([str(path)], Settings(hashing=True)).files
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    [file] = scan([str(path)], Settings(hashing=False)).files
    assert file.sha256 == ""
