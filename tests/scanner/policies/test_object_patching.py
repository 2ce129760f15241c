"""MW107: innocents first, then changes of what the program shares."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation, Patch
from modelwarden.domain.value import Global
from modelwarden.policies.object_patching import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Call(Global("collections", "OrderedDict"), (), How.REDUCE, SPAN),
        Call(Global("acme.nets", "Model"), (), How.NEWOBJ, SPAN),
        Import(Global("sys", "modules"), SPAN),
    ],
    ids=str,
)
def test_says_nothing_of_fresh_instances(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize("how", [How.BUILD, How.SETITEM, How.SETITEMS, How.APPEND, How.APPENDS, How.ADDITEMS])
@pytest.mark.parametrize(
    "target",
    [
        Global("sys", "modules"),
        Global("os", "environ"),
        Global("acme.nets", "Model"),
        Global("argparse", "Namespace"),
    ],
    ids=str,
)
def test_reports_what_is_changed_and_how(target: Global, how: How) -> None:
    judgement = POLICY.judge(Patch(target, how, SPAN))
    assert judgement is not None
    assert judgement.subject == str(target)
    assert judgement.message == f"Loading this file changes {target} ({how}) for the whole process."
