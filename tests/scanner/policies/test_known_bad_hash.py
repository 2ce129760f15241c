"""MW502: only what the user's list names, and nothing by itself."""

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Checksum, Name
from modelwarden.policies.known_bad_hash import POLICY, RULE, policy

SUM = "ab" * 32


def test_nothing_is_bad_by_itself() -> None:
    assert POLICY.judge(Checksum(SUM, Span(0, 1))) is None


def test_what_the_list_names_is_reported_and_nothing_else() -> None:
    listing = policy({SUM})
    assert listing.rule is RULE
    assert listing.judge(Checksum("cd" * 32, Span(0, 1))) is None
    assert listing.judge(Name(SUM, "file name", Span(0, 1))) is None
    judgement = listing.judge(Checksum(SUM, Span(0, 1)))
    assert judgement is not None
    assert judgement.subject == SUM
