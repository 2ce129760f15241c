"""Ordinary TOML states nothing; keys that name code are stated, however they are written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Call, Gap, Shortfall
from modelwarden.domain.value import Global
from modelwarden.formats.toml import FORMAT
from modelwarden.source.memory import MemorySource


def facts(data: bytes, *, inside: bool = False) -> list[Fact]:
    return list(FORMAT.observe(MemorySource(data), Scope(name="a.toml", inside=inside, names=inside)))


def test_recognises_by_suffix_and_text() -> None:
    assert FORMAT.recognise(Head(MemorySource(b"a = 1"), ".toml"))
    assert not FORMAT.recognise(Head(MemorySource(b"a = 1"), ".txt"))
    assert not FORMAT.recognise(Head(MemorySource(b""), ".toml"))
    assert not FORMAT.recognise(Head(MemorySource(b"a = \0"), ".toml"))


@pytest.mark.parametrize(
    "data",
    [
        b'[tool]\ntarget = "py311"\nparams = 1\n', b'name = "os.system"\n', b"# _target_\n", b'_target_ = "Net"\n',
        b'a = "_target_"\nb = \n', b"a = 1979-05-27\n_target_ = 1\n",
    ],
)  # fmt: skip
def test_ordinary_documents_state_nothing(data: bytes) -> None:
    assert facts(data) == []


@pytest.mark.parametrize(
    "data",
    [
        b'_target_ = "os.system"', b'[a]\n"_target_" = "os.system"\n', b'[[a]]\nb = {_target_ = "os.system"}\n',
        b'"\\u005ftarget_" = "os.system"\n', b"a.b._target_ = 'os.system'", b'\xef\xbb\xbf_target_ = """os.system"""',
        b'x = "os.system"\n_target_ = "${x}"\n',
    ],
)  # fmt: skip
def test_a_target_is_a_call(data: bytes) -> None:
    assert [fact.callee for fact in facts(data) if isinstance(fact, Call)] == [Global("os", "system")]


def test_broken_toml_is_a_gap_only_inside_an_archive() -> None:
    assert facts(b"_target_ = ") == []
    assert [fact.shortfall for fact in facts(b"_target_ = ", inside=True) if isinstance(fact, Gap)] == [
        Shortfall.MALFORMED
    ]


def test_a_long_document_is_a_gap_only_with_such_a_key() -> None:
    blank = b"# x\n" * (3 << 19)
    assert facts(blank) == []
    found = facts(blank + b'_target_ = "a.b"')
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.LIMIT]


@pytest.mark.parametrize("opening", [b"[", b"{a=", b'{"_target_"='])
def test_nesting_ends(opening: bytes) -> None:
    facts(b"_target_ = " + opening * 50_000, inside=True)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100) | st.text("_target=\"'[]{}.\n #\\u0", max_size=60).map(str.encode))
def test_any_bytes_end(data: bytes) -> None:
    FORMAT.recognise(Head(MemorySource(data), ".toml"))
    facts(data, inside=True)
    facts(b'_target_ = "a.b"\n' + data, inside=True)
