"""MW308: other settings, then requirements that lead elsewhere."""

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Setting
from modelwarden.policies.untrusted_requirement import POLICY

SPAN = Span(0, 1)


def test_says_nothing_of_other_settings() -> None:
    assert POLICY.judge(Setting("loader_module", "git+https://x", "", SPAN)) is None
    assert POLICY.judge(Setting("requirement", "", "requirements.txt", SPAN)) is None


def test_reports_the_line_and_where_it_stands() -> None:
    judgement = POLICY.judge(Setting("requirement", "git+https://x.invalid/a.git", "requirements.txt", SPAN))
    assert judgement is not None
    assert judgement.subject == "git+https://x.invalid/a.git"
    assert "requirements.txt" in judgement.message


def test_a_password_in_an_address_is_not_told() -> None:
    judgement = POLICY.judge(
        Setting("requirement", "-i https://me:secret@x.invalid/simple", "requirements.txt", SPAN)
    )
    assert judgement is not None
    assert "secret" not in judgement.message + judgement.subject + judgement.argument
    assert judgement.subject == "-i https://…@x.invalid/simple"
