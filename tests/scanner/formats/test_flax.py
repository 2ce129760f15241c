"""Ordinary checkpoints of Flax state nothing; what no checkpoint holds is stated with its place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Call, Gap, How, Patch, Place, Program, Quirk, Shortfall
from modelwarden.domain.value import Global
from modelwarden.formats.flax import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.flax_trees import KERNEL, array, blob, checkpoint, extension, table, text
from tests.corpus.programs import elf

REAL = sorted((Path(__file__).parents[2] / "corpus" / "benign" / "flax").glob("*"))
PICKLE = b"\x80\4cos\nsystem\n\x8c\6echo x\x85R."


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


def gaps(data: bytes) -> list[Shortfall]:
    return [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)]


def children(data: bytes) -> list[tuple[str, bytes]]:
    return [(fact.member, fact.source.read(0, 99)) for fact in facts(data) if isinstance(fact, Child)]


def quirks(data: bytes) -> list[tuple[Quirk, str]]:
    return [(fact.quirk, fact.subject) for fact in facts(data) if isinstance(fact, Anomaly)]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_what_flax_writes_is_known_by_content_and_states_nothing(path: Path) -> None:
    data = path.read_bytes()
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert [fact for fact in facts(data) if not isinstance(fact, Child)] == []


INNOCENTS = {
    "a layer": checkpoint(),
    "words": checkpoint(note=text("import os; os.system('id'); __reduce__")),
    "a scalar": checkpoint(step=extension(3, b"\x93\x90\xa5int32\xc4\4\1\0\0\0")),
    "a complex number": checkpoint(c=extension(2, b"\x92\xcb" + bytes(8) + b"\xcb" + bytes(8))),
    "bfloat16": checkpoint(b=array(bytes(8), "bfloat16", (2, 2))),
    "an empty array": checkpoint(e=array(b"", "float32", (0, 4))),
    "an unknown dtype": checkpoint(e=array(b"123", "float3", (8,))),
    "numbers that begin like a pickle": checkpoint(e=array(b"\x80\2" + bytes(97) + b".")),
    "a chunked array": checkpoint(
        w=table(__msgpack_chunked_array__=b"\xc3", shape=table(), chunks=table(**{"0": KERNEL}))
    ),
    "a moment in time": checkpoint(t=extension(-1, bytes(4))),
    "padding": checkpoint() + bytes(100),
    "a class that is no name": checkpoint(x=table(__class__=b"\1")),
}


@pytest.mark.parametrize("data", list(INNOCENTS.values()), ids=list(INNOCENTS))
def test_an_ordinary_tree_states_nothing(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data), ".msgpack"))
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"plain text, nothing else", b"\xef\xbb\xbfa: 1", b"\x80\4}.", b"\xc3\xa9t\xc3\xa9", bytes(50),
        b"\x89PNG\r\n\x1a\n" * 2,        b"\x81\xa1a", b"\x81\xa1a\1",
    ],
)  # fmt: skip
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"plain text", b"\xef\xbb\xbfa: 1", b"\x80\4}.", b"\xc3\xa9t\xc3\xa9"]
)
def test_the_name_is_not_enough(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".msgpack"))


def test_a_tree_without_arrays_needs_the_name() -> None:
    data = table(a=text("b"))
    assert FORMAT.recognise(Head(MemorySource(data), ".msgpack"))
    assert not FORMAT.recognise(Head(MemorySource(data)))


@pytest.mark.parametrize("key", ["__reduce__", "__setstate__", "__globals__", "__init__"])
def test_keys_that_are_methods_are_stated(key: str) -> None:
    found = facts(checkpoint(x=table(**{key: text("x")})))
    assert [(fact.how, fact.method) for fact in found if isinstance(fact, Patch)] == [(How.SETITEM, key)]


@pytest.mark.parametrize("key", ["__class__", "py/object"])
def test_a_class_that_is_named_is_stated(key: str) -> None:
    found = facts(checkpoint(x=table(**{key: text("os.system")})))
    assert [(fact.callee, fact.how) for fact in found if isinstance(fact, Call)] == [
        (Global("os", "system"), How.CLASS_NAME)
    ]


def test_bytes_are_handed_out_under_their_path() -> None:
    assert children(checkpoint(a=table(b=blob(PICKLE)))) == [("a/b", PICKLE)]


def test_extensions_of_others_are_handed_out() -> None:
    assert children(checkpoint(a=extension(42, PICKLE))) == [("a", PICKLE)]
    assert children(checkpoint(a=extension(2, PICKLE * 2))) == [("a", PICKLE * 2)]


def test_a_pickle_or_program_in_place_of_numbers_is_handed_out() -> None:
    assert children(checkpoint(a=array(PICKLE))) == [("a", PICKLE)]
    assert [name for name, _ in children(checkpoint(a=array(b"#!/bin/sh\n")))] == ["a+0"]
    found = facts(checkpoint(a=array(elf()), b=array(b"\x7fELF" + bytes(60))))
    assert [(fact.kind, fact.place, fact.name) for fact in found if isinstance(fact, Program)] == [
        ("ELF", Place.DATA, "a")
    ]


@pytest.mark.parametrize("dtype", ["object", "O", "|O", "O8", "[('a', 'O')]", "i4,O"])
def test_an_array_of_objects_is_stated_and_handed_out(dtype: str) -> None:
    data = checkpoint(a=array(PICKLE, dtype))
    assert quirks(data) == [(Quirk.OBJECT_ARRAY, "array")]
    assert children(data) == [("a", PICKLE)]


def test_what_follows_the_tree_is_stated_and_handed_out() -> None:
    data = checkpoint() + PICKLE
    assert quirks(data) == [(Quirk.TRAILING_DATA, "end")]
    assert children(data) == [(f"+{len(checkpoint())}", PICKLE)]


def test_what_follows_an_array_is_stated_and_handed_out() -> None:
    data = checkpoint(a=array(b"1234", rest=PICKLE))
    assert quirks(data) == [(Quirk.TRAILING_DATA, "a")]
    assert [content for _, content in children(data)] == [PICKLE]


@pytest.mark.parametrize(
    "data",
    [
        checkpoint()[:-5], checkpoint(a=b"\xc1"), checkpoint(a=b"\xdd\xff\xff\xff\xff"), checkpoint(a=b"\x91" * 1100),
        checkpoint(a=extension(1, b"\x93\x91\1")), checkpoint(a=extension(1, b"\x92\x91\1\xa1a")),
        checkpoint(a=extension(1, b"123")),
        checkpoint(a=array(bytes(7), "float32", (2,))), checkpoint(a=array(b"", "int8", (1 << 31, 1 << 31, 1 << 31))),
        checkpoint(a=array(b"1", shape=(1,) * 15 )[:-1]),
    ],
    ids=[
        "cut", "a byte never used", "count beyond the end", "nested too deeply", "array cut", "array of two", "no array",
        "shape that does not fit", "shape beyond reason", "cut in an array",
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_a_gap(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data), ".msgpack"))
    assert gaps(data) == [Shortfall.MALFORMED]


def test_what_was_seen_before_a_break_stands() -> None:
    found = facts(checkpoint(x=table(__reduce__=text("x")), y=b"\xc1"))
    assert isinstance(found[0], Patch)
    assert isinstance(found[-1], Gap)


def test_children_are_counted() -> None:
    data = checkpoint(**{f"k{index}": blob(PICKLE) for index in range(9)})
    with pytest.raises(LimitReached):
        list(FORMAT.observe(MemorySource(data), Scope(Budget(Limits(members=5)))))


class Sparse:
    """A beginning and very many zeros; counts what is read."""

    def __init__(self, start: bytes, size: int) -> None:
        self.size = size
        self.count = 0
        self._start = start

    def read(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.size - offset))
        self.count += length
        return self._start[offset : offset + length].ljust(length, b"\0")


def test_gigabytes_cost_their_structure() -> None:
    size = 4_000_000_000
    start = table(a=b"")[: -0 or None] + b"\xc9" + (size + 18).to_bytes(4, "big") + b"\1\x93\x91\xce"
    start += size.to_bytes(4, "big") + text("uint8") + b"\xc6" + size.to_bytes(4, "big")
    source = Sparse(start, len(start) + size)
    assert FORMAT.recognise(Head(source))
    assert list(FORMAT.observe(source, Scope())) == []
    assert source.count < 400_000


@given(data=st.binary(max_size=200), place=st.integers(0, 200))
def test_any_mutation_ends(data: bytes, place: int) -> None:
    good = checkpoint(a=blob(PICKLE), b=array(PICKLE, "O"))
    mutated = good[:place] + data + good[place + len(data) // 2 :]
    FORMAT.recognise(Head(MemorySource(mutated), ".msgpack"))
    assert all(isinstance(fact, Anomaly | Gap | Child | Patch | Call) for fact in facts(mutated))
    assert all(isinstance(fact, Anomaly | Gap | Child | Patch | Call) for fact in facts(data))


def test_padding_is_passed_over() -> None:
    data = checkpoint() + bytes(3 << 20) + PICKLE
    assert children(data) == [(f"+{len(data) - len(PICKLE)}", PICKLE)]
