"""A file of results that outlives a run: keys and bytes in SQLite, bounded, and rebuilt when it is damaged.

Whoever can write to its directory can plant results, so a directory that others can write to is refused, and one of another user
or behind a link is. Damage is found by a checksum for each row, by the kinds of its values and by SQLite itself. Nothing here
makes a scan fail: what cannot be read is not there, what cannot be written is not kept.
"""

import os
import sqlite3
import stat
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import sha256

from modelwarden.domain.record import record
from modelwarden.errors import UserError

NAME = "results.sqlite"
MOST_BYTES = 256 << 20
"""Of all results together; then those go that were used longest ago."""
MOST_ROWS = 1_000_000
_LONGEST = 16 << 20
"""One result that is longer is not kept."""
_HELD = 500
"""So many new rows wait in memory to be written at once."""
_PATIENCE = 5.0
"""Seconds to wait for another run that writes."""
_VERSION = 1
_DAY = 86_400
_TABLE = "CREATE TABLE result (key BLOB PRIMARY KEY, used INTEGER, size INTEGER, proof BLOB, data BLOB)"
_DAMAGED = (
    "(typeof(key) <> 'blob' OR typeof(used) <> 'integer' OR typeof(size) <> 'integer' OR typeof(proof) <> 'blob' "
    f"OR typeof(data) <> 'blob' OR size <> length(data) OR size > {_LONGEST} OR used NOT BETWEEN 0 AND ?)"
)
"""Of a row that nobody here has written. SQLite lets any column hold anything."""
_UNREADABLE = (sqlite3.Error, TypeError, ValueError, OverflowError)
_SCHEMA = {
    ("table", "result", _TABLE),
    ("index", "sqlite_autoindex_result_1", None),
}


@record
class Contents:
    """How many rows there are, how many bytes they hold, and how large the file is."""

    rows: int
    held: int
    on_disk: int


class Damaged(UserError):
    """What is there cannot be read."""

    exit_code = 2


class Store:
    """The rows in `directory`, which is made when it is not there. Raises UserError when it cannot be used."""

    def __init__(self, directory: str) -> None:
        directory = os.path.abspath(directory)  # with a slash at its end, a link would be followed
        self._path = os.path.join(directory, NAME)
        _prepare(directory, self._path)
        self._today = _today()
        self._waiting: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._connection: sqlite3.Connection | None = None
        self._open()

    def get(self, key: bytes) -> bytes | None:
        """What was put under `key`, unchanged, or None."""
        waiting = self._waiting.get(key)
        if waiting is not None or self._connection is None:
            return waiting
        try:
            query = "SELECT used, proof, data FROM result WHERE key = ? AND length(data) <= ?"
            row = self._connection.execute(query, (key, _LONGEST)).fetchone()
        except _UNREADABLE as error:
            self._recover(error)
            return None
        if row is None:
            return None
        used, proof, data = row
        if not isinstance(data, bytes) or proof != _proof(key, data):
            self._forget(key)
            return None
        if used != self._today:
            self._used.add(key)
        return data

    def put(self, key: bytes, data: bytes) -> None:
        """Keep `data` under `key`, from the next `flush` on for others."""
        if len(data) <= _LONGEST:
            self._waiting[key] = data
            if len(self._waiting) >= _HELD:
                self.flush()

    def flush(self) -> None:
        """Write what waits, in one short transaction."""
        waiting, used = self._waiting, self._used
        self._waiting, self._used = {}, set()
        if self._connection is None or not (waiting or used):
            return
        rows = [(key, self._today, len(data), _proof(key, data), data) for key, data in waiting.items()]
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?)", rows)
            self._connection.executemany(
                "UPDATE result SET used = ? WHERE key = ?", [(self._today, key) for key in used]
            )
            self._connection.execute("COMMIT")
        except _UNREADABLE as error:
            self._recover(error)

    def close(self) -> None:
        """Write what waits, drop what is too much, and let go of the file."""
        self.flush()
        if self._connection is not None:
            try:
                self._evict(self._connection)
            except _UNREADABLE as error:
                self._recover(error)
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def contents(self) -> Contents:
        """What is in the file now."""
        rows = held = 0
        if self._connection is not None:
            with suppress(*_UNREADABLE):
                rows, held, _ = _count(self._connection)
        return Contents(rows, held, os.stat(self._path).st_size if os.path.exists(self._path) else 0)

    # -- the file ------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        try:
            self._connection = _connect(self._path)
        except _UNREADABLE as error:
            self._recover(error)

    def _recover(self, error: Exception) -> None:
        """A damaged file is made anew, once; with any other trouble (locked, full, read-only) this run goes on without it."""
        damaged = not isinstance(error, sqlite3.OperationalError)
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
        if damaged:
            with suppress(OSError, sqlite3.Error):
                remove(self._path)
                _create(self._path)
                self._connection = _connect(self._path)

    def _forget(self, key: bytes) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.execute("DELETE FROM result WHERE key = ?", (key,))

    def _evict(self, connection: sqlite3.Connection) -> None:
        """Down to three quarters of the bounds when one is exceeded, the longest unused first."""
        rows, held, damaged = _count(connection)
        if damaged:
            connection.execute(f"DELETE FROM result WHERE {_DAMAGED}", (_today() + 1,))  # noqa: S608  # ours
        if rows <= MOST_ROWS and held <= MOST_BYTES:
            return
        doomed: list[tuple[bytes]] = []
        for key, size in connection.execute("SELECT key, size FROM result ORDER BY used, rowid"):
            if rows <= MOST_ROWS * 3 // 4 and held <= MOST_BYTES * 3 // 4:
                break
            doomed.append((key,))
            rows -= 1
            held -= size
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("DELETE FROM result WHERE key = ?", doomed)
        connection.execute("COMMIT")
        connection.execute("VACUUM")


def inspect(directory: str) -> Contents | None:
    """What is in the store in `directory`, None when it is empty; nothing is changed.

    Raises UserError; Damaged for what is no store, or has rows that nobody here has written.
    """
    directory = os.path.abspath(directory)
    path = os.path.join(directory, NAME)
    try:
        _check(directory, os.lstat(directory), stat.S_ISDIR)
        if not os.path.lexists(path):
            return None
        _check(path, os.lstat(path), stat.S_ISREG)
        on_disk = os.stat(path).st_size
    except OSError as error:
        raise _unusable(directory, error) from error
    if not on_disk:
        return None
    try:
        with closing(_bare(path)) as connection:
            if not _is_ours(connection) or connection.execute("PRAGMA quick_check(1)").fetchall() != [
                ("ok",)
            ]:
                raise sqlite3.DatabaseError("it holds something else")
            rows, held, damaged = _count(connection)
    except sqlite3.OperationalError as error:
        raise UserError(f"the cache in {directory} cannot be read now: {error}") from error
    except _UNREADABLE as error:
        raise Damaged(f"the cache in {directory} is damaged; the next scan makes it anew") from error
    if damaged:
        raise Damaged(
            f"the cache in {directory} is damaged: {damaged:,} of its rows; the next scan drops them"
        )
    return Contents(rows, held, on_disk)


def remove(path: str) -> None:
    """Delete a store and what SQLite keeps beside it. Raises OSError."""
    for ending in ("", "-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.unlink(path + ending)


def _connect(path: str) -> sqlite3.Connection:
    """Raises sqlite3.Error; DatabaseError for a file that is damaged, or that somebody has put something else in."""
    connection = _bare(path)
    try:
        if not _schema(connection):
            connection.execute("BEGIN IMMEDIATE")
            if not _schema(connection):  # another run may have been first
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA user_version = {_VERSION}")
            connection.execute("COMMIT")
        if not _is_ours(connection):
            raise sqlite3.DatabaseError("it holds something else")
    except _UNREADABLE:
        connection.close()
        raise
    return connection


def _bare(path: str) -> sqlite3.Connection:
    """Raises sqlite3.Error."""
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    connection.text_factory = _as_text
    try:
        # The file may be hostile: nothing in its schema may run.
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "synchronous = OFF"):
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _as_text(data: bytes) -> str:
    """Text that is none must not look like a disk that fails."""
    return data.decode("utf-8", "replace")


def _is_ours(connection: sqlite3.Connection) -> bool:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(version == _VERSION and _schema(connection) == _SCHEMA)


def _count(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """How many rows there are, how many bytes they hold, and how many rows are there besides that are damaged."""
    sums = "count(*) - total(broken), total(CASE WHEN broken THEN 0 ELSE size END), total(broken)"
    query = f"SELECT {sums} FROM (SELECT size, {_DAMAGED} AS broken FROM result)"  # noqa: S608  # ours
    rows, held, damaged = connection.execute(query, (_today() + 1,)).fetchone()
    return int(rows), int(held), int(damaged)


def _today() -> int:
    return int(time.time()) // _DAY


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str, str | None]]:
    return set(connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall())


def _proof(key: bytes, data: bytes) -> bytes:
    return sha256(key + data).digest()[:16]


def _prepare(directory: str, path: str) -> None:
    """Raises UserError."""
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
        _check(directory, os.lstat(directory), stat.S_ISDIR)
        if not os.path.lexists(path):
            _create(path)
        _check(path, os.lstat(path), stat.S_ISREG)
    except OSError as error:
        raise _unusable(directory, error) from error


def _unusable(directory: str, error: OSError) -> UserError:
    reason = (error.strerror or type(error).__name__).lower()
    return UserError(f"the cache directory {directory} cannot be used: {reason}")


def _create(path: str) -> None:
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _check(path: str, status: os.stat_result, kind: Callable[[int], bool]) -> None:
    """Whether nobody but us can have written there, as `lstat` tells; root trusts any owner. Raises UserError."""
    if stat.S_ISLNK(status.st_mode):
        raise UserError(f"{path} cannot be used as a cache: it is a link; name the place it leads to")
    if not kind(status.st_mode):
        raise UserError(f"{path} cannot be used as a cache: it is something else")
    if sys.platform != "win32":
        me = os.geteuid()
        for mode, who, letter in ((stat.S_IWOTH, "everybody", "o"), (stat.S_IWGRP, "its group", "g")):
            if status.st_mode & mode:
                raise UserError(f"{path} cannot be used as a cache: {who} can write to it (chmod {letter}-w)")
        if me not in (0, status.st_uid) and status.st_uid != 0:
            raise UserError(f"{path} cannot be used as a cache: it belongs to another user")
