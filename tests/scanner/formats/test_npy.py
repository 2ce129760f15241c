"""Arrays that numpy wrote: numbers are passed by, objects are handed on as the pickle they are."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan
from modelwarden.formats.npy import FORMAT
from modelwarden.source.memory import MemorySource

SAMPLES = Path(__file__).parent / "npy_samples"
NUMBERS = sorted(SAMPLES.glob("numbers-*.npy"))
OBJECTS = sorted(SAMPLES.glob("objects-*.npy"))
FLOATS = (SAMPLES / "numbers-float32.npy").read_bytes()
EVIL = b"cos\nsystem\n(S'echo'\ntR."


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope()))


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", NUMBERS, ids=name)
def test_numbers_are_passed_by(path: Path) -> None:
    data = path.read_bytes()
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize("path", NUMBERS, ids=name)
def test_what_stands_behind_the_numbers_is_handed_on(path: Path) -> None:
    data = path.read_bytes()
    [child] = facts(data + EVIL)
    assert isinstance(child, Child)
    assert (child.member, child.expected) == (f"+{len(data)}", "")
    assert child.source.read(0, 99) == EVIL


@pytest.mark.parametrize(
    "path",
    [path for path in NUMBERS if path.stem not in ("numbers-empty",)],
    ids=name,
)
def test_numbers_that_are_cut_off_are_malformed(path: Path) -> None:
    [gap] = facts(path.read_bytes()[:-1])
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.MALFORMED
    assert "bytes" in gap.detail


@pytest.mark.parametrize("path", OBJECTS, ids=name)
def test_objects_are_handed_on_as_a_pickle(path: Path) -> None:
    data = path.read_bytes()
    anomaly, child = facts(data)
    assert isinstance(anomaly, Anomaly)
    assert anomaly.quirk is Quirk.OBJECT_ARRAY
    assert isinstance(child, Child)
    assert (child.member, child.expected) == ("data", "pickle")
    assert child.source.read(0, 1) == b"\x80"
    assert child.source.size == len(data) - 128 or path.stem != "objects-plain"


def mutated(old: bytes, new: bytes) -> bytes:
    """The float array with one part of its header replaced, its length kept."""
    assert old in FLOATS
    place = FLOATS.index(b"\n")
    header, rest = FLOATS[:place], FLOATS[place:]
    changed = header.replace(old, new).rstrip(b" ")
    return changed[:8] + struct.pack("<H", len(changed) - 10 + 1) + changed[10:] + rest


def test_an_expression_in_the_header_is_a_fact_and_the_rest_is_handed_on() -> None:
    data = mutated(b"'<f4'", b"__import__('os').system('echo')")
    anomaly, child = facts(data)
    assert isinstance(anomaly, Anomaly)
    assert anomaly.quirk is Quirk.HEADER_EXPRESSION
    assert isinstance(child, Child)
    assert child.source.size == 24


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        (b"(2, 3)", b"(2, 3", "no Python literal"),
        (b"'descr'", b"'dtype'", "no dict of"),
        (b"(2, 3)", b"(2, 4)", "takes 32 bytes, 24 are there"),
        (b"(2, 3)", b"(1 << 70, 3)", ""),
        (b"'<f4'", b"'bogus'", "size of an item"),
    ],
)
def test_a_header_with_one_mutation_is_said_to_be_wrong(old: bytes, new: bytes, detail: str) -> None:
    fact = facts(mutated(old, new))[0]
    assert isinstance(fact, Gap | Anomaly)
    assert detail in fact.detail


def test_an_unknown_version_is_unsupported_and_a_long_header_a_limit() -> None:
    [gap] = facts(FLOATS[:6] + b"\x04" + FLOATS[7:])
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.UNSUPPORTED
    long = b"[" + b"0," * 100_000 + b"]"
    gap, child = facts(b"\x93NUMPY\x02\x00" + struct.pack("<I", len(long)) + long + EVIL)
    assert isinstance(gap, Gap)
    assert gap.shortfall is Shortfall.LIMIT
    assert isinstance(child, Child)
    assert child.source.read(0, 99) == EVIL


def test_other_bytes_are_left_alone() -> None:
    assert not FORMAT.recognise(Head(MemorySource(b"")))
    assert not FORMAT.recognise(Head(MemorySource(b"\x92" + FLOATS[1:]), ".npy"))


def test_members_of_an_npz_are_read_as_what_they_are() -> None:
    report = scan([str(SAMPLES / "echo.npz")], Settings())
    found = {(finding.rule.id, finding.path.members) for finding in report.findings}
    assert found == {("MW417", ("b.npy",)), ("MW101", ("b.npy", "data"))}
    for harmless in ("numbers.npz", "numbers-compressed.npz"):
        report = scan([str(SAMPLES / harmless)], Settings())
        assert (report.findings, report.notes) == ((), ())


@settings(max_examples=500, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, 130), st.integers(1, 255)), min_size=1, max_size=4),
    cut=st.integers(0, 150),
)
def test_any_bytes_end(flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(FLOATS)
    for at, bits in flips:
        data[at] ^= bits
    assert len(facts(bytes(data[: len(data) - cut]))) <= 2
