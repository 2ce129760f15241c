"""Each limit, met by a real file: a note says what was left unread, and what was seen before stands."""

import io
import json
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import msgpack
import pytest

from modelwarden.domain.budget import Limits
from modelwarden.domain.limits import LIMITS
from modelwarden.domain.report import Coverage, Report
from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan
from modelwarden.engine.verdict import verdict
from modelwarden.source import inflate

EVIL = b"cos\nsystem\n(S'echo hi'\ntR."


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def nested(depth: int) -> bytes:
    data = EVIL
    for _ in range(depth):
        data = zipped({"inner.zip": data})
    return data


def safetensors() -> bytes:
    header = json.dumps({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(4)


def opcodes() -> bytes:
    """A pickle that calls something at its start, holds 100,000 opcodes, and calls something at its end."""
    return b"cos\nsystem\n(S'echo hi'\ntR0" + b"K\0000" * 50_000 + b"cos\nremove\n(S'x'\ntR."


def memo() -> bytes:
    return b"ccollections\nOrderedDict\n)R0" + b"".join(
        b"X" + struct.pack("<I", 1000) + b"%01000d" % number + b"\x940" for number in range(400)
    ) + EVIL  # fmt: skip


def many() -> bytes:
    return b"".join(b"cos\nsystem%d\n)R0" % number for number in range(20)) + b"N."


def scanned(place: Path, name: str, data: bytes, **limits: int) -> Report:
    path = place / name
    path.write_bytes(data)
    return scan([str(path)], Settings(limits=Limits(**limits)))


CASES: dict[str, tuple[str, Callable[[], bytes], int, str]] = {
    "depth": ("a.zip", lambda: nested(4), 2, "it is nested more than 2 levels deep: it was not read"),
    "members": (
        "a.zip",
        lambda: zipped({f"m{number}": b"x" for number in range(9)}),
        5,
        "the archive holds more than 5 members: the rest was not read",
    ),
    "expanded_bytes": (
        "a.pkl.z",
        lambda: zlib.compress(EVIL + bytes(9 << 20)),
        3 << 20,
        "it holds more bytes than are allowed; ",
    ),
    "text_bytes": (
        "a.safetensors",
        safetensors,
        20,
        "a header of 60 bytes is too long: none of it was read",
    ),
    "searched_bytes": (
        "a.xml",
        lambda: b"<net><layers>" + b'<layer name="a" type="Const"/>' * 9000 + b"</layers></net>",
        1 << 16,
        "only the first 131,072 of 270,028 bytes were read",
    ),
    "values": (
        "a.msgpack",
        lambda: msgpack.packb({"params": {"w": list(range(100))}}),
        50,
        "more than 50 values: only ",
    ),
    "pickle_memory": (
        "a.pkl",
        memo,
        100_000,
        "the pickle needs more than 100,000 bytes on the stack and in the memo: its last ",
    ),
    "opcodes": ("a.pkl", opcodes, 1000, "the pickle needs more than 1,000 opcodes: its last "),
    "findings": ("a.pkl", many, 5, "more findings than the 5 that are kept"),
    "file_bytes": ("a.pkl", lambda: EVIL, 5, "none of its 26 bytes were read: a file may have 5 bytes"),
    "total_bytes": (
        "a.pkl",
        lambda: EVIL,
        5,
        "none of its 26 bytes were read: all files together may have 5 bytes",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_limit_that_is_met_is_said_and_makes_the_result_incomplete(name: str, tmp_path: Path) -> None:
    file, data, value, message = CASES[name]
    report = scanned(tmp_path, file, data(), **{name: value})
    said = [(note.rule.id, note.message) for note in report.notes]
    assert any(
        message in text and rule == ("MW906" if name == "findings" else "MW902") for rule, text in said
    ), said
    assert not report.complete
    assert verdict(report, Settings(fail_on=None)) == 2
    if name != "findings":
        assert report.files[0].coverage in (Coverage.PARTIAL, Coverage.FAILED)


@pytest.mark.parametrize("name", CASES)
def test_the_same_file_is_read_whole_without_the_limit(name: str, tmp_path: Path) -> None:
    file, data, _, _ = CASES[name]
    report = scanned(tmp_path, file, data())
    assert report.notes == ()


def test_growth_beyond_reason_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "RATIO_FLOOR", 1 << 20)
    report = scanned(tmp_path, "a.pkl.z", zlib.compress(EVIL + bytes(8 << 20), 9), expansion_ratio=100)
    [note] = [note for note in report.notes if note.rule.id == "MW902"]
    assert "what would come after them was not read" in note.message
    assert "MW101" in {finding.rule.id for finding in report.findings}


def test_memory_for_members_changes_nothing_that_is_found(tmp_path: Path) -> None:
    data = zipped({"data.pkl": b"\x80\x04]\x94(" + b"K\x01" * 40_000 + b"e0" + EVIL})
    little, much = (scanned(tmp_path, "a.zip", data, inline_bytes=size) for size in (1, 8 << 20))
    assert little == much
    assert little.notes == ()
    assert "MW101" in {finding.rule.id for finding in little.findings}


def test_every_limit_has_a_test_here() -> None:
    assert {limit.name for limit in LIMITS} - CASES.keys() == {"expansion_ratio", "inline_bytes"}


def test_what_was_seen_before_and_what_is_imported_behind_a_limit_is_found(tmp_path: Path) -> None:
    report = scanned(tmp_path, "a.pkl", opcodes(), opcodes=1000)
    assert {finding.subject for finding in report.findings} >= {"os.system", "os.remove"}


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("config.json", b'{"auto_map": {"A": "b--c.D"}, "x": "' + b"y" * 900 + b'"}', "bytes of JSON are too long to be parsed"),
        ("hparams.yaml", b"a: !!python/object/apply:os.system [x]\nb: " + b"y" * 900, "bytes of YAML are too long to be parsed"),
        ("code.py", b"op_version_set = 1\ndef f(x: Tensor):\n" + b"  torch.save(x)\n" * 90, "of code the first 250 were read"),
    ],
)  # fmt: skip
def test_longer_texts_say_so(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    data = zipped({name: data}) if name.endswith(".py") else data
    archive = scanned(
        tmp_path, "a.zip" if name.endswith(".py") else name, data, text_bytes=1000 if "py" in name else 500
    )
    assert any(message in note.message for note in archive.notes), archive.notes


def test_files_below_the_limit_are_read_and_the_others_named(tmp_path: Path) -> None:
    for name, size in (("a.pkl", 10), ("b.pkl", 4000), ("c.bin", 5000), ("d.pkl", 10)):
        (tmp_path / name).write_bytes(pickle.dumps(b"x" * size))
    report = scan([str(tmp_path)], Settings(limits=Limits(file_bytes=1000)))
    assert [Path(note.path.file).name for note in report.notes] == ["b.pkl", "c.bin"]
    assert [file.coverage for file in report.files] == [
        Coverage.COMPLETE, Coverage.FAILED, Coverage.FAILED, Coverage.COMPLETE,
    ]  # fmt: skip
    assert report.files[1].size == (tmp_path / "b.pkl").stat().st_size


def test_beyond_the_total_nothing_is_read_however_small(tmp_path: Path) -> None:
    for name, size in (("a.pkl", 10), ("b.pkl", 4000), ("c.pkl", 1)):
        (tmp_path / name).write_bytes(pickle.dumps(b"x" * size))
    report = scan([str(tmp_path)], Settings(limits=Limits(total_bytes=1000)))
    assert [Path(note.path.file).name for note in report.notes] == ["b.pkl", "c.pkl"]
    assert {note.rule.id for note in report.notes} == {"MW902"}


def test_a_limit_exactly_met_is_no_limit_exceeded(tmp_path: Path) -> None:
    size = len(EVIL)
    report = scanned(tmp_path, "a.pkl", EVIL, file_bytes=size, total_bytes=size)
    assert report.notes == ()


@pytest.mark.parametrize("first", [b"P", b"p", b"g"])
def test_the_header_of_another_format_is_not_read_on_for_gigabytes_as_a_line_of_a_pickle(
    first: bytes, tmp_path: Path
) -> None:
    size = 1 << 36
    header = json.dumps({"a": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    path = tmp_path / "a.safetensors"
    with path.open("wb") as file:
        file.write(struct.pack("<Q", first[0]) + header.ljust(first[0]))
        file.truncate(8 + first[0] + size)
    report = scan([str(path)], Settings(timeout=60.0))
    assert report.files[0].formats == ("safetensors",)
    assert report.notes == ()
