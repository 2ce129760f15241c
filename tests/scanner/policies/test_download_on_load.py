"""MW303: references that fetch nothing first, then downloads."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Reference, Role
from modelwarden.policies.download_on_load import POLICY

SPAN = Span(4, 30)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DOWNLOAD])
def test_says_nothing_of_other_references(role: Role) -> None:
    assert POLICY.judge(Reference(role, "https://host/x", "w", SPAN)) is None


def test_reports_a_download_without_its_secrets() -> None:
    judgement = POLICY.judge(
        Reference(Role.DOWNLOAD, "https://me:secret@host/x.zip?t=secret", "get_file", SPAN)
    )
    assert judgement is not None
    assert judgement.subject == "https://host/x.zip"
    assert judgement.message == "Loading fetches https://host/x.zip from the network; get_file names it."
    assert judgement.family == "network"


def test_needs_no_holder() -> None:
    judgement = POLICY.judge(Reference(Role.DOWNLOAD, "https://host/x", "", SPAN))
    assert judgement is not None
    assert judgement.message.endswith("from the network.")
