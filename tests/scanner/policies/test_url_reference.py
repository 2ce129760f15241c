"""MW307: hosts elsewhere, and none on this machine."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Text
from modelwarden.policies.url_reference import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "text", ["no address", "://", "http://localhost/", "http://127.0.0.1/", "https://example.com/x"]
)
def test_says_nothing_of_what_leads_nowhere(text: str) -> None:
    assert POLICY.judge(Text(text, "url", False, SPAN)) is None


@pytest.mark.parametrize("text", ["https://acme-models.net/bert", "see http://user:word@acme-models.net:80/"])
def test_names_the_host_alone(text: str) -> None:
    judgement = POLICY.judge(Text(text, "homepage", False, SPAN))
    assert judgement is not None
    assert judgement.subject == "acme-models.net"
    assert "user" not in judgement.message
