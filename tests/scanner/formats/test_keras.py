"""A `.keras` archive is told by its members; every configuration in it is read, and everything else is handed out."""

import io
import zipfile

import pytest

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk
from modelwarden.formats.keras import FORMAT
from modelwarden.source.memory import MemorySource

CONFIG = b'{"class_name": "Sequential", "config": {}}'


def archive(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name, data in members:
            file.writestr(name, data)
    return target.getvalue()


WHOLE = archive(
    ("metadata.json", b"{}"),
    ("config.json", CONFIG),
    ("model.weights.h5", b"\x89HDF"),
    ("assets/words", b"a"),
)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (WHOLE, ".keras"),
        (WHOLE, ""),
        (archive(("config.json", CONFIG), ("metadata.json", b"{}")), ".zip"),
        (archive(("config.json", CONFIG), ("model.weights.npz", b"")), ""),
        (archive(("config.json", CONFIG)), ".keras"),
        (b"MZ" + bytes(50) + WHOLE, ".keras"),
    ],
)
def test_recognises_the_members_keras_needs(data: bytes, suffix: str) -> None:
    assert FORMAT.recognise(Head(MemorySource(data), suffix))


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"", ".keras"),
        (b"\x89HDF\r\n\x1a\n", ".keras"),
        (archive(("config.json", CONFIG)), ".zip"),
        (archive(("other/config.json", CONFIG), ("metadata.json", b"{}")), ".zip"),
        (archive(("model.weights.h5", b"")), ".keras"),
    ],
)
def test_does_not_recognise_other_archives(data: bytes, suffix: str) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), suffix))


def test_members_are_handed_out_and_the_configuration_is_read_as_such() -> None:
    assert [(fact.member, fact.expected) for fact in facts(WHOLE) if isinstance(fact, Child)] == [
        ("metadata.json", ""),
        ("config.json", "keras-config"),
        ("model.weights.h5", ""),
        ("assets/words", ""),
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_every_configuration_is_read() -> None:
    found = facts(archive(("config.json", CONFIG), ("metadata.json", b"{}"), ("config.json", b"{}")))
    assert [fact.expected for fact in found if isinstance(fact, Child)].count("keras-config") == 2
    assert [fact.quirk for fact in found if isinstance(fact, Anomaly)] == [Quirk.DUPLICATE_MEMBER]


@pytest.mark.parametrize("end", range(0, len(WHOLE), 7))
def test_a_file_cut_off_anywhere_ends_without_an_exception(end: int) -> None:
    FORMAT.recognise(Head(MemorySource(WHOLE[:end]), ".keras"))
    assert all(isinstance(fact, Anomaly | Gap | Child) for fact in facts(WHOLE[:end]))
