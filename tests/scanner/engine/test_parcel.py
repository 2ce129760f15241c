"""What became of a file survives the way through a pipe exactly, and nothing else gets through."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.finding import Finding, Grounds, Note, Suppression
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.report import Coverage, ScannedFile
from modelwarden.engine.parcel import pack, pack_finding, pack_note, unpack, unpack_finding, unpack_note
from modelwarden.engine.result import FileResult
from modelwarden.policies import CATALOGUE

TEXT = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["\ud800\udc00", "caf\udce9", "a\nb\0\x1b[31m\u2028", '"}]', "\U0001f600", "::error::x"]
)
NUMBER = st.integers(0, (1 << 63) - 1)
RULES = [rule for rule in CATALOGUE.values() if not rule.is_coverage]
REMARKS = [rule for rule in CATALOGUE.values() if rule.is_coverage]
SUPPRESSIONS = st.builds(Suppression, grounds=st.sampled_from(Grounds), justification=TEXT)


@st.composite
def results(draw: st.DrawFn) -> FileResult:
    file = draw(TEXT)
    paths = st.builds(ArtifactPath, st.just(file), st.lists(TEXT, max_size=3).map(tuple))
    findings = st.builds(
        Finding,
        rule=st.sampled_from(RULES), path=paths, subject=TEXT, message=TEXT, span=st.builds(Span, NUMBER, NUMBER),
        format=TEXT, argument=TEXT, family=TEXT, opcode=TEXT, count=NUMBER, variants=TEXT, fingerprint=TEXT,
        suppression=st.none() | SUPPRESSIONS,
    )  # fmt: skip
    notes = st.builds(Note, rule=st.sampled_from(REMARKS), path=paths, message=TEXT)
    return FileResult(
        file=ScannedFile(
            path=file,
            size=draw(NUMBER),
            coverage=draw(st.sampled_from(Coverage)),
            formats=tuple(draw(st.lists(TEXT, max_size=3))),
            reason=draw(TEXT),
            sha256=draw(TEXT),
        ),
        findings=tuple(draw(st.lists(findings, max_size=3))),
        notes=tuple(draw(st.lists(notes, max_size=3))),
        beside=draw(st.booleans()),
    )


@settings(max_examples=50)
@given(results())
def test_everything_comes_back_as_it_was(result: FileResult) -> None:
    data = pack(result)
    assert b"\n" not in data
    assert unpack(data) == result
    for finding in result.findings:
        assert unpack_finding(pack_finding(finding), result.file.path) == finding
    for note in result.notes:
        assert unpack_note(pack_note(note), result.file.path) == note


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | TEXT, st.lists))
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack(json.dumps(value).encode())


RESULT = FileResult(
    file=ScannedFile(path="a.pkl", size=1, coverage=Coverage.COMPLETE),
    findings=(
        Finding(
            rule=CATALOGUE["MW101"], path=ArtifactPath("a.pkl"), subject="s", message="m", span=Span(0), format="f"
        ),
    ),
    notes=(Note(rule=CATALOGUE["MW904"], path=ArtifactPath("a.pkl"), message="m"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"MW101"', b'"MW999"'),
        (b'"MW101"', b'"MW904"'),
        (b'"MW904"', b'"MW101"'),
        (b'"complete"', b'"perfect"'),
        (b'"m"', b"7"),
        (b"[0,0,1]", b"[0,0,-1]"),
        (b"[0,0,1]", b"[0,0,true]"),
        (b"[0,0,1]", b"[0,0,1.5]"),
        (b"[0,0,1]", b"[0,0,NaN]"),
        (b"[0,0,1]", b"[0,0,1e999]"),
        (b"[0,0,1]", b"[0,0," + b"9" * 5_000 + b"]"),
        (b"[0,0,1]", b"[0,0," + b"[" * 100_000),
        (b"null", b'["because","x"]'),
        (b'"a.pkl"', b'"a.\xff"'),
    ],
)
def test_one_wrong_thing_is_refused(old: bytes, new: bytes) -> None:
    data = pack(RESULT)
    assert unpack(data) == RESULT
    assert old in data
    with pytest.raises(ValueError, match=r"."):
        unpack(data.replace(old, new, 1))


def test_no_file_speaks_of_another() -> None:
    other = FileResult(file=ScannedFile(path="b.pkl", size=1, coverage=Coverage.COMPLETE), notes=RESULT.notes)
    with pytest.raises(ValueError, match="another file"):
        pack(other)


def test_what_is_too_long_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack(RESULT)
    monkeypatch.setattr("modelwarden.engine.parcel.LONGEST", len(data) - 1)
    with pytest.raises(ValueError, match="longer"):
        unpack(data)
