"""Several pickles in a row, and the bytes behind them."""

import datetime
import io
import pickle
import random
import struct

import pytest

from modelwarden.domain.format import Scope
from modelwarden.domain.observation import (
    Anomaly,
    Call,
    Gap,
    Import,
    PersistentId,
    Quirk,
    Shortfall,
)
from modelwarden.domain.value import Global
from modelwarden.parsing.pickle.streams import Found, looks_like_a_pickle, streams
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'id'\ntR."
PLAIN = pickle.dumps({"a": [1, 2.5, "x"]}, 4)


def read(data: bytes, exactly: int | None = None) -> tuple[list[Found], int]:
    facts: list[Found] = []
    reader = streams(MemorySource(data), Scope(), exactly)
    while True:
        try:
            facts.append(next(reader))
        except StopIteration as stop:
            return facts, stop.value


def kinds(facts: list[Found]) -> list[type]:
    return [type(fact) for fact in facts]


@pytest.mark.parametrize("padding", [b"", b"\0", b"\0" * 200_000, b"\r\n \n", b"." * 200_000, b".\0. ."])
@pytest.mark.parametrize("before", [1, 2, 5])
def test_a_payload_in_a_later_pickle_is_found_behind_padding(padding: bytes, before: int) -> None:
    data = (PLAIN + padding) * before + EVIL
    facts, end = read(data)
    assert kinds(facts) == [Call]
    assert end == len(data)


def test_an_import_that_is_called_is_told_once_as_a_call() -> None:
    facts, _ = read(b"cos\nsystem\n0cos\ngetcwd\n0cos\nsystem\n(S'id'\ntR.")
    assert kinds(facts) == [Call, Import]
    assert isinstance(facts[1], Import)
    assert facts[1].target == Global("os", "getcwd")


def test_a_break_after_a_call_is_both_a_gap_and_an_anomaly() -> None:
    facts, _ = read(EVIL[:-1] + b"\xff")
    assert kinds(facts) == [Call, Anomaly, Gap]
    assert isinstance(facts[1], Anomaly)
    assert facts[1].quirk is Quirk.BROKEN_AFTER_CALL


def test_a_break_before_any_call_is_a_gap() -> None:
    facts, _ = read(PLAIN[:-3])
    [gap] = facts
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.MALFORMED


def test_one_unpickler_keeps_its_memo_for_the_next_pickle() -> None:
    first = b"\x80\x02cm\nC\nX\x02\0\0\0osq\x640X\x06\0\0\0systemq\x650."
    second = b"\x80\x04h\x64h\x65\x93(S'id'\ntR."
    unpickler = io.BytesIO(first + second)
    seen: list[tuple[str, str]] = []

    class Watched(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> object:
            seen.append((module, name))
            return lambda *_: None

    watched = Watched(unpickler)
    watched.load()
    watched.load()
    assert seen == [("m", "C"), ("os", "system")]
    facts, _ = read(first + second)
    assert [str(fact.callee) for fact in facts if isinstance(fact, Call)] == ["os.system"]


def test_numbers_behind_a_pickle_are_not_taken_for_one() -> None:
    random_ = random.Random(7)
    for _ in range(400):
        tail = struct.pack("<64f", *(random_.gauss(0, 1) for _ in range(64)))
        assert read(PLAIN + tail)[0] == []


@pytest.mark.parametrize(
    "tail", [b"Psome words\nand more", b"cnot a module\nnor a name!\n\xff", b"\x82\x01\xff", b"(((("]
)
def test_bytes_that_happen_to_be_opcodes_are_not_believed(tail: bytes) -> None:
    facts, end = read(PLAIN + tail)
    assert facts == []
    assert end == len(PLAIN)


def test_a_broken_later_pickle_that_imports_is_believed() -> None:
    facts, _ = read(PLAIN + b"Pid\ncos\nsystem\n(S'id'\ntR\xff")
    assert kinds(facts) == [PersistentId, Call, Anomaly, Gap]


def test_a_loader_of_five_takes_five_and_misses_them() -> None:
    facts, end = read(PLAIN * 5 + EVIL, exactly=5)
    assert (facts, end) == ([], 5 * len(PLAIN))
    facts, _ = read(PLAIN * 3, exactly=5)
    [gap] = facts
    assert isinstance(gap, Gap)
    assert "3 of 5" in gap.detail


@pytest.mark.parametrize(
    "data", [PLAIN, EVIL, EVIL[:-1], pickle.dumps([1], 2), b"cos\nsystem\n(S'id'\ntR\xff" * 3]
)
def test_pickles_are_recognised_without_a_name(data: bytes) -> None:
    assert looks_like_a_pickle(MemorySource(data))


def test_an_inert_pickle_without_a_prefix_needs_its_name() -> None:
    old = MemorySource(pickle.dumps([1], 0))
    assert looks_like_a_pickle(old, claimed=True)
    assert not looks_like_a_pickle(old)
    assert looks_like_a_pickle(MemorySource(pickle.dumps([1], 0) + EVIL))


@pytest.mark.parametrize(
    "data",
    [
        b"", b".", b"c", b"Once upon a time", b"import os\nos.system('x')\n", b"I am a text\n", b"{}", b"[1, 2]", b"\x80\x02",
        b"\x80\x04\x95\0\0", b"PK\x03\x04 head\nctorch._utils\n_rebuild_tensor_v2\n(tR.",
        bytes(1000), b"cat says\nmeow\n.", b"# title\n", b"isympy\nsympy\n", b"a,b\n1,2\n", b"GIF89a....",
    ],
)  # fmt: skip
def test_other_things_are_not_taken_for_pickles(data: bytes) -> None:
    assert not looks_like_a_pickle(MemorySource(data))


def test_random_numbers_are_not_taken_for_pickles() -> None:
    random_ = random.Random(3)
    for _ in range(3000):
        assert not looks_like_a_pickle(MemorySource(b"\x80\x02" + random_.randbytes(300)))
        assert not looks_like_a_pickle(MemorySource(random_.randbytes(300)))


def test_pickles_written_one_by_one_are_not_read_with_one_memo() -> None:
    words = pickle.dumps({"acme": ["one", "two", "three"]}, 4)
    dates = pickle.dumps([datetime.timedelta(1), datetime.date(2020, 1, 1), datetime.timedelta(2)], 4)
    reader = streams(MemorySource(words + dates), Scope(notable=lambda target: target.module == "os"))
    assert {str(fact.callee) for fact in reader if isinstance(fact, Call)} == {
        "datetime.timedelta",
        "datetime.date",
    }
    facts = list(streams(MemorySource(words + dates), Scope(notable=lambda target: target.module == "os")))
    assert not any(isinstance(fact, Gap) for fact in facts)
