"""Models of LightGBM state nothing; what follows their last line is stated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Quirk
from modelwarden.formats.lightgbm import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.boosters import LIGHTGBM


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


LONG = LIGHTGBM.replace(b"leaf_value=0.5\n", b"leaf_value=0.5 0.25\n" * 20_000)


@pytest.mark.parametrize(
    "data",
    [
        LIGHTGBM,
        LIGHTGBM.replace(b"\n", b"\r\n"),
        LIGHTGBM[:-1],
        LIGHTGBM + bytes(50),
        LONG,
        LIGHTGBM.partition(b"param")[0],
    ],
    ids=["plain", "windows", "no line end", "padding", "long", "no parameters"],
)
def test_a_model_states_nothing(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"tree",
        b"tree\n",
        b"tree\nversion=v4\n",
        b"tree\nversion=x\nnum_class=1\n",
        b"\n" + LIGHTGBM,
        b"trees and versions",
    ],
)
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


@pytest.mark.parametrize("model", [LIGHTGBM, LONG], ids=["short", "long"])
@pytest.mark.parametrize("rest", [b"#!/bin/sh\n", b"\x7fELF\0\0\0", b"\x80\4}."])
def test_what_follows_is_stated_and_handed_out(model: bytes, rest: bytes) -> None:
    anomaly, child = facts(model + rest)
    assert isinstance(anomaly, Anomaly)
    assert (anomaly.quirk, anomaly.subject) == (Quirk.TRAILING_DATA, "end")
    assert isinstance(child, Child)
    assert (child.member, child.source.read(0, 99)) == (f"+{len(model)}", rest)


@given(st.binary(max_size=60), st.integers(0, 500))
def test_any_mutation_ends(data: bytes, place: int) -> None:
    mutated = LIGHTGBM[:place] + data + LIGHTGBM[place + len(data) // 2 :]
    FORMAT.recognise(Head(MemorySource(mutated)))
    assert all(isinstance(fact, Anomaly | Child) for fact in (*facts(mutated), *facts(data)))
