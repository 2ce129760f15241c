"""The index of formats: what it says of a format before loading it agrees with the format."""

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modelwarden.domain.format import Format, Head
from modelwarden.engine.identify import identify
from modelwarden.formats import FORMATS, INDEX, Entry, candidates, load
from modelwarden.source.memory import MemorySource

CORPUS = Path(__file__).parents[2] / "corpus"
SUFFIXES = sorted(
    {"", ".bin", ".cgi", ".data-00000-of-00001", ".in", ".md", ".meta", ".py", ".tlz", ".txt", ".xz", ".z"}
    | {suffix for entry in INDEX for suffix in (*entry.suffixes, *entry.ambiguous_suffixes)}
)
PREFIXES = [
    *b"\x80\x02 \x80\x04 cos ( PK\x03\x04 PK\x07\x08PK PK00PK \x93NUMPY \x1f\x8b\x08 BZh91AY&SY \xfd7zXZ\0 ]\0\0".split(b" "),
    *b"\x28\xb5\x2f\xfd \x50\x2a\x4d\x18 \x04\x22\x4d\x18 7z\xbc\xaf\x27\x1c Rar!\x1a\x07\0 RE~^ \x1f\x9d LZIP\x01".split(b" "),
    *b"ZF0x10 ptrt ftrt <?xml <PMML <net \x4c\x6f\xa7\x94\x93 \xff\xfe<\0 \xfe\xff\0< \x7fELF MZ \xcf\xfa\xed\xfe".split(b" "),
    *b"GGUF ggml lmgg tjgg asgg jartsr=' APEDBG=' tree\nnum_class=1\n \x81\xa1a \xde\0\x10\xa1 CBM1 070701".split(b" "),
    *(b"\x02\x21\x4c\x18\0\0\0\0\x01", b"\x89HDF\r\n\x1a\n", b"\x0c\xdb\x3a\x2a", b"binf", b"#!/bin/sh\n", b"\xdf\0\0\0\1\xa1"),
    *(b"MSCF", b"version https://git-lfs.github.com/spec/v1", b'{"schemaVersion": 2, "layers": [{"digest"'),
    *(b'[{"Config": 1, "Layers"', b'{"class_name": "A", "config": {}}', b'{"zarr_format": 2}', b"\xef\xbb\xbf {", b" \n[1"),
    *(b"[\0\0\0", b"{i\x07learner{", b"import os\n", b"outs:\n- md5: 1\n  path: a\n", b"[section]\n", b"numpy==1\n"),
    *(b"!!python/name:a.b", b"flavors:\n  python_function:\n", b"_target_: a.b\n", b"saved_model_schema_version: 1"),
    *(b"# c\n\nnode {\n op: ", b" \x0c\x0bversion: 1 node {", b"\x08\x01\x12", b"\x0a\x00", b"\x12\x00", b"\x22\x00"),
    *(b'model_checkpoint_path: "', b"{{ a }}", b"def f(Tensor)", b"\0\0\0\0TFL3", b"\0\0\0"),
]  # fmt: skip
ENDS = [b"", b"PK\x05\x06" + bytes(18), bytes.fromhex("57fb808b247547db"), b"PK\x06\x06"]


@cache
def samples() -> list[tuple[bytes, str]]:
    """The files of the corpus, each as long as a head and a tail can see, with the suffix."""
    return [
        (path.read_bytes(), path.suffix.lower()) for path in sorted(CORPUS.glob("*/**/*")) if path.is_file()
    ]


def eagerly(head: Head, expected: str = "") -> tuple[Format, ...]:
    """What `identify` finds when every format is asked."""
    found = [form for form in FORMATS if form.name == expected or form.recognise(head)]
    refined = {name for form in found for name in form.refines}
    return tuple(form for form in found if form.name not in refined)


def missed(data: bytes, suffix: str) -> list[str]:
    """The formats that would recognise the bytes if they were asked."""
    head = Head(MemorySource(data), suffix)
    return [entry.name for entry in INDEX if not entry.possible(head) and load(entry.name).recognise(head)]


each_entry = pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry.name)


@each_entry
def test_a_line_of_the_index_says_what_the_format_says(entry: Entry) -> None:
    form = load(entry.name)
    assert entry.name == form.name
    assert (entry.suffixes, entry.ambiguous_suffixes) == (form.suffixes, form.ambiguous_suffixes)
    assert entry.runs_code == form.runs_code


def test_the_formats_are_those_of_the_index_in_its_order() -> None:
    assert [form.name for form in FORMATS] == [entry.name for entry in INDEX]
    assert FORMATS[-1] is FORMATS[len(FORMATS) - 1]
    assert [form.name for form in FORMATS[:2]] == ["pickle", "pytorch-legacy"]


def test_no_file_of_the_corpus_is_identified_otherwise() -> None:
    assert len(samples()) > 1000
    for data, suffix in samples():
        head = Head(MemorySource(data), suffix)
        assert identify(head) == eagerly(head)
        assert identify(Head(MemorySource(data)), "npy") == eagerly(Head(MemorySource(data)), "npy")


def test_nor_is_a_damaged_one_or_one_of_another_name() -> None:
    chance = random.Random(6)
    for data, _ in samples():
        head = bytearray(data[:65_536])
        for _ in range(min(3, len(head))):
            head[chance.randrange(min(len(head), 600))] = chance.randrange(256)
        cut = chance.randrange(len(data) + 1)
        for other in (bytes(head), data[cut:], data[:cut], bytes(chance.randrange(1, 20)) + data):
            assert missed(other, chance.choice(SUFFIXES)) == []


def test_every_format_is_left_alone_by_some_bytes_or_is_asked_always() -> None:
    quiet = {entry.name for entry in INDEX if not entry.possible(Head(MemorySource(b"\x80\x04N."), ".pkl"))}
    assert {entry.name for entry in INDEX} - quiet == {"pickle"}
    assert [form.name for form in candidates(Head(MemorySource(b"\x80\x04N.")), "npy")] == ["pickle", "npy"]


@given(
    st.sampled_from(PREFIXES),
    st.binary(max_size=700),
    st.sampled_from(ENDS),
    st.sampled_from(SUFFIXES),
)
@example(b"", b"", b"", "")
def test_no_bytes_are_missed(prefix: bytes, rest: bytes, end: bytes, suffix: str) -> None:
    assert missed(prefix + rest + end, suffix) == []
    assert missed(rest + prefix + end, suffix) == []
