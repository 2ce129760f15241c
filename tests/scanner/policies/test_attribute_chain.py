"""MW108: innocents first, then dotted names that walk out of their module."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import Global
from modelwarden.policies.attribute_chain import POLICY

SPAN = Span(0, 1)

INNOCENT: list[Observation] = [
    Import(Global("acme.nets", "Outer.Inner"), SPAN),
    Import(Global("acme.nets", "Model.from_config"), SPAN),
    Import(Global("copyreg", "__newobj__"), SPAN),
    Import(Global("builtins", "object.__new__"), SPAN),
    Import(Global("torch", "nn.Linear"), SPAN),
    Import(Global("acme.os", "Model"), SPAN),
    Call(Global("zoneinfo", "ZoneInfo._unpickle"), ("UTC", 1), How.REDUCE, SPAN),
    Call(Global("os", "system"), ("id",), How.REDUCE, SPAN),
    Call(Global("pathlib", "Path.write_text"), ("x",), How.REDUCE, SPAN),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_says_nothing_of_innocent_names(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("module", "name", "subject"),
    [
        ("pathlib", "os.system", "os.system"),
        ("pathlib", "os", "os"),
        ("tempfile2", "_os.system", "os.system"),
        ("acme.nets", "sys.modules", "sys.modules"),
        ("torch", "serialization.os.system", "os.system"),
        ("acme.nets", "helpers.subprocess.Popen", "subprocess.Popen"),
        ("acme.nets", "io.open", "io.open"),
        ("acme.nets", "pickle.loads", "pickle.loads"),
        ("builtins", "object.__subclasses__", "builtins.object.__subclasses__"),
        ("collections", "OrderedDict.__init__.__globals__", "collections.OrderedDict.__init__.__globals__"),
        ("collections", "__builtins__", "collections.__builtins__"),
        ("acme.nets", "f.__globals__.get", "acme.nets.f.__globals__.get"),
        ("builtins", "getattr.__call__", "builtins.getattr"),
        ("acme.nets", ".".join("a" * 40), "acme.nets." + ".".join("a" * 40)),
    ],
)
def test_reports_where_the_name_leads(module: str, name: str, subject: str) -> None:
    for fact in (
        Import(Global(module, name), SPAN),
        Call(Global(module, name), ("id",), How.REDUCE, SPAN),
    ):
        judgement = POLICY.judge(fact)
        assert judgement is not None
        assert judgement.subject == subject


def test_the_message_shows_the_call_and_how_it_is_written() -> None:
    judgement = POLICY.judge(Call(Global("pathlib", "os.system"), ("id",), How.REDUCE, SPAN))
    assert judgement is not None
    assert judgement.message == (
        "Loading this file runs os.system(…), written pathlib.os.system: the name walks through the module os."
    )


def test_a_name_of_a_hundred_thousand_steps_is_judged_at_once() -> None:
    judgement = POLICY.judge(Import(Global("a" + ".a" * 100_000, "b" + ".b" * 100_000), SPAN))
    assert judgement is not None
    assert len(judgement.subject) <= 200
