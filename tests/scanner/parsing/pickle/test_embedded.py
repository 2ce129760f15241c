"""What stands in constants is handed on when a loader could read it."""

import base64
import io
import pickle
import zipfile

import pytest

from modelwarden.domain.format import Child, Scope
from modelwarden.domain.observation import Anomaly, Call, Quirk
from modelwarden.parsing.pickle.streams import Found, streams
from modelwarden.source.memory import MemorySource

EVIL = b"\x80\x04cos\nsystem\n\x8c\x02id\x85R."


def facts(data: bytes) -> list[Found]:
    return list(streams(MemorySource(data), Scope()))


def content(child: Child) -> bytes:
    return child.source.read(0, child.source.size)


@pytest.mark.parametrize("protocol", [3, 4, 5])
@pytest.mark.parametrize("padding", [0, 100_000])
def test_a_pickle_in_bytes_is_told_and_handed_on(protocol: int, padding: int) -> None:
    data = pickle.dumps({"x": bytes(padding), "blob": EVIL + bytes(100), "y": [1]}, protocol)
    [anomaly, child] = [fact for fact in facts(data) if isinstance(fact, Anomaly | Child)]
    assert isinstance(anomaly, Anomaly)
    assert isinstance(child, Child)
    assert anomaly.quirk is Quirk.EMBEDDED_PICKLE
    assert content(child) == EVIL + bytes(100)
    assert child.member == f"bytes+{data.index(EVIL)}"


@pytest.mark.parametrize("padding", [0, 100_000])
def test_bytes_in_the_spelling_of_protocol_2_are_decoded(padding: int) -> None:
    found = facts(pickle.dumps([EVIL + bytes(range(256)) + bytes(padding)], 2))
    [child] = [fact for fact in found if isinstance(fact, Child)]
    assert content(child) == EVIL + bytes(range(256)) + bytes(padding)


def test_a_string_of_python_2_may_be_a_pickle() -> None:
    data = b"\x80\x02cm\nf\nU" + bytes((len(EVIL),)) + EVIL + b"\x85R."
    [child] = [fact for fact in facts(data) if isinstance(fact, Child)]
    assert content(child) == EVIL


def test_short_bytes_of_a_stream_that_acts_are_handed_on() -> None:
    data = b"\x80\x04cm\nf\nC" + bytes((len(EVIL),)) + EVIL + b"\x85R."
    [child] = [fact for fact in facts(data) if isinstance(fact, Child)]
    assert content(child) == EVIL


def test_an_archive_in_bytes_is_handed_on() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("data.pkl", EVIL)
    [child] = facts(pickle.dumps({"model": out.getvalue()}, 4))
    assert isinstance(child, Child)
    assert content(child) == out.getvalue()


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, base64.encodebytes])
@pytest.mark.parametrize("as_text", [True, False])
def test_base64_in_an_argument_is_decoded_and_handed_on(encode: object, as_text: bool) -> None:
    assert callable(encode)
    encoded = encode(EVIL + bytes(60))
    constant = (
        b"X" + len(encoded).to_bytes(4, "little") if as_text else b"B" + len(encoded).to_bytes(4, "little")
    )
    data = b"\x80\x04cbase64\nb64decode\n" + constant + encoded + b"\x85R."
    found = [content(fact) for fact in facts(data) if isinstance(fact, Child)]
    assert found.count(EVIL + bytes(60)) == 1


@pytest.mark.parametrize(
    "constant",
    [
        b"plain bytes",
        bytes(1000),
        b"\x80\x04 not a pickle at all",
        b"aGVsbG8gd29ybGQsIGhvdyBhcmUgeW91IHRvZGF5",
        b"A" * 64,
        b"",
    ],
)
def test_ordinary_constants_are_no_pickles(constant: bytes) -> None:
    data = b"\x80\x04cm\nf\nB" + len(constant).to_bytes(4, "little") + constant + b"\x85R."
    found = facts(data)
    assert not any(isinstance(fact, Anomaly) for fact in found)
    assert any(isinstance(fact, Call) for fact in found)
