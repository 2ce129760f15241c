"""Checkpoints: the table of an index, shards by their name, the file that names the latest one."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall
from modelwarden.formats.tensorflow_checkpoint import FORMAT
from modelwarden.source.memory import MemorySource
from tests.scanner.parsing.tensorflow.messages import field, varint

CORPUS = Path(__file__).parents[2] / "corpus/benign/tensorflow"
MAGIC = bytes.fromhex("57fb808b247547db")


def recognised(data: bytes, suffix: str = ".index") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


def gaps(data: bytes) -> list[Shortfall]:
    found = facts(data)
    assert all(isinstance(fact, Gap) for fact in found)
    return [fact.shortfall for fact in found if isinstance(fact, Gap)]


def block(*entries: tuple[bytes, bytes]) -> bytes:
    """A block in which every key stands in full."""
    data = b"".join(b"\0" + varint(len(key)) + varint(len(value)) + key + value for key, value in entries)
    return data + bytes(4) + (1).to_bytes(4, "little")


def table(*entries: tuple[bytes, bytes], kind: bytes = b"\0") -> bytes:
    """A table of one block."""
    data = block(*entries)
    first = data + kind + b"crc!"
    index = block((b"z", varint(0) + varint(len(data))))
    second = index + b"\0crc!"
    handles = varint(0) + varint(0) + varint(len(first)) + varint(len(index))
    return first + second + handles.ljust(40, b"\0") + MAGIC


HEADER = (b"", field(1, 2))


def entry(shard: int = 0, offset: int = 0, size: int = 4) -> bytes:
    return field(1, 1) + field(3, shard) + field(4, offset) + field(5, size)


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.index")), ids=lambda path: path.parts[-3])
def test_reads_what_tensorflow_writes(path: Path) -> None:
    data = path.read_bytes()
    assert recognised(data)
    assert recognised(data, "")
    assert facts(data) == []


@pytest.mark.parametrize("suffix", [".data-00000-of-00001", ".data-00011-of-00100"])
def test_shards_are_known_by_their_suffix(suffix: str) -> None:
    assert recognised(b"\1\2\3", suffix)
    assert facts(b"\1\2\3") == []


@pytest.mark.parametrize("suffix", [".data", ".data-0-of-1", ".data-00000-of-00001x", ".bin"])
def test_other_suffixes_are_none(suffix: str) -> None:
    assert not recognised(b"\1\2\3", suffix)


def test_the_file_that_names_the_latest_is_known() -> None:
    data = (CORPUS / "checkpoint/version-2/checkpoint").read_bytes()
    assert recognised(data, "")
    assert recognised(b"# x\nmodel_checkpoint_path: '/home/me/model'\n", "")
    assert facts(data) == []
    assert not recognised(b"the model_checkpoint_path: 'x'", "")


def test_entries_that_can_be_are_silent() -> None:
    assert facts(table(HEADER, (b"a", entry()), (b"b", entry(1, 1 << 40, 1 << 30)))) == []


@pytest.mark.parametrize("value", [
    entry(shard=2), entry(offset=1 << 63), entry(size=1 << 63), entry(offset=(1 << 63) - 1, size=(1 << 63) - 1), b"\x08\x80",
])  # fmt: skip
def test_places_that_cannot_be_are_gaps(value: bytes) -> None:
    data = table(HEADER, (b"a", value), (b"b", entry()))
    assert gaps(data) == [Shortfall.MALFORMED]
    assert "'a'" in str(facts(data))


def test_many_of_them_are_told_a_few_times() -> None:
    assert len(facts(table(HEADER, *((b"%d" % number, entry(shard=9)) for number in range(100))))) == 16


def test_a_table_of_version_1_is_a_table() -> None:
    assert facts(table((b"", field(1, field(1, "x"))), (b"\0a", field(2, b"\xff")))) == []


GOOD = table(HEADER, (b"a", entry()))
BROKEN = {
    "a block outside": GOOD[:-48]
    + (varint(0) + varint(0) + varint(1 << 40) + varint(9)).ljust(40, b"\0")
    + MAGIC,
    "a block too short": GOOD[:-48]
    + (varint(0) + varint(0) + varint(0) + varint(0)).ljust(40, b"\0")
    + MAGIC,
    "a number that does not end": GOOD[:-48] + b"\xff" * 40 + MAGIC,
    "a value past the end": table((b"", b"")).replace(b"\0\0\0", b"\0\0\x7f", 1),
    "a key shared with nothing": b"\x05" + GOOD[1:],
    "too many restarts": GOOD.replace((1).to_bytes(4, "little"), b"\xff\xff\xff\xff", 1),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_table_is_a_gap(data: bytes) -> None:
    assert recognised(data)
    assert gaps(data) == [Shortfall.MALFORMED]


def test_compressed_blocks_are_not_read() -> None:
    assert gaps(table(HEADER, kind=b"\1")) == [Shortfall.UNSUPPORTED]


def test_keys_that_grow_are_stopped() -> None:
    key = b"k" * 60_000
    data = (
        b"\0"
        + varint(len(key))
        + b"\0"
        + key
        + (varint(len(key)) + b"\0\0") * 100_000
        + bytes(4)
        + b"\1\0\0\0"
    )
    index = block((b"z", varint(0) + varint(len(data))))
    handles = varint(0) + varint(0) + varint(len(data) + 5) + varint(len(index))
    whole = data + b"\0crc!" + index + b"\0crc!" + handles.ljust(40, b"\0") + MAGIC
    assert gaps(whole) == [Shortfall.MALFORMED]


@settings(max_examples=200, deadline=None)
@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), rest=st.binary(max_size=60))
def test_any_mutation_ends(place: int, byte: int, rest: bytes) -> None:
    changed = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    for data in (changed, rest, rest + MAGIC, rest.ljust(40, b"\0") + MAGIC):
        recognised(data)
        facts(data)
