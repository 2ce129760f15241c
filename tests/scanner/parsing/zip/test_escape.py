"""Every name that some reader gives a member counts; links are followed."""

import io
import zipfile

import pytest

from modelwarden.domain.budget import Budget
from modelwarden.domain.observation import Anomaly, Quirk
from modelwarden.parsing.zip.archive import Archive
from modelwarden.parsing.zip.escape import escapes
from modelwarden.source.memory import MemorySource

LINK = 0o120777 << 16


def archive(members: dict[str, tuple[bytes, int]], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, (data, attributes) in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = attributes
            packed.writestr(info, data, method)
    return out.getvalue()


def found(data: bytes) -> list[tuple[Quirk, str]]:
    facts = escapes(Archive(MemorySource(data), Budget()))
    return [(fact.quirk, fact.subject) for fact in facts if isinstance(fact, Anomaly)]


@pytest.mark.parametrize("name", ["a.txt", "a/../b", "..a", "/conv1/kernel.npy", "w:0.npy", "folder/"])
def test_ordinary_names_and_the_keys_of_arrays_say_nothing(name: str) -> None:
    assert found(archive({name: (b"x", 0o644 << 16)})) == []


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "/../a.npy", "//host/a.npy", "..\\a.npy", "../"])
def test_a_name_that_leads_out_is_stated(name: str) -> None:
    data = archive({name.replace("\\", "/"): (b"x", 0)}).replace(
        name.replace("\\", "/").encode(), name.encode()
    )
    assert found(data) == [(Quirk.PATH_TRAVERSAL, name)]


def test_a_name_in_the_local_header_counts_as_well() -> None:
    data = archive({"models/a.txt": (b"x", 0)})
    assert found(data.replace(b"models/a.txt", b"../../../../", 1)) == [
        (Quirk.PATH_TRAVERSAL, "../../../../")
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_link_is_read_and_followed(method: int) -> None:
    inside = {"Current": (b"A", LINK), "Current/x": (b"1", 0)}
    assert found(archive(inside, method)) == []
    outside = {"Current": (b"/etc", LINK), "Current/x": (b"1", 0)}
    assert sorted(found(archive(outside, method))) == [
        (Quirk.LINK_ESCAPE, "Current"),
        (Quirk.LINK_ESCAPE, "Current/x"),
    ]
