"""MW217: other programs, then the one that carries its model."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Observation, Place, Program
from modelwarden.domain.severity import Severity
from modelwarden.policies.runtime_executable import POLICY, RULE

SPAN = Span(0, 1)


@pytest.mark.parametrize("kind", ["ELF", "PE", "Mach-O", "Python", "script"])
@pytest.mark.parametrize("place", list(Place))
def test_says_nothing_of_other_programs(kind: str, place: Place) -> None:
    fact: Observation = Program(kind, place, "tool", SPAN)
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("name", "shown"), [("mistral.llamafile", "mistral.llamafile is"), ("", "The file is")]
)
def test_tells_of_a_llamafile_without_alarm(name: str, shown: str) -> None:
    judgement = POLICY.judge(Program("llamafile", Place.FILE, name, SPAN))
    assert judgement is not None
    assert judgement.message.startswith(shown)
    assert RULE.severity is Severity.INFO
