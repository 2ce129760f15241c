"""Files of llama.cpp and its relatives before GGUF are walked to the end; each field that lies is stated."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk
from modelwarden.formats.ggml import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.gguf_bytes import ggml, ggml_tensor

WORDS = [b"<unk>", b"a", b" the", b""]
PLAIN = ggml_tensor(b"norm", [8], 0, bytes(32)) + ggml_tensor(b"w", [32, 2], 2, bytes(40))


def aligned(version: int) -> bytes:
    head = ggml(b"tjgg", version, WORDS, b"")
    first = ggml_tensor(b"norm", [8], 0, bytes(32), len(head))
    size = 18 if version == 3 else 20
    return head + first + ggml_tensor(b"w", [32, 2], 2, bytes(2 * size), len(head) + len(first))


def adapter() -> bytes:
    head = b"algg" + struct.pack("<3I", 1, 8, 16)
    return head + ggml_tensor(b"w.loraA", [4, 8], 0, bytes(128), len(head))


def gpt2() -> bytes:
    head = b"lmgg" + struct.pack("<7I", 2, 8, 4, 2, 1, 1, 2)
    return (
        head
        + b"".join(struct.pack("<I", 1) + word for word in (b"a", b"b"))
        + ggml_tensor(b"wte", [4], 1, bytes(8))
    )


def big_endian() -> bytes:
    return (
        b"ggml"
        + struct.pack(">7I", 1, *[2] * 6)
        + struct.pack(">I", 1)
        + b"a"
        + struct.pack(">4I", 1, 1, 0, 1)
        + b"t"
        + bytes(4)
    )


INNOCENTS = {
    "GGML": ggml(b"lmgg", None, WORDS, PLAIN),
    "GGMF": ggml(b"fmgg", 1, WORDS, PLAIN),
    "GGJT 1": aligned(1),
    "GGJT 2": aligned(2),
    "GGJT 3": aligned(3),
    "GGLA": adapter(),
    "GPT-2": gpt2(),
    "big-endian": big_endian(),
    "a vocabulary alone": ggml(b"lmgg", None, WORDS, b""),
}


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(Budget(Limits()))))


def odd(data: bytes) -> list[str]:
    return [
        fact.quirk.value if isinstance(fact, Anomaly) else fact.shortfall.name
        for fact in facts(data)
        if isinstance(fact, Anomaly | Gap)
    ]


@pytest.mark.parametrize("data", list(INNOCENTS.values()), ids=list(INNOCENTS))
def test_an_ordinary_file_states_nothing(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data",
    [
        b"", b"lmgg", b"lmgg\1\0\0\0", b"ggml is a library for machine learning\n", b"ggmf\n" * 9, b"lmgg" + b"text" * 9,
        bytes(64), b"ggml" + bytes(20), b"GGML" + b"\1\0\0\0" * 9,
    ],
)  # fmt: skip
def test_does_not_recognise_what_has_no_such_header(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".ggml"))


@pytest.mark.parametrize("magic", [b"nsgg", b"asgg", b"qsgg"])
def test_a_session_is_not_inspected(magic: bytes) -> None:
    assert odd(magic + struct.pack("<I", 1) + bytes(90)) == ["UNSUPPORTED"]


def test_an_unknown_arrangement_is_not_inspected() -> None:
    assert odd(b"lmgg" + struct.pack("<I", 7) + b"\xff" * 200) == ["UNSUPPORTED"]


@pytest.mark.parametrize("cut", [-1, -41, -60])
def test_a_file_cut_off_is_malformed(cut: int) -> None:
    assert odd(INNOCENTS["GGML"][:cut]) == ["MALFORMED"]


def described(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


LIES = {
    "dimensions": ggml_tensor(b"t", [1] * 9, 0, b"1234"),
    "no dimensions": described(0, 1, 0) + b"t",
    "product": ggml_tensor(b"t", [0xFFFFFFFF] * 3, 0, b"1234"),
    "length of a name": described(1, 0xFFFFFFFF, 0, 2) + b"t",
    "half a block": ggml_tensor(b"t", [31], 2, bytes(20)),
}


@pytest.mark.parametrize("lie", list(LIES.values()), ids=list(LIES))
def test_a_tensor_that_lies_is_out_of_bounds(lie: bytes) -> None:
    assert Quirk.OUT_OF_BOUNDS in odd(ggml(b"lmgg", None, WORDS, PLAIN + lie))


def test_an_unknown_type_is_malformed() -> None:
    assert odd(ggml(b"lmgg", None, WORDS, PLAIN + ggml_tensor(b"t", [8], 99, bytes(32))))[:1] == ["MALFORMED"]


def test_what_stands_behind_the_tensors_is_handed_out() -> None:
    (child,) = [fact for fact in facts(INNOCENTS["GGML"] + b"PK\3\4" * 9) if isinstance(fact, Child)]
    assert child.source.read(0, 99) == b"PK\3\4" * 9


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_mutation_ends_without_an_error(data: st.DataObject) -> None:
    good = bytearray(data.draw(st.sampled_from(list(INNOCENTS.values()))))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(4, len(good) - 1))
        good[place : place + 1] = data.draw(st.binary(min_size=0, max_size=9))
    check(bytes(good[: data.draw(st.integers(0, len(good) + 8))]))


@settings(max_examples=300, deadline=None)
@given(
    magic=st.sampled_from([b"lmgg", b"fmgg", b"tjgg", b"algg", b"ggml", b""]), data=st.binary(max_size=200)
)
def test_any_bytes_end_without_an_error(magic: bytes, data: bytes) -> None:
    check(magic + data)


def check(data: bytes) -> None:
    FORMAT.recognise(Head(MemorySource(data)))
    try:
        for fact in FORMAT.observe(MemorySource(data), Scope(Budget(Limits(members=5)))):
            assert isinstance(fact, Anomaly | Gap | Child)
    except LimitReached:
        pass
