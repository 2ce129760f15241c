"""Lines that Python runs at its start are stated, those of installers are not; checkpoints of the same suffix are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Place, Program, Shortfall
from modelwarden.formats.path_configuration import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.benign_programs import samples

RUN = b"import os; os.system('echo')"
INSTALLERS = {name: data for name, data in samples() if name.startswith("path-configuration/")}


def facts(data: bytes) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name="x.pth")))


@pytest.mark.parametrize("data", list(INSTALLERS.values()), ids=list(INSTALLERS))
def test_what_installers_write_states_nothing(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data), ".pth"))
    assert facts(data) == []


@pytest.mark.parametrize(
    "data",
    [
        RUN, b"\xef\xbb\xbf" + RUN, b"# a\n" + RUN, b"./a\r\n" + RUN, b"# a\x0b" + RUN, b"# a\x1d" + RUN, b"# a\xc2\x85" + RUN,
        b"# a\xe2\x80\xa8" + RUN, RUN + b"\n\0\0", b"#" * 9000 + b"\n" + RUN, RUN.replace(b" ", b"\t", 1),
        b"import _virtualenv; exec('1')", b"import __editable__x; __editable__y.install()",
        b"import __editable__x; __editable__x.install(exec('1'))",
        b"import a" + b" " * 100_000 + b"x", b"import a" + b", a" * 2000,
    ],
)  # fmt: skip
def test_a_line_that_runs_something_else_is_stated(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data), ".pth"))
    assert [(fact.kind, fact.place, fact.name) for fact in facts(data) if isinstance(fact, Program)] == [
        ("Python", Place.FILE, "x.pth")
    ]


def test_the_line_is_named_by_its_place() -> None:
    data = b"import a\n./path\n" + RUN + b"\n"
    assert facts(data) == [Program("Python", Place.FILE, "x.pth", Span(16, len(RUN)))]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"./path\n/opt/models\n", b"# import os\n", b" import os\n", b"important/path\n", b"PK\3\4" + b"\n" + RUN,
        b"\x80\2}q\0.\n" + RUN, b"\n\0\n" + RUN, b"ustar\0" * 50 + b"\n" + RUN,
    ],
)  # fmt: skip
def test_paths_and_checkpoints_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".pth"))


def test_other_suffixes_are_not_recognised() -> None:
    assert not FORMAT.recognise(Head(MemorySource(RUN), ".py"))


def test_more_text_than_is_read_is_a_gap() -> None:
    data = b"#" * (5 << 20) + b"\n" + RUN
    assert FORMAT.recognise(Head(MemorySource(data), ".pth"))
    assert [fact.shortfall for fact in facts(data) if isinstance(fact, Gap)] == [Shortfall.LIMIT]


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_any_bytes_end(start: bytes, end: bytes) -> None:
    data = start + b"\nimport " + end
    FORMAT.recognise(Head(MemorySource(data), ".pth"))
    assert all(isinstance(fact, Program) for fact in facts(data))
