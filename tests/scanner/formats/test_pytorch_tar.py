"""Every pickle that torch reads from its oldest layout is handed on, wherever the numbers between them end."""

import io
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.formats.pytorch_tar import FORMAT
from modelwarden.source.memory import MemorySource

SAVED = (Path(__file__).parent / "torch_tar_samples" / "saved.pt").read_bytes()
EVIL = b"\x80\x02cos\nsystem\n(X\x04\x00\x00\x00echotR."
COUNT = b"\x80\x02K\x01."
FLOATS = b"\x80\x02(K\nX\x03\x00\x00\x00cpuctorch\nFloatStorage\nt."
VIEWS = b"\x80\x02]."
TENSOR = b"\x80\x02(K\x01K\nctorch\nFloatTensor\nt."
OBJECT = b"\x80\x02}."


def storages(key: bytes = FLOATS, count: int = 2, numbers: bytes = bytes(8), views: bytes = VIEWS) -> bytes:
    return COUNT + key + struct.pack("<q", count) + numbers + views


def tensors(key: bytes = TENSOR, dimensions: int = 1) -> bytes:
    return COUNT + key + struct.pack("<ii", dimensions, 0) + struct.pack("<3q", 2, 1, 0)


def archive(parts: dict[str, bytes], links: dict[str, tuple[bytes, str]] | None = None) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:") as packed:
        for name, data in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
        for name, (kind, target) in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type = kind
            member.linkname = target
            packed.addfile(member)
    return out.getvalue()


def layout(**parts: bytes) -> bytes:
    whole = {"sys_info": OBJECT, "pickle": OBJECT, "tensors": tensors(), "storages": storages()}
    return archive({**whole, **parts})


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


def pickles(found: list[Fact]) -> dict[str, bytes]:
    return {
        fact.member: fact.source.read(0, fact.source.size)
        for fact in found
        if isinstance(fact, Child) and fact.expected == "pickle"
    }


def gaps(found: list[Fact]) -> list[Gap]:
    return [fact for fact in found if isinstance(fact, Gap)]


def test_what_torch_loads_gives_all_its_pickles_and_the_layout_as_a_fact() -> None:
    assert FORMAT.recognise(Head(MemorySource(SAVED)))
    found = facts(SAVED)
    assert isinstance(found[0], Anomaly)
    assert found[0].quirk is Quirk.LEGACY_LOADER
    assert gaps(found) == []
    given_names = [name.split("+")[0] for name in pickles(found)]
    assert [given_names.count(name) for name in ("sys_info", "pickle", "tensors", "storages")] == [1, 1, 3, 4]
    assert all(data.startswith(b"\x80\x02") and data.endswith(b".") for data in pickles(found).values())


@pytest.mark.parametrize(
    "parts",
    [
        {"sys_info": EVIL},
        {"pickle": EVIL},
        {"tensors": EVIL},
        {"storages": EVIL},
        {"tensors": tensors(EVIL)},
        {"tensors": tensors() + EVIL},
        {"storages": storages(EVIL)},
        {"storages": storages(views=EVIL)},
        {"storages": COUNT + FLOATS + struct.pack("<q", 2) + bytes(8) + EVIL + VIEWS},
    ],
    ids=lambda parts: next(iter(parts)),
)
def test_a_payload_is_handed_on_wherever_torch_would_run_it(parts: dict[str, bytes]) -> None:
    assert any(data.startswith(EVIL) for data in pickles(facts(layout(**parts))).values())


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("DoubleStorage", 8),
        ("HalfStorage", 2),
        ("ByteStorage", 1),
        ("LongStorage", 8),
        ("ComplexDoubleStorage", 16),
    ],
)
def test_numbers_are_skipped_by_the_size_of_their_type(name: str, size: int) -> None:
    key = FLOATS.replace(b"FloatStorage", name.encode())
    found = facts(layout(storages=storages(key, 3, bytes(3 * size), EVIL)))
    assert gaps(found) == []
    assert EVIL in pickles(found).values()


def test_numbers_of_an_unknown_type_are_skipped_when_one_size_fits() -> None:
    found = facts(layout(storages=storages(OBJECT, 5, bytes(20), EVIL)))
    assert EVIL in pickles(found).values()
    assert gaps(found) == []


def test_numbers_of_an_unknown_size_are_a_gap_and_the_rest_is_handed_on() -> None:
    found = facts(layout(storages=storages(OBJECT, 5, bytes(21), EVIL)))
    [gap] = gaps(found)
    assert gap.shortfall is Shortfall.MALFORMED
    assert "type is not known" in gap.detail
    rest = [fact for fact in found if isinstance(fact, Child) and not fact.expected]
    assert rest[0].source.size == 8 + 21 + len(EVIL)


@pytest.mark.parametrize(
    ("parts", "detail"),
    [
        ({"storages": storages(count=1 << 40)}, "numbers go on behind the end"),
        ({"storages": storages(count=-1)}, "numbers go on behind the end"),
        ({"tensors": tensors(dimensions=1 << 20)}, "sizes go on behind the end"),
        ({"tensors": tensors(dimensions=-1)}, "sizes go on behind the end"),
    ],
    ids=["too many numbers", "negative count", "too many dimensions", "negative dimensions"],
)
def test_counts_beyond_the_end_are_malformed(parts: dict[str, bytes], detail: str) -> None:
    [gap] = gaps(facts(layout(**parts)))
    assert detail in gap.detail


@pytest.mark.parametrize("kind", [tarfile.LNKTYPE, tarfile.SYMTYPE])
def test_a_link_in_the_place_of_a_part_is_followed(kind: bytes) -> None:
    parts = {"hidden": storages(EVIL), "also/hidden": EVIL, "tensors": tensors()}
    links = {"storages": (kind, "hidden"), "pickle": (kind, "./also/hidden"), "sys_info": (kind, "storages")}
    data = archive(parts, links)
    assert FORMAT.recognise(Head(MemorySource(data)))
    found = pickles(facts(data))
    assert found["also/hidden"] == EVIL
    assert found[f"hidden+{len(COUNT)}"] == EVIL


def test_links_in_a_circle_lead_nowhere() -> None:
    data = archive(
        {"tensors": tensors()},
        {"storages": (tarfile.SYMTYPE, "pickle"), "pickle": (tarfile.SYMTYPE, "storages")},
    )
    assert not FORMAT.recognise(Head(MemorySource(data)))
    assert set(pickles(facts(data))) == {"tensors", f"tensors+{len(COUNT)}"}


def test_a_part_that_is_there_twice_is_read_twice() -> None:
    first = layout(pickle=EVIL)
    with tarfile.open(fileobj=io.BytesIO(first)) as packed:
        end = max(member.offset_data for member in packed) + 512
    found = facts(first[:end] + layout())
    assert [fact.member for fact in found if isinstance(fact, Child)].count("pickle") == 2


def test_other_members_are_handed_on_by_what_they_are() -> None:
    found = facts(layout(**{"readme.txt": b"hello"}))
    [other] = [fact for fact in found if isinstance(fact, Child) and fact.member == "readme.txt"]
    assert (other.expected, other.source.read(0, 9)) == ("", b"hello")


def test_the_first_part_alone_is_enough_to_be_run() -> None:
    assert FORMAT.recognise(Head(MemorySource(archive({"storages": EVIL}))))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        archive({"a.txt": b"hello"}),
        archive({"storages": b"a list of storages in text"}),
        archive({"models/storages": EVIL, "models/pickle": EVIL, "models/tensors": EVIL}),
        archive({"pickle": EVIL, "tensors": EVIL}),
    ],
    ids=["empty", "other", "text", "in a folder", "without the first part"],
)
def test_other_archives_are_left_to_the_general_reader(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data)))


def test_cut_parts_are_said_to_be_cut() -> None:
    place = SAVED.index(b"storages\0") + 512
    cut = SAVED[: place + 100]
    assert any("cut off" in gap.detail for gap in gaps(facts(cut)))


def flipped(part: str) -> Callable[[list[tuple[int, int]]], bytes]:
    start = SAVED.index(part.encode() + b"\0") + 512

    def flip(flips: list[tuple[int, int]]) -> bytes:
        data = bytearray(SAVED)
        for at, bits in flips:
            data[start + at] ^= bits
        return bytes(data)

    return flip


@settings(max_examples=300, deadline=None)
@given(
    part=st.sampled_from(["storages", "tensors"]),
    flips=st.lists(st.tuples(st.integers(0, 250), st.integers(1, 255)), min_size=1, max_size=4),
)
def test_any_bytes_end_within_budget(part: str, flips: list[tuple[int, int]]) -> None:
    data = flipped(part)(flips)
    budget = Budget(Limits(members=100))
    try:
        FORMAT.recognise(Head(MemorySource(data)))
        assert len(list(FORMAT.observe(MemorySource(data), Scope(budget)))) < 100
    except LimitReached:
        assert budget.members > 100
