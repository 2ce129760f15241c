"""The index of policies: what it says of a policy before loading it agrees with the policy."""

import random
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from modelwarden.domain.budget import Budget
from modelwarden.domain.format import Child, Head, Scope
from modelwarden.domain.observation import Gap, Observation, Remark
from modelwarden.engine.identify import identify
from modelwarden.engine.judge import Judge
from modelwarden.policies import CATALOGUE, HARMLESS, INDEX, POLICIES, STATEFUL, Entry, judges_of
from modelwarden.policies.tables.known import is_notable
from modelwarden.source.memory import MemorySource

CORPUS = Path(__file__).parents[2] / "corpus"
KINDS = frozenset(get_args(Observation)) - {Remark}
"""Of remarks only plug-ins know what they mean."""
SMALL = 20_000
"""The largest samples hold what others hold, more often."""

each_entry = pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry.name)


@cache
def facts() -> list[Observation]:
    """What the formats state about the small files of the corpus, each fact once."""
    found: dict[str, Observation] = {}
    for path in sorted(CORPUS.glob("*/**/*")):
        if path.is_file() and path.stat().st_size <= SMALL:
            source = MemorySource(path.read_bytes())
            for form in identify(Head(source, path.suffix)):
                scope = Scope(Budget(), HARMLESS, STATEFUL, is_notable, path.name)
                for fact in form.observe(source, scope):
                    if not isinstance(fact, Child | Gap):
                        found.setdefault(repr(fact), fact)
    return list(found.values())


@each_entry
def test_a_line_of_the_index_names_its_rule(entry: Entry) -> None:
    rule = CATALOGUE[entry.id]
    assert (rule.id, rule.name) == (entry.id, entry.name)
    assert rule.is_coverage is not bool(entry.judges)


@each_entry
def test_it_names_every_kind_of_fact_that_the_policy_knows(entry: Entry) -> None:
    module = import_module(f"modelwarden.policies.{entry.name.replace('-', '_')}")
    assert set(entry.judges) == KINDS.intersection(
        value for value in vars(module).values() if isinstance(value, type)
    )


def test_every_kind_of_fact_has_a_judge() -> None:
    assert {kind for entry in INDEX for kind in entry.judges} == KINDS
    assert all(judges_of(kind) for kind in KINDS)


def test_who_is_not_asked_has_nothing_to_say() -> None:
    judge = Judge()
    assert {type(fact) for fact in facts()} >= KINDS - {type(None)} - _NEVER_STATED
    for fact in random.Random(6).sample(facts(), 2000):
        said = [(policy.rule, judged) for policy in POLICIES if (judged := policy.judge(fact)) is not None]
        assert list(judge.judge(fact)) == said


_NEVER_STATED = frozenset(
    kind for kind in KINDS if kind.__name__ in ("Checksum", "Mismatch", "Name", "Numbers")
)
"""The engine states them, or they are stated only when somebody asks."""
