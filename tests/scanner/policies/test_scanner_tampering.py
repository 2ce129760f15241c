"""MW115: innocents first, then scanners."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import Global
from modelwarden.policies.scanner_tampering import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Import(Global("modelscanner.nets", "Model"), SPAN),
        Import(Global("acme.modelscan", "Model"), SPAN),
        Call(Global("collections", "OrderedDict"), (), How.REDUCE, SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_names_that_only_look_alike(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("modelwarden.policies", "POLICIES"),
        ("modelwarden_sarif", "encode"),
        ("modelscan.settings", "DEFAULT_SETTINGS"),
        ("picklescan.scanner", "_unsafe_globals"),
        ("fickling.hook", "run_hook"),
        ("modelaudit", "scan"),
    ],
)
def test_reports_import_call_and_instance(module: str, name: str) -> None:
    target = Global(module, name)
    for fact in (
        Import(target, SPAN),
        Call(target, (), How.REDUCE, SPAN),
        Call(target, (), How.NEWOBJ, SPAN),
    ):
        judgement = POLICY.judge(fact)
        assert judgement is not None
        assert judgement.subject == f"{module}.{name}"
