"""Plug-ins that exist for the length of one test."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from modelwarden import formats, policies
from modelwarden.plugins import loading
from modelwarden.scanners import SCANNER_REGISTRY

FORMAT = """
    from modelwarden import Child, Format, Gap, Remark, Shortfall, Span, register

    def recognise(head):
        return head.start.startswith(b"ACME")

    def observe(source, scope):
        text = source.read(0, 1000)
        print("noise")
        if b"evil" in text:
            yield Remark("acme-hook", "on_load", "Loading runs the hook on_load.", Span(text.index(b"evil"), 4), "rm -r")
        if b"broken" in text:
            raise RuntimeError("a secret of the file")
        if b"exit" in text:
            raise SystemExit(0)
        if b"die" in text:
            import os
            os._exit(3)
        if b"wrong" in text:
            yield "no fact"

    FORMAT = Format(name="acme", title="Acme model", suffixes=(".acme",), recognise=recognise, observe=observe)
"""
POLICY = """
    from modelwarden import Judgement, Policy, Remark, Rule, Severity, register

    RULE = Rule(
        id="ACME001", name="acme-hook", severity=Severity.CRITICAL, summary="A hook runs when the model is loaded.",
        explanation="Acme models may name a hook.", remedy="Remove it.", cwe=(94,),
    )

    def judge(fact):
        if isinstance(fact, Remark) and fact.topic == "acme-hook":
            return Judgement(fact.subject, fact.detail, fact.argument)
        return None

    POLICY = Policy(RULE, judge)
"""


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test registers is gone after it."""
    modules = set(sys.modules)
    yield
    SCANNER_REGISTRY.clear()
    for registry in (formats.ADDED, policies.ADDED):
        for plugin in ["", *loading.LOADED]:
            registry.forget(plugin)
    loading.LOADED.clear()
    for module in set(sys.modules) - modules:
        if module.startswith("acme"):
            del sys.modules[module]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Writes a module that can be imported."""
    place = tmp_path / "modules"
    place.mkdir()
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setenv("PYTHONPATH", str(place))

    def write(name: str, text: str) -> Path:
        file = place / f"{name}.py"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def acme(module: Callable[[str, str], Path]) -> str:
    """The name of a module that registers a format and a policy."""
    module(
        "acme_models",
        dedent(FORMAT) + dedent(POLICY) + "\nregister(FORMAT)\nregister(POLICY)\nprint('noise')\n",
    )
    return "acme_models"


@pytest.fixture
def distribution(module: Callable[[str, str], Path]) -> str:
    """The name of an installed distribution with entry points."""
    home = (
        module("acme_parts", dedent(FORMAT) + dedent(POLICY) + _REPORTERS).parent
        / "acme_for_wardens-1.0.dist-info"
    )
    home.mkdir()
    (home / "METADATA").write_text("Metadata-Version: 2.1\nName: Acme.for-wardens\nVersion: 1.0\n")
    (home / "entry_points.txt").write_text(
        "[modelwarden.formats]\nacme = acme_parts:FORMAT\n[modelwarden.policies]\nacme-hook = acme_parts:POLICY\n"
        "[modelwarden.reporters]\nacme-lines = acme_parts:Lines\nacme-broken = acme_parts:broken\n"
    )
    return "acme-for-wardens"


_REPORTERS = """
class Lines:
    def __call__(self, outcome):
        return "".join(f"{one.rule.id} {one.path}\\n" for one in outcome.findings)

def broken(outcome):
    raise KeyError("nothing")
"""
