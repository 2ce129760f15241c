"""A regular file on disk."""

import os
import stat
import sys
import threading
from types import TracebackType


class NotRegular(OSError):
    """The path leads to a directory, FIFO, socket or device: reading it could block or never end."""


class FileSource:
    """Random access to a regular file; a context manager that closes it.

    Raises `NotRegular` for anything that is not a regular file, without waiting for a FIFO's writer, and `OSError` when the
    path cannot be opened. With `follow_symlinks=False` a symlink in the last place of the path is refused (`OSError`, ELOOP)
    where the system can do that. `size` is the length when it was opened; a file cut short afterwards gives fewer bytes.
    """

    __slots__ = ("_descriptor", "_lock", "path", "size")

    def __init__(self, path: str, *, follow_symlinks: bool = True) -> None:
        flags = os.O_RDONLY
        for name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NONBLOCK"):
            flags |= getattr(os, name, 0)
        if not follow_symlinks:
            flags |= getattr(os, "O_NOFOLLOW", 0)
        self._descriptor = os.open(path, flags)
        self.path = path
        self._lock = threading.Lock()
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            self.close()
            raise NotRegular("not a regular file")
        self.size: int = status.st_size

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`. Raises `OSError` when the device fails."""
        length = min(length, self.size - offset)
        if length <= 0:
            return b""
        first = self._read_once(offset, length)
        if len(first) == length or not first:
            return first
        parts = [first]
        have = len(first)
        while have < length and (part := self._read_once(offset + have, length - have)):
            parts.append(part)
            have += len(part)
        return b"".join(parts)

    if sys.platform == "win32":

        def _read_once(self, offset: int, length: int) -> bytes:
            with self._lock:
                os.lseek(self._descriptor, offset, os.SEEK_SET)
                return os.read(self._descriptor, length)

    else:

        def _read_once(self, offset: int, length: int) -> bytes:
            return os.pread(self._descriptor, length, offset)

    def close(self) -> None:
        """Close the file; closing twice does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> "FileSource":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
