"""Requirements count inside archives alone, and there the lines that lead elsewhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Setting
from modelwarden.formats.requirements import FORMAT
from modelwarden.source.memory import MemorySource


def facts(data: bytes, *, name: str = "requirements.txt", inside: bool = True) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name=name, inside=inside)))


@pytest.mark.parametrize(
    "data",
    [
        b"torch==2.0\n", b"# c\n\nnumpy>=1,<2 ; python_version > '3'\n", b"-r other.txt\ntorch\n", b"a @ https://x\n",
        b"git+https://x\n", b"torch[extra] ~= 2.0  # c\r\n", b"a==1 \\\n    --hash=sha256:00\n", b"numpy<2",
    ],
)  # fmt: skip
def test_recognises_requirements(data: bytes) -> None:
    assert FORMAT.recognise(Head(MemorySource(data), ".txt"))


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"torch==2.0\n", ".md"), (b"Hello world, this is text.\n", ".txt"), (b"", ".txt"), (b"word\nother\n", ".txt"),
        (b"a==1\nThis is a sentence.\n", ".txt"), (b"a==1\n\0", ".txt"), (b"the 1\nof 2\n", ".txt"), (b"  \n\n", ".txt"),
    ],
)  # fmt: skip
def test_does_not_recognise_other_texts(data: bytes, suffix: str) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), suffix))


RISKY = [
    b"git+https://x/a.git", b"https://x/a.whl", b"a @ https://x/a.zip", b"a[b] @ file:///x", b"-i https://x", b"--index-url=https://x",
    b"--extra-index-url https://x", b"-f https://x", b"--find-links=./x", b"-e ./code", b"--editable=git+https://x", b"./code",
    b"../code", b"/code", b"--trusted-host x", b"  git+ssh://x",
]  # fmt: skip


@pytest.mark.parametrize("line", RISKY)
def test_lines_that_lead_elsewhere_are_stated(line: bytes) -> None:
    data = b"torch==2.0\n" + line + b"\n"
    assert facts(data) == [
        Setting("requirement", line.decode().strip(), "requirements.txt", Span(11, len(line)))
    ]
    assert facts(data, inside=False) == []
    assert facts(data, name="notes.txt") == []


@pytest.mark.parametrize(
    "line",
    [
        b"torch==2.0",
        b"# git+https://x",
        b"-r other.txt",
        b"-c constraints.txt",
        b"--no-binary :all:",
        b"",
        b"--index-urls x",
    ],
)
def test_ordinary_lines_are_not(line: bytes) -> None:
    assert facts(line) == []


def test_lines_are_counted() -> None:
    with pytest.raises(LimitReached):
        list(
            FORMAT.observe(
                MemorySource(b"-e .\n" * 20),
                Scope(Budget(Limits(members=10)), name="requirements.txt", inside=True),
            )
        )


@pytest.mark.parametrize(
    "data", [b"a" * 5_000, b"a-" * 2_000, b"a[" * 2_000, b" " * 4_000 + b"==", b"a @" + b" " * 9_000]
)
def test_hostile_lines_are_quick(data: bytes) -> None:
    FORMAT.recognise(Head(MemorySource(data), ".txt"))
    facts(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100) | st.text("ab=<>@-# [];\\\n:/.", max_size=60).map(str.encode))
def test_any_bytes_end(data: bytes) -> None:
    FORMAT.recognise(Head(MemorySource(data), ".txt"))
    facts(data)
