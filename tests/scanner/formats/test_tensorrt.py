"""Engines are searched for programs of the host and for names of libraries; what is only named like one is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, Limits
from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Place, Program, Reference, Role, Shortfall
from modelwarden.formats import tensorrt
from modelwarden.formats.tensorrt import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.benign_tensorrt import CUBIN, OWN
from tests.corpus.engines import counted, engine, numbers, ultralytics
from tests.corpus.programs import elf, elf32_big_endian, macho, pe

BLOCK = 1 << 20
GOOD = engine(CUBIN, numbers(300), b"libecho.so\0", elf())


def facts(data: bytes, limits: Limits | None = None) -> list[Fact]:
    scope = Scope(Budget(limits or Limits()), name="model.engine")
    return list(FORMAT.observe(MemorySource(data), scope))


def recognised(data: bytes, suffix: str = "") -> bool:
    return FORMAT.recognise(Head(MemorySource(data), suffix))


def libraries(data: bytes) -> list[str]:
    return [fact.location for fact in facts(data) if isinstance(fact, Reference)]


@pytest.mark.parametrize("data", [engine(), engine(magic=b"ptrt"), ultralytics(engine()), b"ftrt"])
def test_engines_are_recognised_whatever_their_name(data: bytes) -> None:
    assert recognised(data)
    assert recognised(data, ".bin")
    assert facts(data) == []


@pytest.mark.parametrize("suffix", [".engine", ".plan", ".trt"])
def test_other_binary_files_are_searched_for_programs_only(suffix: str) -> None:
    data = bytes(16) + b"libecho.so\0" + elf()
    assert recognised(data, suffix)
    assert not recognised(data, ".bin")
    assert facts(data) == [Program("ELF", Place.DATA, "model.engine", Span(27))]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"ftr", b"frtf" + bytes(3), b"module Blog\n  class Engine < ::Rails::Engine\n  end\nend\n", b'{"plan": "monthly"}',
        b"PK\3\4" + bytes(30), elf(), pe(), b"SQLite format 3\0" + bytes(30), counted(b"{}") + b"PTRT", b"\xff\xff\xff\x7f{}ftrt",
    ],
)  # fmt: skip
def test_what_is_named_like_an_engine_is_not_taken_for_one(data: bytes) -> None:
    assert not recognised(data, ".engine")


@pytest.mark.parametrize(
    ("program", "kind"), [(elf(), "ELF"), (elf32_big_endian(), "ELF"), (pe(), "PE"), (macho(), "Mach-O")]
)
def test_programs_are_stated(program: bytes, kind: str) -> None:
    assert Program(kind, Place.DATA, "model.engine", Span(24)) in facts(engine(program))


def test_code_for_the_gpu_is_silent() -> None:
    assert facts(engine(CUBIN, elf(224))) == []


def test_a_library_is_stated_once_and_where_it_is() -> None:
    data = engine(b"libecho.so\0", counted(b"libecho.so"))
    assert facts(data) == [Reference(Role.LIBRARY, "libecho.so", "engine", Span(24, 10))]


@pytest.mark.parametrize(
    "name", [*OWN, b"/opt/tensorrt/lib/libnvinfer.so.10", b"NVINFER_10.DLL", b"libcudart.12.dylib"]
)
def test_libraries_of_nvidia_and_the_system_are_silent(name: bytes) -> None:
    assert facts(engine(name + b"\0")) == []


@pytest.mark.parametrize(
    "name",
    [
        "/tmp/libcudnn.so.8", "/usr/lib/../../tmp/libcudnn.so", "lib/libcudnn.so", "libcudnn_echo.so", "rt.dll",
        "lib/m.so", "libcudnn.so.dll",
        "libcudnnx.so",
        "\\\\usr\\lib\\libcudnn.so",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_of_nvidia_is_stated(name: str) -> None:
    assert libraries(engine(name.encode() + b"\0")) == [name]


@pytest.mark.parametrize("shift", [-5000, -4097, -64, -30, -11, -10, -9, -4, -3, -1, 0, 1, 8, 5000])
def test_nothing_is_lost_between_blocks(shift: int) -> None:
    start = bytes.ljust(b"ftrt", BLOCK + shift, b"\xfe")
    assert facts(start + b"/tmp/echo.so\0" + bytes(9000)) == [
        Reference(Role.LIBRARY, "/tmp/echo.so", "engine", Span(BLOCK + shift, 12))
    ]
    assert facts(start + elf() + bytes(9000)) == [
        Program("ELF", Place.DATA, "model.engine", Span(BLOCK + shift))
    ]
    assert facts(start + counted(b"plugin.so.1") + b"x") == [
        Reference(Role.LIBRARY, "plugin.so.1", "engine", Span(BLOCK + shift + 4, 11))
    ]


def test_no_more_is_stated_than_anybody_reads() -> None:
    many = engine(*(b"libecho%d.so\0" % index + elf() for index in range(50)))
    found = facts(many)
    assert sum(isinstance(fact, Reference) for fact in found) == 16
    assert sum(isinstance(fact, Program) for fact in found) == 16


def test_endless_endings_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorrt, "_MOST_ENDINGS", 100)
    found = facts(engine(b".so\1" * 500, elf()))
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.LIMIT]
    assert any(isinstance(fact, Program) for fact in found)


def test_what_is_not_searched_is_said() -> None:
    (gap,) = facts(bytes.ljust(b"ftrt", BLOCK + 5, b"\xfe") + elf(), Limits(searched_bytes=BLOCK))
    assert isinstance(gap, Gap)
    assert (gap.shortfall, gap.span) == (Shortfall.LIMIT, Span(BLOCK, 5 + len(elf())))


@given(st.binary(max_size=60), st.integers(0, len(GOOD)))
def test_any_mutation_ends(data: bytes, place: int) -> None:
    mutated = GOOD[:place] + data + GOOD[place + len(data) // 2 :]
    for some in (mutated, data, b"ftrt" + data, ultralytics(data)):
        recognised(some, ".plan")
        assert all(isinstance(fact, Program | Reference | Gap) for fact in facts(some))
