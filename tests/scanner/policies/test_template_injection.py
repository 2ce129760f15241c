"""MW208: templates that write conversations down, then those that reach into the interpreter."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Name, Observation, Template
from modelwarden.policies.template_injection import POLICY

SPAN = Span(0, 1)


def uses(
    *attributes: str, computed: tuple[str, ...] = (), names: tuple[str, ...] = ("messages",)
) -> Template:
    return Template(
        "tokenizer.chat_template", names, attributes, ("tojson",), computed, parsed=True, span=SPAN
    )


@pytest.mark.parametrize(
    "fact",
    [
        uses(),
        uses("role", "content", "strip", "items", "append", "format", "system", "environment", "class", "init", "globals"),
        uses(names=("namespace", "raise_exception", "strftime_now", "system", "config", "request", "self", "cycler", "lipsum")),
        uses("__class__", "__name__"),
        uses("__doc__", "__name__", "__module__"),
        uses("__init__", "__new__", "__call__"),
        uses("__metadata__", "__version__", "_id"),
        uses(computed=("ansible_…", "…-…", "…a", "….…", "prefix__…")),
        Name("__class__", "general.name", SPAN),
    ],
    ids=str,
)  # fmt: skip
def test_says_nothing_of_ordinary_templates(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    "fact",
    [
        uses("__class__"),
        uses("role", "__subclasses__"),
        uses("__class__", "__name__", "__base__"),
        uses("__init__", "__globals__"),
        uses("_TemplateReference__context"),
        uses("gi_frame"),
        uses(computed=("…",)),
        uses(computed=("…class…",)),
        uses(computed=("__…__",)),
        uses(computed=("__glo…ls__",)),
        uses(computed=("gi_…",)),
    ],
    ids=str,
)
def test_reports_what_reaches_internals(fact: Observation) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert (judgement.subject, judgement.family) == ("tokenizer.chat_template", "template")
    assert "tokenizer.chat_template looks up" in judgement.message


def test_the_message_is_short_whatever_the_template_holds() -> None:
    judgement = POLICY.judge(
        uses(
            *[f"__{n}__" for n in ("class", "mro", "base", "init", "dict", "code")] * 9, computed=("…" * 900,)
        )
    )
    assert judgement is not None
    assert len(judgement.message) < 300
    assert "more" in judgement.message


def test_a_pattern_of_many_parts_is_judged_at_once() -> None:
    assert POLICY.judge(uses(computed=("…_" * 5_000,))) is None
