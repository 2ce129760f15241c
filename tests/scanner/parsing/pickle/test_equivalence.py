"""The machine looks up what CPython's unpicklers look up, in their order: on real, generated and mutated streams."""

import os

import pytest

from tests.fuzz.differential import (
    Disagreement,
    View,
    agrees,
    batches,
    compare,
    interpreters,
    optimised,
    oracle,
    ours,
    real_streams,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the oracle's limits are those of POSIX")


@pytest.mark.parametrize("python", interpreters())
def test_real_pickles_of_every_protocol_agree(python: str) -> None:
    streams = real_streams()
    assert len(streams) > 150
    assert compare(streams + optimised(streams), python) > 500


@pytest.mark.parametrize("python", interpreters())
@pytest.mark.parametrize("seed", range(3))
def test_generated_and_mutated_streams_agree(seed: int, python: str) -> None:
    assert compare(list(batches(seed, 2000)), python) > 1000


def test_the_comparison_can_fail() -> None:
    assert not agrees(View([["os", "system"]], True), [["os", "popen"]], True)
    assert not agrees(View([], False), [["os", "popen"]], False)
    assert ours(b"cos\nsystem\n.") == [View([["os", "system"]], True)]
    assert oracle([b"cos\nsystem\n."])[0]["c"] == [["os", "system"]]


def test_a_disagreement_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.differential.ours", lambda stream: [View([], True)])
    with pytest.raises(Disagreement):
        compare([b"cos\nsystem\n."])


def test_what_hides_behind_a_frame_is_seen_as_the_c_unpickler_sees_it() -> None:
    # the frame ends inside the length of a string: the C unpickler reads that length anew behind the frame
    hidden = b"\x80\x04\x95\x03\0\0\0\0\0\0\0" + b"NX\x08" + b"\0\0\0\0cos\nsystem\n."
    names = [view.seen for view in ours(hidden)]
    assert names == [[], [["os", "system"]]]
    assert oracle([hidden])[0]["c"] in names


NAMED = {
    "the last line of GLOBAL has no newline: the Python unpickler drops its last byte and imports": b"cos\nsystemX",
    "INST imports before it looks for its MARK, in the Python unpickler": b"ios\nsystem\n.",
    "the module to look in is an imported object": b"\x80\x04\x8c\x07keyword\x8c\x08__name__\x93\x8c\x01x\x930cos\nsystem\n.",
    "a line that breaks crosses its frame": b"\x80\x04\x95\x02\0\0\0\0\0\0\0Ix1\n0cos\nsystem\n.",
    "one memo slot is rewritten": b"\x80\x04\x8c\x01aq\x01\x8c\x02osq\x010h\x01\x8c\x06system\x93.",
}


@pytest.mark.parametrize("name", NAMED)
def test_disagreements_of_the_past(name: str) -> None:
    stream = NAMED[name]
    compare([stream])
    assert any(["os", "system"] in view.seen for view in ours(stream))
