"""The file of results: kept, bounded, shared, and rebuilt when it is damaged; never trusted blindly."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from modelwarden.engine import store as module
from modelwarden.engine.store import NAME, Damaged, Store, inspect
from modelwarden.errors import UserError

KEY, OTHER = b"k" * 32, b"o" * 32
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners are POSIX's")


def reopened(store: Store, place: Path) -> Store:
    store.close()
    return Store(str(place))


def test_what_is_put_is_there_in_the_next_run(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "new" / "cache"))
    assert store.get(KEY) is None
    store.put(KEY, b"one")
    assert store.get(KEY) == b"one"
    store = reopened(store, tmp_path / "new" / "cache")
    assert store.get(KEY) == b"one"
    store.put(KEY, b"two")
    store = reopened(store, tmp_path / "new" / "cache")
    assert store.get(KEY) == b"two"
    assert store.contents().rows == 1
    store.close()


def test_a_row_that_was_changed_is_forgotten(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.put(KEY, b"one")
    store.put(OTHER, b"other")
    store.close()
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("UPDATE result SET data = ? WHERE key = ?", (b"0ne", KEY))
    connection.close()
    store = Store(str(tmp_path))
    assert store.get(KEY) is None
    assert store.get(OTHER) == b"other"
    assert store.contents().rows == 1
    store.close()


@pytest.mark.parametrize("value", [None, 5, "text"])
def test_a_row_of_another_type_is_forgotten(tmp_path: Path, value: object) -> None:
    store = Store(str(tmp_path))
    store.put(KEY, b"one")
    store.close()
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("UPDATE result SET data = ?", (value,))
    connection.close()
    store = Store(str(tmp_path))
    assert store.get(KEY) is None
    store.close()


HUGE = "UPDATE result SET size = 1000000000000000 WHERE key = ?"
DOCTORED = {
    "sizes": [HUGE, "UPDATE result SET size = 'abc' WHERE key <> ?"],
    "endless": ["UPDATE result SET size = 9e999 WHERE key = ?"],
    "negative": ["UPDATE result SET size = -9223372036854775808 WHERE key = ?"],
    "none": ["UPDATE result SET size = NULL, used = NULL WHERE key = ?"],
    "never": ["UPDATE result SET used = 9223372036854775807 WHERE key = ?"],
    "texts": ["UPDATE result SET used = 'x', proof = 'y', data = CAST(x'ff00fe' AS TEXT) WHERE key = ?"],
    "keys": ["UPDATE result SET key = 'k' WHERE key = ?"],
    "no keys": ["UPDATE result SET key = NULL WHERE key = ?"],
    "long": ["UPDATE result SET data = zeroblob(20000000), size = 20000000 WHERE key = ?"],
}


@pytest.mark.parametrize("kind", DOCTORED)
def test_rows_that_nobody_here_has_written_are_dropped(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path))
    store.put(KEY, b"one")
    store.put(OTHER, b"other")
    store.close()
    with sqlite3.connect(tmp_path / NAME) as connection:
        for statement in DOCTORED[kind]:
            connection.execute(statement, (KEY,))
    connection.close()
    with pytest.raises(Damaged, match="of its rows"):
        inspect(str(tmp_path))
    monkeypatch.setattr(module, "MOST_ROWS", 1)
    store = Store(str(tmp_path))
    assert store.get(KEY) in (None, b"one")
    assert store.get(OTHER) in (None, b"other")
    store.contents()
    store.put(b"n" * 32, b"new")
    store.close()
    assert inspect(str(tmp_path)) is not None
    store = Store(str(tmp_path))
    assert store.contents().rows <= 1
    store.close()


def test_looking_changes_nothing(tmp_path: Path) -> None:
    assert inspect(str(tmp_path)) is None
    assert list(tmp_path.iterdir()) == []
    path = tmp_path / NAME
    path.touch(mode=0o600)
    assert inspect(str(tmp_path)) is None
    path.write_bytes(b"this is no database, and long enough to be looked at" * 100)
    before = path.read_bytes()
    with pytest.raises(Damaged):
        inspect(str(tmp_path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["text", "middle", "cut", "empty"])
def test_a_damaged_file_is_rebuilt(tmp_path: Path, damage: str) -> None:
    store = Store(str(tmp_path))
    for number in range(200):
        store.put(bytes([number]) * 32, bytes(2000))
    store.close()
    path = tmp_path / NAME
    data = path.read_bytes()
    path.write_bytes(
        {
            "text": b"this is no database, and long enough to be looked at" * 100,
            "middle": data[:4000] + b"\xff" * 60_000 + data[64_000:],
            "cut": data[: len(data) // 3],
            "empty": b"",
        }[damage]
    )
    store = Store(str(tmp_path))
    for number in range(200):
        assert store.get(bytes([number]) * 32) in (None, bytes(2000))
    store.put(KEY, b"new")
    store = reopened(store, tmp_path)
    assert store.get(KEY) == b"new"
    store.close()


def test_a_database_of_somebody_else_is_not_believed(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute(
            "CREATE TABLE result (key BLOB PRIMARY KEY, used INTEGER, size INTEGER, proof BLOB, data BLOB)"
        )
        connection.execute(
            "CREATE TRIGGER planted AFTER INSERT ON result BEGIN DELETE FROM result WHERE key <> new.key; END"
        )
    connection.close()
    store = Store(str(tmp_path))
    store.put(KEY, b"one")
    store.put(OTHER, b"other")
    store = reopened(store, tmp_path)
    assert (store.get(KEY), store.get(OTHER)) == (b"one", b"other")
    store.close()


def test_what_was_used_longest_ago_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0 * 86_400
    monkeypatch.setattr(module, "MOST_ROWS", 8)
    monkeypatch.setattr("modelwarden.engine.store.time.time", lambda: now)
    store = Store(str(tmp_path))
    for number in range(8):
        store.put(bytes([number]) * 32, b"x")
    store.close()
    now += 86_400
    store = Store(str(tmp_path))
    assert store.get(bytes([0]) * 32) == b"x"
    store.put(KEY, b"new")
    store = reopened(store, tmp_path)
    assert store.get(KEY) == b"new"
    assert store.get(bytes([0]) * 32) == b"x"
    assert store.get(bytes([1]) * 32) is None
    assert store.contents().rows == 6
    store.close()


def test_bytes_are_bounded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10_000)
    store = Store(str(tmp_path))
    for number in range(20):
        store.put(bytes([number]) * 32, bytes(1000))
    store = reopened(store, tmp_path)
    assert store.contents().held <= 10_000
    store.close()


def test_a_result_beyond_reason_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 10)
    store = Store(str(tmp_path))
    store.put(KEY, bytes(11))
    assert store.get(KEY) is None
    store.close()


def test_a_locked_file_costs_nothing_but_the_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    store = Store(str(tmp_path))
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store.put(KEY, b"one")
    store.close()
    other.execute("ROLLBACK")
    other.close()
    store = Store(str(tmp_path))
    assert store.get(KEY) is None
    store.close()


WRITER = """
import sys
from modelwarden.engine.store import Store
store = Store(sys.argv[1])
for number in range(300):
    store.put((sys.argv[2] + str(number)).encode().ljust(32), b"x" * 500)
    if number % 20 == 0:
        store.flush()
store.close()
"""


def test_runs_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    runs = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "c"), name], env=environment)
        for name in ("a", "b", "c")
    ]
    assert [run.wait() for run in runs] == [0, 0, 0]
    store = Store(str(tmp_path / "c"))
    assert store.contents().rows == 900
    assert store.get(b"b299".ljust(32)) == b"x" * 500
    store.close()


@POSIX
def test_the_file_is_nobody_elses_business(tmp_path: Path) -> None:
    Store(str(tmp_path / "c")).close()
    assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "c" / NAME).stat().st_mode) == 0o600


@POSIX
def test_a_directory_that_everybody_can_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(UserError, match="everybody can write to it"):
        Store(str(tmp_path))


@POSIX
def test_a_file_that_everybody_can_write_to_is_refused(tmp_path: Path) -> None:
    Store(str(tmp_path)).close()
    (tmp_path / NAME).chmod(0o666)
    with pytest.raises(UserError, match="everybody can write to it"):
        Store(str(tmp_path))


@POSIX
def test_a_directory_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1000)
    if owner:
        with pytest.raises(UserError, match="belongs to another user"):
            Store(str(tmp_path))
    else:
        Store(str(tmp_path)).close()  # what is root's could not be trusted less


@POSIX
def test_a_directory_or_file_that_its_group_can_write_to_is_refused(tmp_path: Path) -> None:
    Store(str(tmp_path)).close()
    (tmp_path / NAME).chmod(0o660)
    with pytest.raises(UserError, match=r"its group can write to it \(chmod g-w\)"):
        Store(str(tmp_path))
    (tmp_path / NAME).chmod(0o600)
    tmp_path.chmod(0o770)
    with pytest.raises(UserError, match=r"its group can write to it \(chmod g-w\)"):
        Store(str(tmp_path))


@POSIX
@pytest.mark.parametrize("ending", ["", "/", "/.", "//"])
def test_a_linked_directory_is_refused(tmp_path: Path, ending: str) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(UserError, match="it is a link"):
        Store(str(tmp_path / "link") + ending)
    assert list((tmp_path / "real").iterdir()) == []


@POSIX
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"precious")
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="it is a link"):
        Store(str(tmp_path))
    assert (tmp_path / "elsewhere").read_bytes() == b"precious"


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match="cannot be used"):
        Store(str(tmp_path / "file"))
