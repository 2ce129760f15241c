"""Results of earlier runs: the same report without reading again, and never one that is not this file's own."""

import json
import os
import pickle
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from modelwarden.domain.budget import Limits
from modelwarden.domain.record import replace
from modelwarden.domain.report import Coverage, Report
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.engine import cache as module
from modelwarden.engine.cache import Identity, ResultCache, Ticket
from modelwarden.engine.discover import Target
from modelwarden.engine.file_scan import FileScan
from modelwarden.engine.judge import Judge
from modelwarden.engine.parcel import pack
from modelwarden.engine.result import FileResult
from modelwarden.engine.scan import scan
from modelwarden.engine.store import NAME, Store

EVIL = b"cos\nsystem\n(S'echo hi'\ntR."


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    place = tmp_path / "tree"
    (place / "sub").mkdir(parents=True)
    (place / "evil.pkl").write_bytes(EVIL)
    (place / "good.pkl").write_bytes(pickle.dumps({"a": 1}))
    (place / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    (place / "broken.pkl").write_bytes(b"\x80\x04cos\nsystem\n(S'x'\ntR\xff")
    with zipfile.ZipFile(place / "sub" / "a.zip", "w") as archive:
        archive.writestr("inner.pkl", EVIL)
    return place


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(module, "code", lambda: "the same")
    return Settings(cache_dir=str(tmp_path / "cache"), jobs=1)


class Scanned:
    """Which files were really scanned."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        run = FileScan.run

        def noted(work: FileScan) -> FileResult:
            result = run(work)
            self.names.append(os.path.basename(result.file.path))
            return result

        patch.setattr(FileScan, "run", noted)

    def take(self) -> list[str]:
        names, self.names = sorted(self.names), []
        return names


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> Scanned:
    return Scanned(monkeypatch)


def test_a_second_run_scans_only_what_could_not_be_read_whole(
    tree: Path, settings: Settings, scanned: Scanned
) -> None:
    first = scan([str(tree)], settings)
    assert scanned.take() == ["a.zip", "broken.pkl", "evil.pkl", "good.pkl", "picture.png"]
    second = scan([str(tree)], settings)
    assert scanned.take() == ["broken.pkl"]
    assert first == second == scan([str(tree)], Settings())


@pytest.mark.parametrize("before", [False, True])
def test_digests_are_told_to_those_who_want_them(tree: Path, settings: Settings, before: bool) -> None:
    hashing = replace(settings, hashing=True)
    scan([str(tree)], replace(settings, hashing=before))
    assert scan([str(tree)], hashing) == scan([str(tree)], Settings(hashing=True))
    assert all(file.sha256 == "" for file in scan([str(tree)], settings).files)


def test_a_changed_file_is_scanned_again(tree: Path, settings: Settings, scanned: Scanned) -> None:
    scan([str(tree)], settings)
    scanned.take()
    (tree / "good.pkl").write_bytes(EVIL)
    report = scan([str(tree)], settings)
    assert "good.pkl" in scanned.take()
    assert str(tree / "good.pkl") in {finding.path.file for finding in report.findings}


def test_the_same_content_in_another_place_is_known_under_the_same_name_only(
    tree: Path, settings: Settings, scanned: Scanned
) -> None:
    scan([str(tree)], settings)
    scanned.take()
    moved = tree.rename(tree.with_name("moved"))
    (moved / "evil.json").write_bytes(EVIL)
    report = scan([str(moved)], settings)
    assert scanned.take() == ["broken.pkl", "evil.json"]
    assert all(finding.path.file.startswith(str(moved)) for finding in report.findings)
    assert "MW407" in {one.rule.id for one in report.findings if one.path.file.endswith(".json")}


DIFFERENT: dict[str, dict[str, Any]] = {
    "a limit": {"limits": Limits(depth=3)},
    "a blocked name": {"blacklist": ("good",)},
    "a denied global": {"denied": ("os.system",)},
    "a format left out": {"without": ("zip",)},
}
SAME: dict[str, dict[str, Any]] = {
    "what fails": {"fail_on": Severity.CRITICAL},
    "what is shown": {"min_severity": Severity.WARNING},
    "digests": {"hashing": True},
    "sizes of files": {"limits": Limits(file_bytes=1 << 30, total_bytes=1 << 30)},
    "time": {"timeout": 60.0},
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_settings_that_change_what_is_found_are_told_apart(
    name: str, tree: Path, settings: Settings, scanned: Scanned
) -> None:
    scan([str(tree)], settings)
    scanned.take()
    other = replace(settings, **DIFFERENT[name])
    report = scan([str(tree)], other)
    assert len(scanned.take()) == 5
    assert report == scan([str(tree)], replace(other, cache_dir=""))


@pytest.mark.parametrize("name", SAME)
def test_settings_that_change_nothing_that_is_found_are_not(
    name: str, tree: Path, settings: Settings, scanned: Scanned
) -> None:
    scan([str(tree)], settings)
    scanned.take()
    scan([str(tree)], replace(settings, **SAME[name]))
    assert scanned.take() == ["broken.pkl"]


def test_every_setting_is_told_apart_unless_it_is_listed() -> None:
    shown = {line.partition("=")[0] for line in module._shown(Settings()).splitlines()}
    assert shown == (set(Settings.__annotations__) - module._NEUTRAL) | (
        set(Limits.__annotations__) - set(module._CEILINGS)
    )
    assert set(Settings.__annotations__) >= module._NEUTRAL


def test_a_named_file_of_no_format_is_told_apart_from_one_that_was_met(
    tree: Path, settings: Settings
) -> None:
    scan([str(tree)], settings)
    report = scan([str(tree / "picture.png")], settings)
    assert [note.rule.id for note in report.notes] == ["MW901"]


def test_other_code_of_ours_is_told_apart(
    tree: Path, settings: Settings, scanned: Scanned, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan([str(tree)], settings)
    scanned.take()
    monkeypatch.setattr(module, "code", lambda: "other")
    scan([str(tree)], settings)
    assert len(scanned.take()) == 5


def test_the_code_is_known_by_content() -> None:
    assert module.code() == module.code()
    assert len(module.code()) == 64


def test_what_lies_beside_is_looked_at_every_time(
    tmp_path: Path, settings: Settings, scanned: Scanned
) -> None:
    shard = tmp_path / "model-00001-of-00001.safetensors"
    shard.write_bytes(b"\x02" + bytes(7) + b"{}")
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": {"a": shard.name}}))
    assert scan([str(index)], settings).notes == ()
    scanned.take()
    shard.unlink()
    report = scan([str(index)], settings)
    assert scanned.take() == [index.name]
    assert [note.rule.id for note in report.notes] == ["MW903"]


def _held(settings: Settings) -> int:
    store = Store(settings.cache_dir)
    rows = store.contents().rows
    store.close()
    return rows


@pytest.mark.parametrize(
    ("name", "data", "limits"),
    [
        ("a.pkl", b"\x80\x04cos\nsystem\n(S'x'\ntR\xff", Limits()),
        ("a.pkl", b"cos\nsystem\n)R" + b"K\0000" * 40_000 + b"N.", Limits(opcodes=1)),
        ("a.pkl", EVIL, Limits(file_bytes=3)),
        ("a.h5", b"\x89HDF\r\n\x1a\n" + bytes(50), Limits()),
        (
            "a.pkl",
            b"".join(b"cos\nsystem%d\n)R0" % number for number in range(9)) + b"N.",
            Limits(findings=3),
        ),
    ],
)
def test_incomplete_results_are_not_kept(
    name: str, data: bytes, limits: Limits, tmp_path: Path, settings: Settings
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    report = scan([str(path)], replace(settings, limits=limits))
    assert report.notes
    assert _held(settings) == 0


def test_a_file_that_changes_while_it_is_scanned_is_not_kept(tree: Path, settings: Settings) -> None:
    path = tree / "good.pkl"
    cache = ResultCache(settings)
    target = Target(str(path), named=True)
    ticket = cache.look_up(target)
    assert ticket is not None
    result = FileScan(target, settings, Judge()).run()
    path.write_bytes(EVIL)
    cache.keep(target, ticket, result)
    cache.close()
    assert _held(settings) == 0


def _written_unseen(path: Path, data: bytes) -> None:
    """Like a writable mapping that has not been written back: other bytes, and `stat` says the same."""
    status = path.stat()
    assert len(data) == status.st_size
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


CLEAN = b"cos\ngetcwd\n(S'echo hi'\ntR."


@pytest.mark.parametrize(
    ("large", "back"),
    [(False, False), (False, True), (True, False)],  # large and back: what remains, as docs/cache.md says
)
def test_no_result_is_kept_under_the_digest_of_other_bytes(
    large: bool, back: bool, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has the file mapped can show the hashing other bytes than the scan, while no time moves."""
    monkeypatch.setattr(module, "SETTLED", -1)
    if large:
        monkeypatch.setattr("modelwarden.engine.file_scan.HELD", 5)
    path = tmp_path / "m.pkl"
    path.write_bytes(EVIL)
    cache = ResultCache(settings)
    target = Target(str(path), named=True)
    ticket = cache.look_up(target)
    assert ticket is not None
    identity = ticket.identity

    def seen(_: str) -> Identity:
        return identity

    monkeypatch.setattr(module, "_seen", seen)
    _written_unseen(path, CLEAN)
    result = FileScan(target, settings, Judge(), exact=True).run()
    assert "os.system" not in {one.subject for one in result.findings}
    if back:
        _written_unseen(path, EVIL)
    cache.keep(target, ticket, result)
    cache.close()
    (tmp_path / "else").mkdir()
    other = tmp_path / "else" / "m.pkl"
    other.write_bytes(EVIL)
    assert "os.system" in {one.subject for one in scan([str(other)], settings).findings}
    other.write_bytes(CLEAN)
    assert "os.system" not in {one.subject for one in scan([str(other)], settings).findings}


def test_a_scanned_file_has_the_digest_of_what_was_scanned(tree: Path, settings: Settings) -> None:
    hashing = replace(settings, hashing=True)
    path = tree / "evil.pkl"
    cache = ResultCache(hashing)
    target = Target(str(path), named=True)
    ticket = cache.look_up(target)
    assert ticket is not None
    path.write_bytes(CLEAN)
    result = cache.keep(target, ticket, FileScan(target, settings, Judge(), exact=True).run())
    assert result.file.sha256 == sha256(CLEAN).hexdigest()
    cache.close()


@pytest.mark.parametrize("settled", [False, True])
def test_a_large_file_is_hashed_again_and_must_have_been_left_alone(
    settled: bool, tree: Path, settings: Settings, scanned: Scanned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelwarden.engine.file_scan.HELD", 5)
    monkeypatch.setattr(module, "SETTLED", -1 if settled else 1 << 62)
    path = str(tree / "evil.pkl")
    assert scan([path], settings) == scan([path], settings)
    assert len(scanned.take()) == (1 if settled else 2)


@pytest.mark.parametrize("exact", [False, True])
def test_a_worker_tells_of_which_bytes_its_result_is(
    exact: bool, tree: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[FileResult] = []
    keep = ResultCache.keep

    def noted(cache: ResultCache, target: Target, ticket: Ticket, result: FileResult) -> FileResult:
        told.append(result)
        return keep(cache, target, ticket, result)

    monkeypatch.setattr(ResultCache, "keep", noted)
    monkeypatch.setattr("modelwarden.engine.task.Task.exact", exact)
    scan([str(tree / "evil.pkl"), str(tree / "good.pkl")], replace(settings, jobs=2))
    assert {one.content for one in told} == (
        {sha256((tree / name).read_bytes()).hexdigest() for name in ("evil.pkl", "good.pkl")}
        if exact
        else {""}
    )


def test_a_file_that_vanishes_is_no_error(tree: Path, settings: Settings) -> None:
    path = tree / "good.pkl"
    cache = ResultCache(settings)
    target = Target(str(path), named=True)
    ticket = cache.look_up(target)
    assert ticket is not None
    result = FileScan(target, settings, Judge()).run()
    path.unlink()
    assert cache.keep(target, ticket, result) == result
    assert cache.look_up(target) is None
    cache.close()


PLANTED: dict[str, Any] = {
    "no JSON": b"not json",
    "another rule": "MW101",
    "another path": "path",
    "incomplete": "coverage",
    "another size": "size",
}


@pytest.mark.parametrize("kind", PLANTED)
def test_what_was_not_written_by_us_is_not_believed(
    kind: str, tree: Path, settings: Settings, scanned: Scanned
) -> None:
    clean = scan([str(tree)], settings)
    scanned.take()
    target = Target(str(tree / "evil.pkl"), named=False)
    cache = ResultCache(settings)
    ticket = cache.look_up(target)
    assert ticket is not None
    assert ticket.result is not None
    bare = replace(ticket.result.file, path="", sha256="")
    planted = {
        "no JSON": b"not json",
        "another rule": pack(
            FileResult(file=bare, findings=tuple(
                replace(one, path=replace(one.path, file="")) for one in ticket.result.findings))
        ).replace(b"MW101", b"MW999"),
        "another path": pack(FileResult(file=replace(bare, path="/etc/passwd"))),
        "incomplete": pack(FileResult(file=replace(bare, coverage=Coverage.PARTIAL))),
        "another size": pack(FileResult(file=replace(bare, size=5))),
    }[kind]  # fmt: skip
    cache._store.put(ticket.key, planted)
    cache.close()
    assert scan([str(tree)], settings) == clean
    assert scanned.take() == ["broken.pkl", "evil.pkl"]


def test_a_damaged_cache_is_made_anew(tree: Path, settings: Settings, scanned: Scanned) -> None:
    clean = scan([str(tree)], settings)
    scanned.take()
    (Path(settings.cache_dir) / NAME).write_bytes(b"rubbish" * 3000)
    assert scan([str(tree)], settings) == clean
    assert len(scanned.take()) == 5
    assert scan([str(tree)], settings) == clean
    assert scanned.take() == ["broken.pkl"]


# -- stat instead of hashing ---------------------------------------------------------------------------------------

OPENED = """
import sys
opened = []
tree = sys.argv[2]
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        import os
        opened.append(os.fsdecode(arguments[0]))
sys.addaudithook(note)
from modelwarden.domain.settings import Settings
from modelwarden.engine import cache
from modelwarden.engine.scan import scan
cache.SETTLED = -1
cache.code = lambda: "the same"
report = scan([tree], Settings(cache_dir=sys.argv[1], cache_trust_mtime=sys.argv[3] == "trust", jobs=1))
assert report.findings
print(len([name for name in opened if name.startswith(tree) and not os.path.isdir(name)]))
"""


def opened(tree: Path, settings: Settings, how: str) -> int:
    command = [sys.executable, "-c", "import os\n" + OPENED, settings.cache_dir, str(tree), how]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_an_unchanged_tree_is_opened_for_hashing_only_or_not_at_all(tree: Path, settings: Settings) -> None:
    (tree / "broken.pkl").unlink()
    assert opened(tree, settings, "trust") == 8  # four files, hashed and scanned
    assert opened(tree, settings, "hash") == 4
    assert opened(tree, settings, "trust") == 0
    (tree / "good.pkl").write_bytes(EVIL)
    assert opened(tree, settings, "trust") == 2


def test_a_file_that_changed_just_now_is_not_trusted(
    tree: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = replace(settings, cache_trust_mtime=True)
    hashed: list[str] = []
    digest = module._digest

    def noted(path: str) -> str:
        hashed.append(path)
        return digest(path)

    monkeypatch.setattr(module, "_digest", noted)
    scan([str(tree)], trusting)
    assert len(hashed) == 5
    scan([str(tree)], trusting)
    assert len(hashed) == 10
    monkeypatch.setattr(module, "SETTLED", -1)
    scan([str(tree)], trusting)
    assert len(hashed) == 15
    scan([str(tree)], trusting)
    assert [os.path.basename(path) for path in hashed[15:]] == ["broken.pkl"]


@pytest.mark.skipif(sys.platform == "win32", reason="there the inode and the time of change say little")
def test_the_same_size_and_time_on_another_inode_is_another_file(
    tree: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SETTLED", -1)
    trusting = replace(settings, cache_trust_mtime=True)
    path = tree / "evil.pkl"
    harmless = EVIL.replace(b"system", b"getcwd")
    status = path.stat()
    path.write_bytes(harmless)
    before = scan([str(path)], trusting)
    other = tree / "other"
    other.write_bytes(EVIL)
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    assert path.stat().st_size == status.st_size
    after = scan([str(path)], trusting)
    assert {one.subject for one in before.findings} != {one.subject for one in after.findings}
    assert "os.system" in {one.subject for one in after.findings}


def test_what_is_remembered_of_a_place_is_checked(
    tree: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SETTLED", -1)
    trusting = replace(settings, cache_trust_mtime=True)
    path = str(tree / "evil.pkl")
    expected: Report = scan([path], trusting)
    for planted in (b"", b"\xff\xfe", b"zz" * 32 + b" x", b"00" * 32):
        cache = ResultCache(trusting)
        cache._store.put(module._place(path), planted)
        cache.close()
        assert scan([path], trusting) == expected
