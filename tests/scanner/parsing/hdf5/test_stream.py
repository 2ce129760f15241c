"""A source behaves like a file that is open for reading."""

import io

from modelwarden.parsing.hdf5.stream import Stream
from modelwarden.source.memory import MemorySource


def test_reads_seeks_and_tells_like_a_file() -> None:
    stream, file = Stream(MemorySource(b"0123456789")), io.BytesIO(b"0123456789")
    for offset, whence in ((3, io.SEEK_SET), (-2, io.SEEK_END), (1, io.SEEK_CUR), (50, io.SEEK_SET)):
        assert stream.seek(offset, whence) == file.seek(offset, whence)
        assert stream.read(4) == file.read(4)
        assert stream.tell() == file.tell()
    assert stream.readable()
    assert stream.seekable()
