"""TAR archives give their files, whatever wrote them."""

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk
from modelwarden.formats.tar import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.malicious_archives import pax, tar_member, tar_of

EVIL = b"cos\nsystem\n(S'echo'\ntR."
FILES = {"model.pkl": EVIL, "weights/layer-0.bin": bytes(range(256)) * 30, "empty": b""}


def archive(form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:", format=form) as packed:
        packed.addfile(tarfile.TarInfo("weights"), None)
        packed.getmembers()[0].type = tarfile.DIRTYPE
        for name, data in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    return out.getvalue()


def facts(data: bytes, name: str = "") -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name=name)))


def quirks(found: list[Fact]) -> list[tuple[Quirk, str]]:
    return [(fact.quirk, fact.subject) for fact in found if isinstance(fact, Anomaly)]


def contents(found: list[Fact]) -> dict[str, bytes]:
    return {fact.member: fact.source.read(0, fact.source.size) for fact in found if isinstance(fact, Child)}


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_gives_every_file_of_an_ordinary_archive(form: int) -> None:
    data = archive(form)
    assert FORMAT.recognise(Head(MemorySource(data)))
    found = facts(data)
    assert contents(found) == FILES | {"weights": b""}
    assert not [fact for fact in found if isinstance(fact, Gap)]


@pytest.mark.parametrize("option", ["--format=gnu", "--format=posix", "--format=ustar", "--format=v7"])
def test_gives_what_the_tar_command_packed(tmp_path: Path, option: str) -> None:
    (tmp_path / "weights").mkdir()
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "link").symlink_to("model.pkl")
    packed = tmp_path / "all.tar"
    subprocess.run(["tar", option, "-cf", packed, "-C", tmp_path, *FILES, "weights", "link"], check=True)
    found = facts(packed.read_bytes())
    assert contents(found) == FILES
    assert not [fact for fact in found if isinstance(fact, Gap)]


@pytest.mark.parametrize("data", [b"", archive()[:511], bytes(10240), b"plain text\n" * 100, EVIL])
def test_other_bytes_are_left_alone(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".tar"))


def test_a_cut_archive_gives_what_is_there() -> None:
    cut = archive()[: 512 * 4 + 300]
    found = facts(cut)
    assert contents(found)["model.pkl"] == EVIL
    assert [fact for fact in found if isinstance(fact, Gap)]


@pytest.mark.parametrize("name", ["layer", "layer.tar", "4d" * 32, "4d" * 32 + ".tar"])
def test_a_layer_of_an_image_may_link_to_its_root(name: str) -> None:
    data = tar_of(tar_member("app/now", kind=b"2", link="/app/v1") + tar_member("app/v1/model.pkl", EVIL))
    assert quirks(facts(data, name)) == []
    assert quirks(facts(data, "model.tar")) == [(Quirk.LINK_ESCAPE, "app/now")]


def test_a_whiteout_is_no_file_but_one_that_holds_something_is() -> None:
    data = tar_of(tar_member("a/.wh.model.pkl") + tar_member("a/.wh.evil.pkl", EVIL))
    assert contents(facts(data)) == {"a/.wh.evil.pkl": EVIL}


HIDDEN = tar_member("model.pkl", EVIL)


@pytest.mark.parametrize(
    "data",
    [
        pax({"size": str(512 + len(HIDDEN))}) + tar_member("a", b"x".ljust(512) + HIDDEN, size=512),
        tar_member("a", kind=b"2", link="b", size=512) + tar_member("notes.txt", HIDDEN),
        tar_member("a", kind=b"5", size=512) + tar_member("notes.txt", HIDDEN),
    ],
    ids=["pax and header", "link", "directory"],
)
def test_a_member_with_two_sizes_is_read_in_both_ways(data: bytes) -> None:
    """TARmageddon, CVE-2025-62518."""
    found = facts(tar_of(data))
    assert (Quirk.HEADER_DISAGREEMENT, "a") in quirks(found)
    children = [fact for fact in found if isinstance(fact, Child) and fact.member.startswith("+")]
    assert [contents(facts(child.source.read(0, 1 << 20)))["model.pkl"] for child in children] == [EVIL]


@pytest.mark.parametrize(
    "data",
    [
        pax({"size": "9"}) + tar_member("a", b"x" * 9, size=0),
        tar_member("link", kind=b"2", link="a", size=1) + tar_member("a", b"x") + tar_member("b", b"y"),
        pax({"size": "600"}) + tar_member("a", b"x" * 600, size=1),
    ],
    ids=["zero in the header", "length of a link", "no header where the other ends"],
)
def test_two_sizes_that_mislead_nobody_say_nothing(data: bytes) -> None:
    assert quirks(facts(tar_of(data))) == []


def test_the_name_under_a_pax_record_counts_for_readers_that_know_no_pax() -> None:
    data = tar_of(pax({"path": "model.txt"}) + tar_member("../../model.txt", b"x"))
    assert quirks(facts(data)) == [(Quirk.PATH_TRAVERSAL, "../../model.txt")]


def test_too_many_members_do_not_hide_a_link_seen_before() -> None:
    data = tar_of(tar_member("a", kind=b"2", link="/etc") + tar_member("b") * 9)
    found: list[Fact] = []
    walk = FORMAT.observe(MemorySource(data), Scope(Budget(Limits(members=4))))
    with pytest.raises(LimitReached):
        found.extend(walk)
    assert (Quirk.LINK_ESCAPE, "a") in quirks(found)
