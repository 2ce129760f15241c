"""Archives of TorchServe give their members and what their code reaches."""

import json
import zipfile

import pytest

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import CodeBlob, Gap, Place, Program, Shortfall
from modelwarden.engine.identify import identify
from modelwarden.formats.torchserve import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.malicious_archives import ZipMember, zip_of

MANIFEST = ZipMember("MAR-INF/MANIFEST.json", json.dumps({"model": {"handler": "handler.py"}}).encode())
HANDLER = b"import os\nos.system('echo')\n"


def archive(*members: ZipMember) -> bytes:
    return zip_of(*members, MANIFEST)


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


@pytest.mark.parametrize("suffix", [".mar", ".zip", ""])
def test_is_recognised_by_its_manifest_and_read_instead_of_the_zip(suffix: str) -> None:
    head = Head(MemorySource(archive(ZipMember("handler.py", HANDLER))), suffix)
    assert [form.name for form in identify(head)] == ["torchserve"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\3\4", zip_of(ZipMember("a.txt", b"MAR-INF/MANIFEST.json")), b"MAR-INF/MANIFEST.json"],
)
def test_other_bytes_are_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".mar"))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", ["handler.py", "lib/HELPER.PY"])
def test_gives_members_and_what_their_code_reaches(method: int, name: str) -> None:
    found = facts(archive(ZipMember(name, HANDLER, method=method), ZipMember("w.bin", b"weights")))
    assert [fact.member for fact in found if isinstance(fact, Child)] == [
        name,
        "w.bin",
        "MAR-INF/MANIFEST.json",
    ]
    [blob] = [fact for fact in found if isinstance(fact, CodeBlob)]
    assert (blob.name, [str(target) for target in blob.reaches]) == (name, ["os.system"])
    [program] = [fact for fact in found if isinstance(fact, Program)]
    assert (program.kind, program.place, program.name) == ("Python", Place.MEMBER, name)


@pytest.mark.parametrize("source", [b"print 'python 2'", b"(" * 9000, b"\0"])
def test_code_that_cannot_be_parsed_is_a_gap(source: bytes) -> None:
    [gap] = [fact for fact in facts(archive(ZipMember("handler.py", source))) if isinstance(fact, Gap)]
    assert gap.shortfall is Shortfall.UNSUPPORTED
    assert gap.detail.startswith("handler.py: ")


@pytest.mark.parametrize("cut", [1, 30, 60, 100])
def test_a_cut_archive_is_said_to_be_one(cut: int) -> None:
    found = facts(archive(ZipMember("handler.py", HANDLER))[:-cut])
    assert [fact for fact in found if isinstance(fact, Gap)]
