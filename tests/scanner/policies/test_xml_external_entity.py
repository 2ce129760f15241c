"""MW304: other oddities first, then its own."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Quirk
from modelwarden.policies.xml_external_entity import POLICY

SPAN = Span(4, 30)


@pytest.mark.parametrize("quirk", [quirk for quirk in Quirk if quirk is not Quirk.XML_ENTITY])
def test_says_nothing_of_other_oddities(quirk: Quirk) -> None:
    assert POLICY.judge(Anomaly(quirk, "xxe", "something is odd", SPAN)) is None


def test_names_the_thing_and_the_detail() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.XML_ENTITY, "xxe", "declares the entity xxe", SPAN))
    assert judgement is not None
    assert judgement.subject == "xxe"
    assert judgement.message == "The document declares the entity xxe."


def test_keeps_an_attackers_text_short() -> None:
    judgement = POLICY.judge(Anomaly(Quirk.XML_ENTITY, "n" * 10_000, "d" * 10_000, SPAN))
    assert judgement is not None
    assert len(judgement.subject) <= 200
    assert len(judgement.message) < 800
