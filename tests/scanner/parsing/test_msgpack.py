"""MessagePack is walked by its structure; counts and lengths are held against the bytes that are there."""

from contextlib import suppress
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.msgpack import DEEPEST, Broken, TooMany, Walk
from modelwarden.source.memory import MemorySource


def kinds(data: bytes) -> list[str]:
    return [value.kind for value in Walk(MemorySource(data))]


def walked(data: bytes) -> int:
    walk = Walk(MemorySource(data))
    for _ in walk:
        pass
    return walk.offset


LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=40) | st.binary(max_size=300)
    | st.builds(msgpack.ExtType, st.integers(0, 127), st.binary(max_size=20))
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=5), inner, max_size=20),
    max_leaves=60,
)


@given(TREES)
def test_walks_whatever_the_library_writes(tree: Any) -> None:
    data = msgpack.packb(tree)
    assert walked(data) == len(data)
    assert walked(data + b"\xc1\xc1") == len(data)


def test_tells_kinds_places_and_paths() -> None:
    data = msgpack.packb(
        {"a": [1, "xyz", b"\0" * 300, None, True, 1.5], "b": {"c": msgpack.ExtType(5, b"1234")}}
    )
    walk = Walk(MemorySource(data))
    seen = [(value.kind, value.is_key, walk.path()) for value in walk]
    assert seen == [
        ("map", False, ""), ("str", True, "a"), ("array", False, "a"), ("int", False, "a"), ("str", False, "a"),
        ("bin", False, "a"), ("nil", False, "a"), ("bool", False, "a"), ("float", False, "a"), ("str", True, "b"),
        ("map", False, "b"), ("str", True, "b/c"), ("ext", False, "b/c"),
    ]  # fmt: skip
    last = [value for value in Walk(MemorySource(data)) if value.kind == "ext"]
    assert [(data[one.offset : one.offset + one.length], one.code) for one in last] == [(b"1234", 5)]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xc1", b"\xa5abc", b"\xd9", b"\xd9\x05abc", b"\xc4\xff", b"\xc9\xff\xff\xff\xff\1", b"\xc7\1", b"\x92\1",
        b"\xdd\xff\xff\xff\xff\1\1", b"\xdf\x7f\xff\xff\xff", b"\x81\xa1a", b"\xcb\0\0", b"\x91" * (DEEPEST + 2) + b"\1",
    ],
    ids=[
        "nothing", "never used", "text too short", "length cut", "text behind the end", "bytes behind the end",
        "extension of 4 GiB", "extension without type", "array too short", "array of 4 billion", "map of 2 billion",
        "key without value", "float cut", "nested too deeply",
    ],
)  # fmt: skip
def test_what_does_not_fit_breaks(data: bytes) -> None:
    with pytest.raises(Broken):
        kinds(data)


def test_there_is_an_end_to_values() -> None:
    with pytest.raises(TooMany):
        list(Walk(MemorySource(b"\x9f" + bytes(15)), most=10))


@given(st.binary(max_size=200))
def test_any_bytes_end(data: bytes) -> None:
    with suppress(Broken):
        assert walked(data) <= len(data)
