"""What lies in a working tree and differs from a commit, without Git reading a file of it (see `plumbing`).

Where size and times of a file are those that the index noted, its contents are those of the index, as Git itself has it.
Otherwise its bytes are hashed here as they are. Filters and line endings are not applied: such a file counts as changed once
somebody has touched it, and a scan of too much is only slow.

https://git-scm.com/docs/index-format, https://git-scm.com/docs/racy-git
"""

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from modelwarden.ci.plumbing import ask
from modelwarden.domain.record import record
from modelwarden.errors import UserError

_ENTRY = re.compile(rb"^([0-7]{6}) ([0-9a-f]{40,64}) [0-3]\t", re.MULTILINE)
_NOTED = re.compile(rb"\s*ctime: (\d+):(\d+)\s+mtime: (\d+):(\d+)\s.*?\bsize: (\d+)\s", re.DOTALL)
_LINK, _REPOSITORY = b"120000", b"160000"
_NESTED = 8
"""So many submodules within submodules are looked into; what is deeper counts as changed."""


@record
class _Noted:
    """What the index knows of a file. `mtime` and `ctime` in nanoseconds; `size` 0 may also mean: look at the contents."""

    ctime: int
    mtime: int
    size: int


@record
class _Entry:
    path: bytes
    mode: bytes
    id: bytes
    noted: _Noted | None


def differing(root: str, reference: str, commit: str, depth: int = 0) -> Iterator[str]:
    """The paths of what is there and is not as in `commit`: files, links, and directories that are repositories themselves.

    `reference` is what messages call the commit. Untracked files count unless they are ignored.
    """
    then = _tree(ask(root, reference, "ls-tree", "-r", "-z", "--full-tree", commit))
    index = os.fsdecode(ask(root, reference, "rev-parse", "--git-path", "index").removesuffix(b"\n"))
    written = _written(os.path.join(root, index))  # before it is read: an older time only makes us hash more
    entries = list(_entries(ask(root, reference, "ls-files", "-z", "--stage", "--debug")))
    stages = Counter(entry.path for entry in entries)
    for entry in entries:
        path = os.path.join(root, os.fsdecode(entry.path))
        conflict = stages[entry.path] > 1
        if conflict or _differs(path, entry, then.get(entry.path), written, depth):
            yield path
    for name in ask(root, reference, "ls-files", "-z", "--others", "--exclude-standard").split(b"\0"):
        if name:
            yield os.path.join(root, os.fsdecode(name))


def _tree(listing: bytes) -> dict[bytes, tuple[bytes, bytes]]:
    """Mode and id by path."""
    found: dict[bytes, tuple[bytes, bytes]] = {}
    for line in listing.split(b"\0"):
        if line:
            facts, _, path = line.partition(b"\t")
            mode, _, identity = facts.split(b" ")
            found[path] = (mode, identity)
    return found


def _entries(listing: bytes) -> Iterator[_Entry]:
    """Each name ends with a zero byte; what the index has noted of it follows, in lines, before the next entry."""
    chunks = listing.split(b"\0")
    for chunk, after in pairwise(chunks):
        if head := _ENTRY.search(chunk):
            yield _Entry(chunk[head.end() :], head[1], head[2], _noted(after))


def _noted(text: bytes) -> _Noted | None:
    """None where Git words it otherwise than we know: then contents are compared."""
    if not (match := _NOTED.match(text)):
        return None
    ctime, ctime_ns, mtime, mtime_ns, size = (int(group) for group in match.groups())
    return _Noted(ctime * 10**9 + ctime_ns, mtime * 10**9 + mtime_ns, size)


def _written(index: str) -> int:
    try:
        return os.stat(index).st_mtime_ns
    except OSError:
        return 0


def _differs(path: str, entry: _Entry, then: tuple[bytes, bytes] | None, written: int, depth: int) -> bool:
    try:
        now = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False  # gone: nothing to scan
    except OSError:
        return True
    if then is None or then[0] != entry.mode:
        return True
    if entry.mode == _REPOSITORY:
        return then[1] != entry.id or not stat.S_ISDIR(now.st_mode) or _repository_differs(path, entry, depth)
    if not (stat.S_ISLNK(now.st_mode) if entry.mode == _LINK else stat.S_ISREG(now.st_mode)):
        return True
    noted = entry.noted
    if noted and noted.size and noted.size != now.st_size & 0xFFFFFFFF:
        return True
    untouched = (
        noted is not None
        and (noted.ctime, noted.mtime, noted.size)
        == (now.st_ctime_ns, now.st_mtime_ns, now.st_size & 0xFFFFFFFF)
        and now.st_size > 0
        and now.st_mtime_ns < written  # else it may have been written again within the same tick
    )
    return then[1] != (entry.id if untouched else _identity(path, now, len(entry.id)))


def _repository_differs(path: str, entry: _Entry, depth: int) -> bool:
    """A submodule is compared with the commit that the index names; one that cannot be asked counts as changed."""
    if depth >= _NESTED or not os.path.lexists(os.path.join(path, ".git")):
        return True  # not checked out: an empty directory
    commit = entry.id.decode("ascii")
    try:
        return any(True for _ in differing(path, commit, commit, depth + 1))
    except UserError:
        return True


def _identity(path: str, now: os.stat_result, digits: int) -> bytes:
    """The id that Git would give to the bytes as they are; empty when they cannot be read."""
    digest = hashlib.sha256() if digits == 64 else hashlib.sha1(usedforsecurity=False)
    digest.update(b"blob %d\0" % now.st_size)
    try:
        if stat.S_ISLNK(now.st_mode):
            digest.update(os.fsencode(os.readlink(path)))
        else:
            with open(path, "rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
    except OSError:
        return b""
    return digest.hexdigest().encode("ascii")
