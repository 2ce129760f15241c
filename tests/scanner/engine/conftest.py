"""Files that are hard on whoever reads them."""

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

EVIL = b"cos\nsystem\n(S'echo hi'\ntR."
_CALLS = b"ccollections\nOrderedDict\n)R0" * 30_000
_BLOCKS = 1_000


def endless() -> bytes:
    """A ZIP archive of 5 MB: a hostile pickle, then one that takes minutes to follow and little memory."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeezer.compress(_CALLS) + squeezer.flush(
        zlib.Z_FULL_FLUSH
    )  # it can stand there any number of times
    end = squeezer.flush()
    checksum = 0
    for _ in range(_BLOCKS):
        checksum = zlib.crc32(_CALLS, checksum)
    trailer = struct.pack("<II", checksum, len(_CALLS) * _BLOCKS % (1 << 32))
    header = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, 0, 0, 0, 255)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.pkl", EVIL)
        archive.writestr("b.pkl", header + block * _BLOCKS + end + trailer)
    return out.getvalue()


@pytest.fixture(scope="session")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that nobody reads to its end."""
    path = tmp_path_factory.mktemp("hard") / "b-hard.zip"
    path.write_bytes(endless())
    return path


@pytest.fixture
def tree(tmp_path: Path, hard: Path) -> Path:
    """Three files: a finding, one that takes for ever, nothing special."""
    place = tmp_path / "tree"
    place.mkdir()
    (place / "a-evil.pkl").write_bytes(EVIL)
    (place / "b-hard.zip").write_bytes(hard.read_bytes())
    (place / "c-good.pkl.gz").write_bytes(gzip.compress(b"\x80\x02}."))
    return place
