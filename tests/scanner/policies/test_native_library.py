"""MW207: references to data first, then to native code."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Reference, Role
from modelwarden.policies.native_library import POLICY

SPAN = Span(4, 30)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LIBRARY])
def test_says_nothing_of_other_references(role: Role) -> None:
    assert POLICY.judge(Reference(role, "libx.so", "w", SPAN)) is None


@pytest.mark.parametrize("location", ["libx.so", "../x.dll", "/opt/plugin.dylib", "plugin"])
def test_reports_every_library_wherever_it_lies(location: str) -> None:
    judgement = POLICY.judge(Reference(Role.LIBRARY, location, "layer 7", SPAN))
    assert judgement is not None
    assert judgement.subject == location
    assert judgement.message == f"Loading may load the native code of {location}; layer 7 names it."
    assert judgement.family == "native"


def test_keeps_an_attackers_text_short() -> None:
    judgement = POLICY.judge(Reference(Role.LIBRARY, "n" * 10_000, "h" * 10_000, SPAN))
    assert judgement is not None
    assert len(judgement.message) < 800
