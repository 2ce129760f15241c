"""SHA-256 of a file on disk, computed while it is scanned.

hashlib lets go of the interpreter while it works on a block, so that a second thread hashes at the side of the readers. A small
file is hashed at the end, without a thread.
"""

from types import TracebackType
from typing import TYPE_CHECKING

from modelwarden.domain.format import ByteSource

if TYPE_CHECKING:
    from _hashlib import HASH
    from threading import Thread

ASIDE = 8 << 20
"""Smaller files are hashed in less time than a thread takes to pay off."""
_BLOCK = 1 << 20


class Stopped(Exception):
    """The digest was asked for after the hashing had been stopped."""


class Digest:
    """The digest of one source, as a context: it is in the works from the start, and given up when the context is left early.

    Not `wanted`: nothing is read.
    """

    __slots__ = ("_error", "_result", "_source", "_stopped", "_thread", "_wanted")

    def __init__(self, source: ByteSource, *, wanted: bool = True) -> None:
        self._wanted = wanted
        self._source = source
        self._thread: Thread | None = None
        self._stopped = False
        self._result = ""
        self._error: OSError | None = None

    def __enter__(self) -> "Digest":
        if self._wanted and self._source.size >= ASIDE:
            from hashlib import (
                sha256 as begin,
            )  # not in the thread: the HDF5 reader forks, with no half import
            from threading import Thread

            self._thread = Thread(target=self._work_aside, args=(begin(),), name="sha256", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop within one block: nobody may read from the source when it is closed."""
        self._stopped = True
        if self._thread is not None:
            self._thread.join()

    def result(self) -> str:
        """64 hex digits, as soon as they are there. Raises OSError when the file cannot be read to its end."""
        if self._thread is not None:
            while self._thread.is_alive():  # in short waits: a deadline or an interrupt must come through
                self._thread.join(0.05)
        elif not self._result:
            self._result = sha256(self._source)
        if self._error is not None:
            raise self._error
        if not self._result:
            raise Stopped
        return self._result

    def _work_aside(self, digest: "HASH") -> None:
        offset = 0
        try:
            while not self._stopped and (data := self._source.read(offset, _BLOCK)):
                digest.update(data)
                offset += len(data)
        except OSError as error:
            self._error = error
            return
        if not self._stopped:
            self._result = digest.hexdigest()


def sha256(source: ByteSource) -> str:
    """The digest of everything in `source`, read in blocks. Raises OSError."""
    from hashlib import sha256 as begin  # OpenSSL takes its time to load; most scans need no digest

    digest = begin()
    offset = 0
    while data := source.read(offset, _BLOCK):
        digest.update(data)
        offset += len(data)
    return digest.hexdigest()
