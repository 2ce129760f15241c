"""Texts whose loaders pass by blanks and comments are recognised behind more of them than a head holds."""

import pytest

from modelwarden.domain.format import Head
from modelwarden.engine.identify import identify
from modelwarden.formats import INDEX
from modelwarden.source.memory import MemorySource

COMMENTS = b"# " + b"c" * 98 + b"\n"
BLANKS = b" " * 5000
LINES = b"\n" * 5000
LATE = [
    ("dvc", ".dvc", COMMENTS * 60 + b"outs:\n- md5: 4d4d\n  size: 1\n  path: model.bin\n"),
    ("ini", ".cfg", COMMENTS * 60 + b"[handler_a]\nclass = os.system\nargs = ('id',)\n"),
    ("ini", ".ini", COMMENTS * 30_000 + b"[handler_a]\nclass = os.system\n"),
    ("orbax", "", BLANKS + b'{"item_handlers": "a.b"}'),
    ("orbax", "", b'{"x": "' + b"y" * 5000 + b'", "item_handlers": {"state": "a.b"}}'),
    ("orbax", ".json", ' {"item_handlers": "a.b"}'.encode("utf-16")),
    ("xml", ".xml", b"<!--" + b"c" * 5000 + b'--><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("xml", ".xml", LINES + b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("pmml", ".xml", LINES + b'<PMML version="4.4"></PMML>'),
    ("openvino", ".xml", LINES + b'<net name="a" version="11"><layers></layers></net>'),
    ("yaml", "", COMMENTS * 60 + b"flavors:\n  python_function:\n    loader_module: a.b\n"),
    ("yaml", "", b"artifact_path: " + b"x" * 5000 + b"\nflavors:\n  python_function:\n    loader_module: a.b\n"),
    ("yaml", "", COMMENTS * 60 + b"_target_: os.system\n"),
    ("yaml", ".conf2", COMMENTS * 60 + b"!!python/object/apply:os.system [id]\n"),
    ("yaml", ".dat", LINES + b"!!python/object/apply:os.system [id]\n"),
    ("yaml", ".dat", b"#".ljust(5000, b"c") + b"\n!!python/object/apply:os.system [id]\n"),
    ("yaml", ".dat", b"#".ljust(4090, b"c") + b"\n!!python/object/apply:os.system [id]\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "suffix", "data"), LATE, ids=[f"{name}{suffix}" for name, suffix, _ in LATE]
)
def test_what_stands_behind_blanks_or_comments_is_recognised(name: str, suffix: str, data: bytes) -> None:
    assert name in [form.name for form in identify(Head(MemorySource(data), suffix))]


@pytest.mark.parametrize("suffix", ["", ".bin", ".md", ".html"])
@pytest.mark.parametrize(
    "data",
    [
        bytes(9000), BLANKS, LINES, LINES + b"text", COMMENTS * 60, COMMENTS * 60 + b"text\n", b"\xff\xfe" * 4000,
        b"<!--" + b"c" * 5000 + b"--><html></html>",
    ],
)  # fmt: skip
def test_other_long_beginnings_are_nothing(data: bytes, suffix: str) -> None:
    found = {form.name for form in identify(Head(MemorySource(data), suffix))}
    assert found <= {"json"} if not data.strip() else not found


def test_most_files_ask_none_of_them() -> None:
    asked = {
        entry.name
        for entry in INDEX
        if entry.possible(Head(MemorySource(b"\x80\x04N.\1\2\3" * 3000), ".pkl"))
    }
    assert asked <= {"pickle", "hdf5", "tar"}
