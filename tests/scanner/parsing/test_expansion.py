"""Large ratios are harmless; what holds itself, or was compressed again a hundredfold, is not."""

import gzip
import io
import zipfile

import pytest

from modelwarden.parsing.expansion import bombast, holds_itself
from modelwarden.source.memory import MemorySource

OUTER = MemorySource(b"outer")
BIG = 2 << 20


def zipped(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        packed.writestr(zipfile.ZipInfo("zeros"), bytes(BIG), method)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "packed"),
    [
        (bytes(BIG), 100),
        (zipped(zipfile.ZIP_STORED), 100),
        (b"\x93NUMPY" + bytes(BIG), 10),
        (gzip.compress(b"", mtime=0) + bytes(BIG), BIG // 50),
        (gzip.compress(b"", mtime=0) + bytes(1000), 2),
        (b"", 0),
    ],
)
def test_a_ratio_alone_shows_nothing(content: bytes, packed: int) -> None:
    assert bombast(OUTER, MemorySource(content), packed) == ""


@pytest.mark.parametrize(
    "start",
    [
        gzip.compress(b"", mtime=0), b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c",
        zipped(zipfile.ZIP_DEFLATED),
    ],
)  # fmt: skip
def test_what_is_compressed_again_a_hundredfold_shows_intent(start: bytes) -> None:
    assert "compressed again" in bombast(OUTER, MemorySource(start + bytes(BIG)), BIG // 200)


def test_what_holds_itself_shows_intent() -> None:
    data = bytes(range(256)) * 9000
    assert holds_itself(MemorySource(data), MemorySource(data))
    assert not holds_itself(MemorySource(data), MemorySource(data[:-1] + b"?"))
    assert not holds_itself(MemorySource(data), MemorySource(data[:-1]))
    assert "holds itself" in bombast(MemorySource(data), MemorySource(data), 1)
