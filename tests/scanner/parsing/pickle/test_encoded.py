"""Base64 of a pickle is found wherever it stands in a constant."""

import base64
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Child, Scope
from modelwarden.parsing.pickle.encoded import constants
from modelwarden.parsing.pickle.streams import streams
from modelwarden.source.memory import MemorySource

EVIL = b"\x80\x04cos\nsystem\n\x8c\x15echo modelwarden test\x85R."


@pytest.mark.parametrize("padding", range(4))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_every_length_and_alphabet_is_decoded(padding: int, encode: object) -> None:
    assert callable(encode)
    content = EVIL + b"\xff" * padding
    [(offset, decoded)] = constants(b"text: " + encode(content) + b" end")
    assert offset == 6
    assert decoded[: len(EVIL)] == EVIL


@pytest.mark.parametrize("data", [b"", b"gA", b"gAAAAABh", b"a text with gAIns in it", b"UEs", b"A" * 100])
def test_other_text_is_left_alone(data: bytes) -> None:
    assert list(constants(data)) == []


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("acts", [False, True])
def test_a_constant_that_nothing_decodes_is_read_all_the_same(protocol: int, acts: bool) -> None:
    thing = {"backup": base64.b64encode(EVIL).decode(), "more": [slice(1) if acts else 1, "x" * 100]}
    found = list(streams(MemorySource(pickle.dumps(thing, protocol)), Scope()))
    [child] = [fact for fact in found if isinstance(fact, Child)]
    assert child.source.read(0, len(EVIL)) == EVIL


@given(st.binary(max_size=300))
def test_any_bytes_can_be_searched(data: bytes) -> None:
    for offset, decoded in constants(data):
        assert 0 <= offset < len(data)
        assert len(decoded) <= len(data)
