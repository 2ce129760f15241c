"""Files of templates are recognised by suffix and markers, and read once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.format import Fact, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall, Template
from modelwarden.formats.jinja import FORMAT
from modelwarden.source.memory import MemorySource
from tests.corpus.malicious_gguf import TEMPLATES
from tests.corpus.templates import CHATS, OTHERS


def recognised(text: str | bytes, suffix: str = ".jinja") -> bool:
    data = text.encode() if isinstance(text, str) else text
    return FORMAT.recognise(Head(MemorySource(data), suffix))


def facts(text: str, name: str = "chat_template.jinja") -> list[Fact]:
    return list(FORMAT.observe(MemorySource(text.encode()), Scope(name=name)))


@pytest.mark.parametrize("text", list(CHATS.values()), ids=list(CHATS))
def test_a_chat_template_is_one_fact(text: str) -> None:
    assert recognised(text)
    (found,) = facts(text)
    assert isinstance(found, Template)
    assert (found.holder, found.parsed, found.span.length) == (
        "chat_template.jinja",
        True,
        len(text.encode()),
    )


@pytest.mark.parametrize("name", list(OTHERS))
def test_templates_for_other_tools_are_no_gap(name: str) -> None:
    assert recognised(OTHERS[name], f".{name.rpartition('.')[2]}")
    assert not [fact for fact in facts(OTHERS[name], name) if isinstance(fact, Gap)]


@pytest.mark.parametrize("text", list(TEMPLATES.values()), ids=list(TEMPLATES))
def test_hostile_templates_are_recognised(text: str) -> None:
    assert recognised(text)
    assert recognised(" " * 9_000 + text)
    (found, *_) = facts(text)
    assert isinstance(found, Template)
    assert found.computed or [name for name in found.attributes if name.startswith(("_", "gi_"))]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("", ".jinja"), ("plain words", ".jinja2"), ("{ one brace }", ".template"), ("{{ x }}", ".txt"), ("{{ x }}", ""),
        (b"\0\0{{ x }}", ".j2"), ("{{ x }}" + " " * (3 << 20), ".template"),
    ],
)  # fmt: skip
def test_leaves_other_files_alone(text: str | bytes, suffix: str) -> None:
    assert not recognised(text, suffix)


def test_a_chat_template_that_is_no_jinja_is_a_gap() -> None:
    assert [fact.shortfall for fact in facts("{% if %}") if isinstance(fact, Gap)] == [Shortfall.MALFORMED]
    assert not [fact for fact in facts("{% if %}", "stack.template") if isinstance(fact, Gap)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_end_without_an_error(data: bytes) -> None:
    FORMAT.recognise(Head(MemorySource(data), ".j2"))
    for text in (data, b"{{" + data + b"}}"):
        assert list(FORMAT.observe(MemorySource(text), Scope(name="a.j2")))
