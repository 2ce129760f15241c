"""Headers of 7z archives, and one mutation of each field that could mislead a reader."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.budget import LimitReached
from modelwarden.parsing.seven_zip.header import Malformed, read_header
from tests.corpus.malicious_archives import seven_zip

FILES = {"a.txt": b"hello", "dir/model.pkl": b"payload", "z": b"1"}
ARCHIVE = seven_zip(FILES, modes={"z": 0o120777})
HEADER = ARCHIVE[32 + int.from_bytes(ARCHIVE[12:20], "little") :]


def test_lists_what_is_there() -> None:
    header = read_header(HEADER)
    assert [file.name for file in header.files] == list(FILES)
    assert [file.mode for file in header.files] == [0o100644, 0o100644, 0o120777]
    [parts] = header.streams.parts
    assert [size for size, _ in parts] == [5, 7, 1]
    assert header.streams.sizes == [13]
    assert header.streams.folders[0].size == 13
    assert not header.encoded


def cut(data: bytes) -> bytes:
    return data[:-3]


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return change


MUTATIONS: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda data: b"",
    "another first property": lambda data: b"\2" + data[1:],
    "cut off": cut,
    "a count of folders too large": swap(b"\x0b\1\0", b"\x0b\xbf\xff\0"),
    "a count of streams too large": swap(b"\x0d\3", b"\x0d\xbf\xff"),
    "a count of files too large": swap(b"\5\3\x11", b"\5\xbf\xff\x11"),
    "more names than stand there": swap(b"\5\3\x11", b"\5\4\x11"),
    "files larger than their folder": swap(b"\x09\5\7", b"\x09\x7f\7"),
    "folders elsewhere": swap(b"\x0b\1\0", b"\x0b\1\1"),
    "too many coders": swap(b"\x0b\1\0\1", b"\x0b\1\0\x3f"),
    "an unknown property": swap(b"\1\4\6", b"\1\x1b\6"),
}


@pytest.mark.parametrize("mutation", list(MUTATIONS.values()), ids=list(MUTATIONS))
def test_a_header_that_cannot_be_is_malformed(mutation: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Malformed):
        read_header(mutation(HEADER))


def test_names_of_an_odd_length_or_of_half_characters_are_read() -> None:
    names = HEADER.index(b"\x11") + 1
    odd = (
        HEADER[:names]
        + bytes([HEADER[names] + 1])
        + HEADER[names + 1 :].replace(b"z\0\0\0", b"\0\xd8\0\0\7", 1)
    )
    assert [file.name for file in read_header(odd).files] == ["a.txt", "dir/model.pkl", "\ud800"]


@pytest.mark.parametrize("old", [b"\5\3\x11", b"\x0d\3"])
def test_more_members_than_are_allowed_are_a_limit(old: bytes) -> None:
    with pytest.raises(LimitReached):
        read_header(HEADER, 2)
    with pytest.raises(LimitReached):
        read_header(HEADER.replace(old, old[:1] + b"\xf0\xff\xff\xff\x7f" + old[2:]))


@given(
    st.binary(max_size=80)
    | st.lists(st.tuples(st.integers(0, len(HEADER) - 1), st.integers(0, 255)), min_size=1, max_size=4).map(
        lambda edits: bytes(dict(edits).get(at, byte) for at, byte in enumerate(HEADER))
    )
)
def test_any_bytes_are_a_header_or_malformed(data: bytes) -> None:
    with contextlib.suppress(Malformed, LimitReached):
        read_header(data)
