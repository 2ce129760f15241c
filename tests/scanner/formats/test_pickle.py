"""Pickles are recognised by what they are, whatever they are called, and what stands behind them is handed on."""

import pickle

import pytest

from modelwarden.domain.format import Child, Head, Scope
from modelwarden.domain.observation import Call
from modelwarden.formats.pickle import FORMAT
from modelwarden.source.memory import MemorySource

EVIL = b"cos\nsystem\n(S'id'\ntR."


@pytest.mark.parametrize("suffix", ["", ".pkl", ".jpg", ".txt", ".safetensors"])
@pytest.mark.parametrize("data", [EVIL, pickle.dumps({"a": 1}, 4), pickle.dumps({"a": {1}}, 2)])
def test_recognises_content_under_any_name(data: bytes, suffix: str) -> None:
    assert FORMAT.recognise(Head(MemorySource(data), suffix))


@pytest.mark.parametrize("data", [b"", b"x", b"plain text\n", b"\x80\x02", bytes(5000), b'{"a": 1}'])
def test_leaves_other_content_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".bin"))


def test_a_name_makes_a_broken_pickle_one() -> None:
    cut = pickle.dumps(list(range(100)), 4)[:-20]
    assert FORMAT.recognise(Head(MemorySource(cut), ".pkl"))
    assert not FORMAT.recognise(Head(MemorySource(cut), ".bin"))


def test_what_stands_behind_the_last_pickle_is_handed_on() -> None:
    facts = list(FORMAT.observe(MemorySource(EVIL + b"PK\x03\x04 and more"), Scope()))
    assert [type(fact) for fact in facts] == [Call, Child]
    child = facts[1]
    assert isinstance(child, Child)
    assert (child.member, child.source.read(0, 4)) == (f"+{len(EVIL)}", b"PK\x03\x04")
