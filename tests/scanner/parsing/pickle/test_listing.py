"""The listing names what CPython's own disassembler names, and ends for any bytes."""

import io
import pickle
import pickletools
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.pickle.listing import NAMES, tokens
from modelwarden.source.memory import MemorySource

CORPUS = Path(__file__).parents[3] / "corpus"
SAMPLES = sorted(path for path in CORPUS.glob("*/*/*.pkl") if path.read_bytes()[:1] == b"\x80")


@pytest.mark.parametrize("path", SAMPLES[::7], ids=lambda path: path.name)
def test_names_and_offsets_are_those_of_pickletools(path: Path) -> None:
    data = path.read_bytes()
    expected: list[tuple[int, str]] = []
    with suppress(ValueError):  # some are broken on purpose; what came before counts
        for code, _, place in pickletools.genops(io.BytesIO(data)):
            expected.append((place or 0, code.name))
    ours = [(token.offset, token.name) for token in tokens(MemorySource(data)) if not token.fault]
    assert ours[: len(expected)] == expected
    assert len(ours) >= len(expected)


def test_every_opcode_has_its_name() -> None:
    assert dict(NAMES) == {ord(one.code): one.name for one in pickletools.opcodes}


@pytest.mark.parametrize("protocol", range(6))
def test_the_stack_is_followed(protocol: int) -> None:
    value = {"a": [1, 2.5, None, (True, b"x"), {"deep": ("t",) * 5}], "b": {3, 4}, "c": frozenset("d")}
    listed = list(tokens(MemorySource(pickle.dumps(value, protocol))))
    assert listed[-1].name == "STOP"
    assert listed[-1].depth == 0
    assert all(token.depth >= 0 for token in listed)


def test_a_call_is_written_as_a_call() -> None:
    listed = list(tokens(MemorySource(b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04echo\x85R.")))
    assert [token.top for token in listed if token.name in ("STACK_GLOBAL", "TUPLE1", "REDUCE")] == [
        "os.system",
        "('echo',)",
        "os.system('echo',)",
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\x80\x04", "without STOP"),
        (b"\x80\x04\xff", "0xff is no opcode"),
        (b"\x8c\x10short", "does not end"),
        (b"cos\nsystem", "does not end"),
        (b"T\xff\xff\xff\xff", "does not end"),
        (b"", "without STOP"),
    ],
)
def test_where_it_breaks_is_said(data: bytes, fault: str) -> None:
    assert fault in list(tokens(MemorySource(data)))[-1].fault


def test_a_stack_that_cannot_be_followed_is_given_up_and_the_listing_goes_on() -> None:
    listed = list(tokens(MemorySource(b"\x80\x04h\x07K\x01.")))
    assert [token.depth for token in listed] == [0, -1, -1, -1]


@given(st.binary(max_size=400))
def test_any_bytes_end(data: bytes) -> None:
    listed = list(tokens(MemorySource(data)))
    assert listed[-1].fault or listed[-1].name == "STOP"
