"""MW106: innocents first, then names that the file computes."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation, UnresolvedImport
from modelwarden.domain.value import UNKNOWN, Global
from modelwarden.policies.unresolvable_import import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Import(Global("os", "system"), SPAN),
        Call(UNKNOWN, (), How.REDUCE, SPAN),
        Call(Global("importlib", "import_module"), (UNKNOWN,), How.REDUCE, SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_names_that_are_written_out(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("module", "name", "subject", "message"),
    [
        ("os", None, "os.…", "Loading this file imports a name in the module os that it computes."),
        (
            None,
            "system",
            "….system",
            "Loading this file imports system from a module whose name it computes.",
        ),
        (None, None, "…", "Loading this file imports something whose module and name it computes."),
    ],
)
def test_says_which_half_is_known(module: str | None, name: str | None, subject: str, message: str) -> None:
    judgement = POLICY.judge(UnresolvedImport(module, name, SPAN))
    assert judgement is not None
    assert (judgement.subject, judgement.message) == (subject, message)
