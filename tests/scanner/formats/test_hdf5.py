"""HDF5 files as h5py writes them: what a loader would act upon is stated, the numbers are not read, no damage ends the scan."""

import io
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import h5py
import numpy
import pytest

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Child, Fact, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Reference, Role, Shortfall
from modelwarden.formats.hdf5 import FORMAT
from modelwarden.parsing.hdf5.contents import contents
from modelwarden.source.memory import MemorySource

PICKLE = pickle.dumps({"epoch": [1, 2, 3], "name": "model"})
CONFIG = '{"class_name": "Sequential", "config": {}}'


def build(fill: Callable[[Any], object] = lambda file: None, **settings: Any) -> bytes:
    target = io.BytesIO()
    with h5py.File(target, "w", **settings) as file:
        fill(file)
    return target.getvalue()


def facts(data: bytes, limits: Limits | None = None) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(Budget(limits or Limits()))))


def children(data: bytes) -> list[tuple[str, str, bytes]]:
    return [
        (fact.member, fact.expected, fact.source.read(0, 1 << 20))
        for fact in facts(data)
        if isinstance(fact, Child)
    ]


def gaps(found: list[Fact]) -> list[Shortfall]:
    return [fact.shortfall for fact in found if isinstance(fact, Gap)]


def attribute(name: str, value: Any) -> bytes:
    return build(lambda file: file.attrs.create(name, value))


def ordinary(file: Any) -> None:
    file.attrs["encoding-type"] = "anndata"
    file.attrs["empty"] = h5py.Empty("f8")
    file.attrs["list"] = ["a", "b"]
    file.attrs["sentence"] = numpy.bytes_(b"This ends in a full stop.")
    file.attrs["numbers"] = numpy.arange(300)
    group = file.create_group("weights/dense")
    group.create_dataset("kernel", data=numpy.eye(20), chunks=True, compression="gzip")
    group.create_dataset("words", data=["os.system", "eval("], dtype=h5py.string_dtype())
    group["loop"] = file["/"]
    group["soft"] = h5py.SoftLink("/nowhere")
    group["reference"] = group.ref


@pytest.mark.parametrize(
    "settings", [{}, {"libver": "latest"}, {"userblock_size": 512}, {"userblock_size": 4096}]
)
def test_an_ordinary_file_states_nothing(settings: Any) -> None:
    data = build(ordinary, **settings)
    assert FORMAT.recognise(Head(MemorySource(data)))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data", [b"", b"\x89HDF", b"\x89HDF\r\n\x1a\r", bytes(5000), b"x" + build(), b"x" * 100 + build()]
)
def test_does_not_recognise_a_signature_in_another_place(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".h5"))


def test_a_user_block_of_any_size_is_seen() -> None:
    for size in (512, 1024, 1 << 20):
        assert FORMAT.recognise(Head(MemorySource(build(userblock_size=size))))


@pytest.mark.parametrize("name", ["model_config", "training_config"])
@pytest.mark.parametrize(
    "value",
    [CONFIG, numpy.bytes_(CONFIG.encode()), numpy.array([CONFIG.encode()])],
    ids=["text", "bytes", "array"],
)
def test_configurations_are_handed_out(name: str, value: Any) -> None:
    assert children(attribute(name, value)) == [(f"@{name}", "keras-config", CONFIG.encode())]


@pytest.mark.parametrize("settings", [{}, {"libver": "latest"}, {"userblock_size": 1024}])
def test_configurations_are_found_in_groups_and_in_pieces(settings: Any) -> None:
    def fill(file: Any) -> None:
        file.create_group("a/b").attrs["model_config"] = CONFIG
        pieces = {f"model_config{index}": CONFIG[index * 4 : index * 4 + 4] for index in range(20)}
        file.create_dataset("c", data=1).attrs.update(pieces)

    assert sorted(children(build(fill, **settings))) == [
        ("a/b@model_config", "keras-config", CONFIG.encode()),
        ("c@model_config", "keras-config", CONFIG.encode()),
    ]


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_attributes_that_are_pickles_are_handed_out(protocol: int) -> None:
    data = pickle.dumps({"kind": print}, protocol)
    for value in (numpy.bytes_(data), numpy.void(data), numpy.frombuffer(data, "u1")):
        assert children(attribute("info", value)) == [("@info", "pickle", data)]


def test_objects_of_pytables_are_handed_out() -> None:
    def fill(file: Any) -> None:
        data = file.create_dataset("frame/values", (2,), dtype=h5py.vlen_dtype("u1"))
        data[0] = data[1] = numpy.frombuffer(PICKLE, "u1")
        data.attrs["PSEUDOATOM"] = numpy.bytes_(b"object")

    assert children(build(fill)) == [(f"frame/values[{index}]", "pickle", PICKLE) for index in (0, 1)]


def external(file: Any) -> None:
    file["weights"] = h5py.ExternalLink("other.h5", "/data")


def outside(file: Any) -> None:
    file.create_dataset("weights", shape=(4,), dtype="u1", external=[("other.h5", 0, 4)])


def virtual(file: Any) -> None:
    layout = h5py.VirtualLayout((4,), "u1")
    layout[:] = h5py.VirtualSource("other.h5", "data", (4,))
    file.create_virtual_dataset("weights", layout)


@pytest.mark.parametrize("fill", [external, outside, virtual])
def test_other_files_are_told_and_not_opened(fill: Callable[[Any], None]) -> None:
    found = facts(build(fill))
    assert [(fact.role, fact.location) for fact in found if isinstance(fact, Reference)] == [
        (Role.LINKED, "other.h5")
    ]
    assert len(found) == 1


def test_what_follows_the_end_is_handed_out() -> None:
    for settings in ({}, {"libver": "latest"}, {"userblock_size": 512}):
        data = build(ordinary, **settings)
        assert children(data + b"payload") == [(f"+{len(data)}", "", b"payload")]
        assert children(data + bytes(100)) == []


def test_more_objects_than_allowed_end_the_reading() -> None:
    data = build(lambda file: [file.create_group(str(index)) for index in range(50)])
    with pytest.raises(LimitReached):
        facts(data, Limits(members=20))
    assert facts(data, Limits(members=60)) == []


def test_an_attribute_too_long_to_be_read_is_a_gap() -> None:
    data = build(lambda file: file.attrs.create("info", numpy.zeros(17 << 20, "u1")), libver="latest")
    assert gaps(facts(data)) == [Shortfall.LIMIT]


GOOD = build(ordinary)


@pytest.mark.parametrize("end", [8, 50, 96, 500, 2000, len(GOOD) - 1])
def test_a_file_cut_off_is_a_gap(end: int) -> None:
    assert gaps(facts(GOOD[:end])) == [Shortfall.MALFORMED]


MUTATIONS = {
    "unknown version": (8, b"\xff"),
    "sizes of offsets": (13, b"\x03"),
    "sizes of lengths": (14, b"\x03"),
    "end beyond the file": (40, b"\xff\xff\xff\xff\xff\xff\xff\x7f"),
    "root beyond the file": (64, b"\xff\xff\xff\xff\xff\xff\xff\x7f"),
}


@pytest.mark.parametrize("name", list(MUTATIONS))
def test_a_broken_superblock_is_a_gap(name: str) -> None:
    place, value = MUTATIONS[name]
    broken = GOOD[:place] + value + GOOD[place + len(value) :]
    assert Shortfall.MALFORMED in gaps(facts(broken))


def test_what_crashes_the_library_is_a_gap_and_what_was_seen_before_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os
    import signal

    from modelwarden.parsing.hdf5 import apart

    def dies(source: Any, budget: Budget, **asked: object) -> Any:
        yield Reference(Role.LINKED, "other.h5", "a", Span(0))
        os.kill(os.getpid(), signal.SIGSEGV)

    monkeypatch.setattr(apart, "contents", dies)
    found = facts(GOOD)
    assert [type(fact) for fact in found] == [Reference, Gap]
    assert "signal 11" in str(found[1])


def test_what_never_returns_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from modelwarden.parsing.hdf5 import apart

    def sleeps(source: Any, budget: Budget, **asked: object) -> Any:
        time.sleep(60)
        yield from ()

    monkeypatch.setattr(apart, "contents", sleeps)
    assert gaps(list(apart.apart(MemorySource(GOOD), Budget(), seconds=0.2))) == [Shortfall.LIMIT]


def test_the_same_is_said_here_and_in_a_process_of_its_own() -> None:
    for fill in (ordinary, external, outside, virtual):
        data = build(fill)
        assert list(contents(MemorySource(data), Budget())) == facts(data)


def test_any_single_change_ends_without_an_exception() -> None:
    for place in range(0, len(GOOD), 41):
        broken = bytearray(GOOD)
        broken[place] ^= 0xFF
        assert all(isinstance(fact, Gap | Child | Reference) for fact in facts(bytes(broken)))


def test_neither_the_command_nor_a_pickle_brings_in_h5py_or_numpy(tmp_path: Any) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(PICKLE)
    program = (
        "import sys, modelwarden.cli\n"
        "from modelwarden.domain.settings import Settings\n"
        "from modelwarden.engine.scan import scan\n"
        "scan([sys.argv[1]], Settings())\n"
        "assert not {'h5py', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)
