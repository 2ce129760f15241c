"""Archives written by torch give their pickles and state nothing; their numbers are not read; hostile ones hide nothing."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from modelwarden.domain.budget import Budget, Limits
from modelwarden.domain.format import ByteSource, Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Place, Program, Quirk, Shortfall
from modelwarden.formats.pytorch import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.programs import elf

SAMPLES = Path(__file__).parent / "torch_samples"
PICKLE = b"\x80\x02cos\nsystem\nq\x00X\x02\x00\x00\x00idq\x01\x85q\x02Rq\x03."


def facts(source: ByteSource) -> list[Fact]:
    return list(FORMAT.observe(source, Scope(Budget(Limits()))))


def children(found: list[Fact]) -> dict[str, Child]:
    return {fact.member: fact for fact in found if isinstance(fact, Child)}


def odd(found: list[Fact]) -> list[Fact]:
    return [fact for fact in found if isinstance(fact, Anomaly | Gap)]


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return memory.getvalue()


@pytest.mark.parametrize(
    ("sample", "pickles"),
    [
        ("saved.pt", {"saved/data.pkl"}),
        ("without-checksums.pt", {"without-checksums/data.pkl"}),
        ("script.pt", {"script/data.pkl", "script/constants.pkl"}),
        ("lite.ptl", {"lite/data.pkl", "lite/constants.pkl", "lite/bytecode.pkl"}),
        ("exported.pt2", set()),
        ("package.pt", {"package/models/layer.pkl"}),
    ],
)
def test_what_torch_writes_gives_its_pickles_but_no_numbers(sample: str, pickles: set[str]) -> None:
    data = (SAMPLES / sample).read_bytes()
    source = MemorySource(data)
    assert FORMAT.recognise(Head(source))
    found = facts(source)
    assert odd(found) == []
    given = children(found)
    assert {name for name, child in given.items() if child.expected == "pickle"} == pickles
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = set(packed.namelist())
        for name, child in given.items():
            with packed.open(name) as member:
                member._expected_crc = None  # type: ignore[attr-defined]  # one sample has no checksums
                assert child.source.read(0, child.source.size) == member.read()
    numbers = names - set(given)
    root = next(iter(names)).split("/")[0]
    assert (
        numbers
        == {
            "saved.pt": {f"{root}/data/0"},
            "without-checksums.pt": {f"{root}/data/0"},
            "script.pt": {f"{root}/data/0", f"{root}/data/1"},
            "lite.ptl": {f"{root}/data/0", f"{root}/data/1"},
            "exported.pt2": {f"{root}/data/weights/weight_0", f"{root}/data/weights/weight_1"},
            "package.pt": {f"{root}/.data/0.storage", f"{root}/.data/1.storage"},
        }[sample]
    )


@pytest.mark.parametrize("suffix", ["", ".pt", ".txt"])
@pytest.mark.parametrize("folder", ["archive/", "", "any name/", "模型/", "a/b/c/", "data/", "..a/"])
def test_any_folder_and_suffix_will_do(folder: str, suffix: str) -> None:
    source = MemorySource(archive({f"{folder}data.pkl": PICKLE, f"{folder}data/0": b"\x80\x02" + bytes(40)}))
    assert FORMAT.recognise(Head(source, suffix))
    found = facts(source)
    assert odd(found) == []
    assert set(children(found)) == {f"{folder}data.pkl"}


@pytest.mark.parametrize("name", ["archive/DATA.PKL", "Archive/Data.pkl"])
def test_names_are_found_without_regard_to_case_as_torch_does(name: str) -> None:
    source = MemorySource(archive({name: PICKLE}))
    assert FORMAT.recognise(Head(source))
    assert children(facts(source))[name].expected == "pickle"


def test_two_objects_that_differ_by_case_are_one_name_for_torch() -> None:
    found = facts(MemorySource(archive({"a/data.pkl": b"\x80\x02N.", "a/Data.PKL": PICKLE})))
    assert [(fact.quirk, fact.subject) for fact in found if isinstance(fact, Anomaly)] == [
        (Quirk.DUPLICATE_MEMBER, "a/Data.PKL")
    ]
    assert set(children(found)) == {"a/data.pkl", "a/Data.PKL"}


@pytest.mark.parametrize(
    "files", [{"a.txt": b""}, {"config.json": b"{}", "metadata.pkl": b"N."}, {"x/data.pkl.txt": b""}]
)
def test_leaves_other_archives_to_the_general_reader(files: dict[str, bytes]) -> None:
    assert not FORMAT.recognise(Head(MemorySource(archive(files)), ".pt"))


@pytest.mark.parametrize("data", [b"", PICKLE, b"PK\3\4" + bytes(100), bytes(1000)])
def test_does_not_recognise_what_is_no_archive(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".pt"))


NUMBERS = {
    "zeros": bytes(4096),
    "floats that begin like a pickle": b"\x80\x02" + struct.pack("<1000f", *range(1000)) + b".",
    "floats that begin like an archive": b"PK\3\4" + struct.pack("<1000f", *range(1000)),
    "bytes that name a module": b"import os; os.system" * 50,
    "every byte": bytes(range(256)) * 40,
    "nothing": b"",
}


@pytest.mark.parametrize("numbers", list(NUMBERS.values()), ids=list(NUMBERS))
def test_numbers_are_not_taken_for_anything_else(numbers: bytes) -> None:
    found = facts(MemorySource(archive({"a/data.pkl": PICKLE, "a/data/0": numbers})))
    assert set(children(found)) == {"a/data.pkl"}


@pytest.mark.parametrize(
    "content",
    [
        PICKLE,
        b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x8c\x06system\x94\x93\x94.",
        archive({"inner/data.pkl": PICKLE}),
    ],
    ids=["pickle", "framed pickle", "archive"],
)
def test_what_stands_in_the_place_of_numbers_and_is_surely_none_is_handed_out(content: bytes) -> None:
    found = facts(MemorySource(archive({"a/data.pkl": PICKLE, "a/data/0": content})))
    assert children(found)["a/data/0"].source.read(0, len(content)) == content


def test_numbers_beside_no_object_are_handed_out() -> None:
    found = facts(
        MemorySource(archive({"a/data.pkl": PICKLE, "b/data/0": b"1", "a/data/x": b"2", "a/data/0.py": b"3"}))
    )
    assert set(children(found)) == {"a/data.pkl", "b/data/0", "a/data/x", "a/data/0.py"}


def test_numbers_that_reach_beyond_the_file_are_stated() -> None:
    data = bytearray(archive({"a/data.pkl": PICKLE, "a/data/0": b"1234"}))
    record = data.rindex(b"PK\1\2")
    data[record + 20 : record + 28] = b"\xff\xff\xff\x7f" * 2
    gaps = [fact for fact in facts(MemorySource(bytes(data))) if isinstance(fact, Gap)]
    assert [gap.shortfall for gap in gaps] == [Shortfall.MALFORMED]
    assert gaps[0].detail.startswith("a/data/0: cut off")


class Counting:
    """A sparse file: `data` at its start and `tail` at its end, zeros between; counts what is read."""

    def __init__(self, data: bytes, size: int, tail: bytes) -> None:
        self.size = size
        self.count = 0
        self._data = data
        self._tail = tail

    def read(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.size - offset))
        self.count += length
        block = bytearray(length)
        for start, part in ((0, self._data), (self.size - len(self._tail), self._tail)):
            begin, end = max(start, offset), min(start + len(part), offset + length)
            if begin < end:
                block[begin - offset : end - offset] = part[begin - start : end - start]
        return bytes(block)


def test_a_checkpoint_of_two_gigabytes_costs_its_pickle() -> None:
    numbers = 2_000_000_000
    small = archive({"a/data.pkl": PICKLE, "a/data/0": b""})
    directory = small.index(b"PK\1\2")
    start, tail = bytearray(small[:directory]), bytearray(small[directory:])
    header, record = start.index(b"a/data/0") - 30, tail.rindex(b"PK\1\2")
    for part, at in ((start, header + 18), (tail, record + 20)):
        part[at : at + 8] = numbers.to_bytes(4, "little") * 2
    tail[-6:-2] = (directory + numbers).to_bytes(4, "little")
    source = Counting(bytes(start), directory + numbers + len(tail), bytes(tail))
    assert FORMAT.recognise(Head(source, ".pt"))
    found = facts(source)
    assert odd(found) == []
    assert set(children(found)) == {"a/data.pkl"}
    assert source.count < 1_000_000


def programs(found: list[Fact]) -> list[tuple[str, Place, str]]:
    return [(fact.kind, fact.place, fact.name) for fact in found if isinstance(fact, Program)]


def test_programs_and_source_among_the_members_are_stated() -> None:
    files = {
        "m/data.pkl": b"\x80\4}.", "m/version": b"3\n", "m/helpers.py": b"x = 1\n", "m/ops.so": elf(kind=3),
        "m/run.sh": b"echo\n", "m/extra/notes": b"#!/bin/sh\n", "m/extra/payload": elf(),
    }  # fmt: skip
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert programs(facts(MemorySource(archive(files, method)))) == [
            ("Python", Place.MEMBER, "m/helpers.py"),
            ("ELF", Place.MEMBER, "m/ops.so"),
            ("script", Place.MEMBER, "m/run.sh"),
            ("script", Place.MEMBER, "m/extra/notes"),
            ("ELF", Place.MEMBER, "m/extra/payload"),
        ]


def test_a_program_in_the_place_of_numbers_is_stated() -> None:
    files = {
        "m/data.pkl": b"\x80\4}.",
        "m/data/0": elf(),
        "m/data/1": b"\x7fELF" + bytes(60),
        "m/data/2": b"MZ" * 99,
    }
    assert programs(facts(MemorySource(archive(files)))) == [("ELF", Place.DATA, "m/data/0")]


def test_code_that_torch_compiles_is_no_program_beside_it() -> None:
    files = {
        "m/constants.pkl": b"\x80\4).",
        "m/data.pkl": b"\x80\4}.",
        "m/code/__torch__.py": b"class A(Module):\n  pass\n",
    }
    assert programs(facts(MemorySource(archive(files)))) == []


ROW = archive({"a/data.pkl": b"N.", "a/version": b"3"}) + archive({"a/data.pkl": PICKLE, "a/version": b"3"})


def test_a_row_of_archives_is_a_trick_except_in_a_distributed_checkpoint() -> None:
    scope = Scope(Budget(Limits()), name="__0_0.distcp")
    quirks = {fact.quirk for fact in facts(MemorySource(ROW)) if isinstance(fact, Anomaly)}
    assert quirks == {Quirk.POLYGLOT}
    shard = list(FORMAT.observe(MemorySource(ROW), scope))
    assert odd(shard) == []
    assert PICKLE in [fact.source.read(0, 99) for fact in shard if isinstance(fact, Child)]


def test_the_name_of_a_shard_excuses_nothing_else() -> None:
    scope = Scope(Budget(Limits()), name="__0_0.distcp")
    found = list(FORMAT.observe(MemorySource(b"junk" * 9 + ROW), scope))
    assert Quirk.POLYGLOT in {fact.quirk for fact in found if isinstance(fact, Anomaly)}
