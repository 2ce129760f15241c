"""Results of earlier runs, found again by content: what has been read whole and has not changed is not read again.

A result is kept only when the whole file was read and understood and nothing beside it had a say. It is found by the SHA-256 of
the content, the file's name (suffix and name decide what is asked of the bytes), this program's own code and every setting that
could make a difference. The digest is of the very bytes that were scanned, where these were held in memory; a larger file is
hashed before and after, and must have been left alone for a while. What comes out of the file of results is checked like what
comes out of a worker, and tells of one file only.
"""

import os
import stat
import sys
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256

from modelwarden import __version__
from modelwarden.domain.budget import Limits
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.record import record, replace
from modelwarden.domain.report import Coverage
from modelwarden.domain.settings import Settings
from modelwarden.engine import hashing
from modelwarden.engine.discover import Target
from modelwarden.engine.parcel import pack, unpack
from modelwarden.engine.result import FileResult
from modelwarden.engine.store import Store
from modelwarden.source.file import FileSource

_WHOLE = frozenset({Coverage.COMPLETE, Coverage.UNSUPPORTED})
_NEUTRAL = frozenset(
    "fail_on min_severity exclude hashing root only cache_dir cache_trust_mtime timeout jobs memory limits ratings".split()
)
"""Settings that never change what is found in a file that was read whole; the ceilings among the limits stand in the key."""
_CEILINGS = ("file_bytes", "total_bytes")
SETTLED = 2_000_000_000
"""Nanoseconds since the last change after which a second one would show in the times, even of coarse file systems."""
_CODE = (".py", ".so", ".pyd", ".json")


@record
class Identity:
    """What `stat` says of a file: it is another when it changes."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int


@record
class Ticket:
    """What is known of a file before it is scanned: where its result belongs, and the result when there is one."""

    key: bytes
    digest: str
    identity: Identity
    settled: bool
    result: FileResult | None = None


class ResultCache:
    """The cache in `settings.cache_dir`, for one scan with `settings`. Raises UserError when the directory cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self._store = Store(settings.cache_dir)
        self._trust = settings.cache_trust_mtime
        self._hashing = settings.hashing
        codes = code() + _code_of_plugins(settings.plugins)
        self._base = sha256(f"{codes}\n{_shown(settings)}".encode("utf-8", "surrogatepass")).digest()

    def look_up(self, target: Target) -> Ticket | None:
        """What is known of a file; None when it cannot be read, or need not be."""
        if target.obstacle:
            return None
        try:
            identity = _identity(os.stat(target.path))
            if identity is None:
                return None
            began = time.time_ns()
            digest = self._remembered(target.path, identity) or _digest(target.path)
        except OSError:
            return None  # who scans it says what is wrong
        settled = began - max(identity.modified, identity.changed) > SETTLED
        ticket = Ticket(self._key(target, digest), digest, identity, settled)
        data = self._store.get(ticket.key)
        result = self._known(data, target, ticket) if data is not None else None
        if result is not None:
            self._remember(target.path, ticket)
        return replace(ticket, result=result)

    def keep(self, target: Target, ticket: Ticket, result: FileResult) -> FileResult:
        """Put a result in its place when it may be kept. Returns it with the digest, which is then not to be computed again."""
        unchanged = _seen(target.path) == ticket.identity
        digest = result.content or (ticket.digest if unchanged else "")
        if not digest:
            return result
        whole = result.file.coverage in _WHOLE and not result.notes and not result.beside
        if whole and (result.content or self._still(target, ticket)):
            self._store.put(self._key(target, digest), pack(_moved(result, "", "")))
            if unchanged and digest == ticket.digest:
                self._remember(target.path, ticket)
        return self._stamped(result, digest)

    @staticmethod
    def _still(target: Target, ticket: Ticket) -> bool:
        """Whether a file has the content that it had before it was scanned. A writable mapping changes bytes and no times."""
        if not ticket.settled:
            return False
        try:
            return _digest(target.path) == ticket.digest and _seen(target.path) == ticket.identity
        except OSError:
            return False

    def close(self) -> None:
        """Write what is new."""
        self._store.close()

    def _known(self, data: bytes, target: Target, ticket: Ticket) -> FileResult | None:
        try:
            result = unpack(data)
        except ValueError:
            return None
        if result.notes or result.beside or result.file.coverage not in _WHOLE or result.file.path:
            return None
        if result.file.size != ticket.identity.size:
            return None
        return self._stamped(_moved(result, target.path, ""), ticket.digest)

    def _stamped(self, result: FileResult, digest: str) -> FileResult:
        """With the digest, where it is wanted."""
        if not self._hashing or result.file.coverage is Coverage.UNSUPPORTED or result.file.sha256:
            return result
        return replace(result, file=replace(result.file, sha256=digest))

    def _key(self, target: Target, digest: str) -> bytes:
        name = ArtifactPath(target.path).name
        parts = (self._base, bytes.fromhex(digest), b"named" if target.named else b"met", os.fsencode(name))
        return sha256(b"result\0" + b"\0".join(parts)).digest()

    # -- files that look the same to `stat` ----------------------------------------------------------------------

    def _remembered(self, path: str, identity: Identity) -> str:
        """The digest of a file that was seen before and looks the same; empty when it must be read."""
        data = self._store.get(_place(path)) if self._trust else None
        if data is None:
            return ""
        digest, _, seen = data.decode("ascii", "replace").partition(" ")
        valid = (
            seen == repr(identity) and len(digest) == 64 and all(one in "0123456789abcdef" for one in digest)
        )
        return digest if valid else ""

    def _remember(self, path: str, ticket: Ticket) -> None:
        if self._trust and ticket.settled:
            place = _place(path)
            data = f"{ticket.digest} {ticket.identity!r}".encode()
            if self._store.get(place) != data:
                self._store.put(place, data)


def code() -> str:
    """The digest of this program's own files, so that no other version's results are taken for its own."""
    digest = sha256(f"{__version__} {sys.version_info[:2]}".encode())
    for part in _parts(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))):
        digest.update(part)
    return digest.hexdigest()


def _code_of_plugins(names: Sequence[str]) -> str:
    """The digest of the modules and packages that plug-ins came from, other than what these import."""
    if not names:
        return ""
    from modelwarden.plugins.loading import homes  # few have some

    digest = sha256()
    for home in homes(names):
        for part in _parts(home):
            digest.update(part)
    return digest.hexdigest()


def _parts(home: str) -> Iterator[bytes]:
    """The code in a directory, or of one file: names and digests."""
    if os.path.isfile(home):
        yield _digest(home).encode()
    for directory, inner, files in os.walk(home):
        inner.sort()
        for name in sorted(files):
            if name.endswith(_CODE):
                path = os.path.join(directory, name)
                yield os.fsencode(os.path.relpath(path, home)) + b"\0"
                with open(path, "rb") as opened:
                    yield sha256(opened.read()).digest()


def _shown(settings: Settings) -> str:
    """Every setting but those that make no difference: one that is new makes a difference until it is known not to."""
    names = [name for name in Settings.__annotations__ if name not in _NEUTRAL]
    ceilings = [name for name in Limits.__annotations__ if name not in _CEILINGS]
    shown = [f"{name}={getattr(settings, name)!r}" for name in names]
    return "\n".join(shown + [f"{name}={getattr(settings.limits, name)}" for name in ceilings])


def _identity(status: os.stat_result) -> Identity | None:
    """None for what is no regular file."""
    if not stat.S_ISREG(status.st_mode):
        return None
    return Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _seen(path: str) -> Identity | None:
    """None when it cannot be seen."""
    try:
        return _identity(os.stat(path))
    except OSError:
        return None


def _digest(path: str) -> str:
    with FileSource(path) as source:
        return hashing.sha256(source)


def _place(path: str) -> bytes:
    return sha256(b"seen\0" + os.fsencode(os.path.abspath(path))).digest()


def _moved(result: FileResult, path: str, digest: str) -> FileResult:
    """The same result for a file in another place."""
    return replace(
        result,
        content="",
        file=replace(result.file, path=path, sha256=digest),
        findings=tuple(replace(one, path=ArtifactPath(path, one.path.members)) for one in result.findings),
    )
