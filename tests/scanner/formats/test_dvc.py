"""DVC pointers state what they stand for: the path, with the hash under which the cache keeps it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.budget import Budget, LimitReached, Limits
from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Gap, Reference, Role, Shortfall
from modelwarden.formats.dvc import FORMAT
from modelwarden.source.memory import MemorySource

HASH = "0123456789abcdef0123456789abcdef"
GOOD = f"outs:\n- md5: {HASH}\n  size: 3\n  hash: md5\n  path: model.pkl\n"


def facts(text: str | bytes) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(FORMAT.observe(MemorySource(data), Scope(name="model.pkl.dvc")))


def told(text: str) -> list[tuple[str, str]]:
    return [(fact.location, fact.holder) for fact in facts(text) if isinstance(fact, Reference)]


@pytest.mark.parametrize(
    "text",
    [GOOD, f"outs:\n- {{path: a, size: 1}}\n- path: b\n  md5: {HASH}\n", "outs:\n- path: a\n  etag: b\n"],
)
def test_recognises_a_pointer(text: str) -> None:
    assert FORMAT.recognise(Head(MemorySource(text.encode()), ".dvc"))


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        (GOOD, ".yaml"),
        ("", ".dvc"),
        ("outs:\n- path: a\n", ".dvc"),
        ("deps:\n- path: a\n  md5: b\n", ".dvc"),
        (GOOD + "\0", ".dvc"),
    ],
)
def test_does_not_recognise_others(text: str, suffix: str) -> None:
    assert not FORMAT.recognise(Head(MemorySource(text.encode()), suffix))


def test_states_path_and_hash() -> None:
    found = facts(GOOD)
    assert [(fact.role, fact.span.offset) for fact in found if isinstance(fact, Reference)] == [
        (Role.STAND_IN, GOOD.index("model.pkl"))
    ]
    assert told(GOOD) == [("model.pkl", HASH)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"outs:\n- path: a\n  md5: {HASH}.dir\n- path: b\n  etag: c\n- path: d\n",
         [("a", f"{HASH}.dir"), ("b", "c"), ("d", "")]),
        (f"wdir: ../x\nouts:\n- path: a\n  md5: {HASH}\n", [("../x/a", HASH)]),
        (f"wdir: .\nouts:\n- path: a\n  md5: {HASH}\n", [("a", HASH)]),
        (f'outs:\n- path: "..\\x2fa"\n  md5: {HASH}\n', [("../a", HASH)]),
        ("outs:\n- path: a\n  md5: 12\n", [("a", "12")]),
        ("outs: []\n", []), ("outs: x\n", []), ("outs:\n- x\n- [y]\n- {path: [z]}\n- {path: 1}\n", []), ("- outs\n", []),
    ],
)  # fmt: skip
def test_outputs_of_every_form(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "path", ["s3://bucket/a", "/etc/passwd", "../a", "a/../../b", "C:/a", "~/a", "'..\\a'"]
)
def test_an_output_elsewhere_is_a_gap(path: str) -> None:
    found = facts(f"outs:\n- path: {path}\n  md5: {HASH}\n")
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.UNSUPPORTED]


def test_a_broken_pointer_is_a_gap_after_what_came_before() -> None:
    found = facts(f"outs:\n- path: a\n  md5: {HASH}\n- path: [\n")
    assert [fact.location for fact in found if isinstance(fact, Reference)] == ["a"]
    assert [fact.shortfall for fact in found if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


def test_outputs_are_counted() -> None:
    with pytest.raises(LimitReached):
        text = b"outs:\n" + b"- path: a\n" * 20
        list(FORMAT.observe(MemorySource(text), Scope(Budget(Limits(members=10)))))


@settings(max_examples=200, deadline=None)
@given(cut=st.integers(0, len(GOOD)), rest=st.binary(max_size=30))
def test_any_mutation_ends(cut: int, rest: bytes) -> None:
    data = GOOD.encode()[:cut] + rest + GOOD.encode()[cut + len(rest) :]
    FORMAT.recognise(Head(MemorySource(data), ".dvc"))
    facts(data)
