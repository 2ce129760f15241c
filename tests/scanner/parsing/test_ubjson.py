"""UBJSON is walked by its structure; counts and lengths are held against the bytes that are there."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.ubjson import DEEPEST, Broken, TooMany, Walk
from modelwarden.source.memory import MemorySource


def end(data: bytes) -> int:
    return Walk(MemorySource(data)).run()


@pytest.mark.parametrize(
    "data",
    [
        b"Z", b"T", b"i\1", b"D" + bytes(8), b"Si\3abc", b"SL" + bytes(7) + b"\1a", b"[]", b"{}", b"[[][]]", b"[#i\0", b"[#i\2TF",
        b"[$i#i\3abc", b"[$D#L" + bytes(8), b"{i\1aT}", b"{i\1a[#i\0i\1b{}}", b"{#i\1i\1aT", b"[{#i\0[#i\0]", b"[[#i\2[][]Z]",
    ],
)  # fmt: skip
def test_walks_to_the_end(data: bytes) -> None:
    assert end(data) == len(data)
    assert end(data + b"\xff" * 10) == len(data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"?", b"i", b"S", b"Si\5abc", b"Si\xff", b"SZ", b"[", b"[T", b"{i\1a", b"{Z", b"[$i", b"[$iT", b"[$S#i\1",
        b"[#i\x7f",        b"[$D#L\x7f" + b"\xff" * 7, b"{$i#i\1i\1a\1", b"[" * (DEEPEST + 2),
    ],
    ids=[
        "nothing", "no marker", "payload cut", "length cut", "text behind the end", "negative length", "length of another type",
        "open", "open with a value", "key without value", "key of another type", "type alone", "type without count",
        "type without length", "count beyond the end", "overflow", "object of one type", "nested too deeply",
    ],
)  # fmt: skip
def test_what_does_not_fit_breaks(data: bytes) -> None:
    with pytest.raises(Broken):
        end(data)


def test_there_is_an_end_to_values() -> None:
    with pytest.raises(TooMany):
        Walk(MemorySource(b"[" + b"Z" * 20 + b"]"), 10).run()


@given(st.binary(max_size=100), st.sampled_from([b"", b"[", b"{", b"[#i\3", b"{i\1a[$"]))
def test_any_bytes_end(data: bytes, start: bytes) -> None:
    with suppress(Broken):
        assert end(start + data) <= len(start + data)
