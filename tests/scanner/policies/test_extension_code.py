"""MW112: innocents first, then names by number."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, ExtensionCode, How, Import, Observation
from modelwarden.domain.value import Global
from modelwarden.policies.extension_code import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Call(Global("copyreg", "__newobj__"), (Global("acme", "Model"),), How.REDUCE, SPAN),
        Call(Global("acme", "add_extension"), ("os", "system", 7), How.REDUCE, SPAN),
        Import(Global("copyreg", "__newobj__"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_names_that_are_written_out(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


def test_reports_the_code() -> None:
    judgement = POLICY.judge(ExtensionCode(241, SPAN))
    assert judgement is not None
    assert judgement.subject == "extension code 241"


@pytest.mark.parametrize("module", ["copyreg", "copy_reg"])
def test_reports_a_registration(module: str) -> None:
    judgement = POLICY.judge(Call(Global(module, "add_extension"), ("os", "system", 7), How.REDUCE, SPAN))
    assert judgement is not None
    assert judgement.subject == "copyreg.add_extension"
    assert judgement.argument == '"os", "system", 7'


def test_reports_a_registration_that_is_only_imported() -> None:
    judgement = POLICY.judge(Import(Global("copyreg", "add_extension"), SPAN))
    assert judgement is not None
    assert judgement.message.startswith("Loading this file imports copyreg.add_extension")
