"""MW507: what training leaves behind, then what it does not."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Numbers
from modelwarden.policies.weight_anomaly import POLICY

SPAN = Span(0, 1)


@pytest.mark.parametrize(
    "fact",
    [
        Numbers("w", (64, 64), 4096, 0, 0, -0.2, 0.2, SPAN),
        Numbers("bias", (8192,), 8192, 0, 0, 0.0, 0.0, SPAN),
        Numbers("small", (8, 8), 64, 0, 0, 0.0, 0.0, SPAN),
        Numbers("lm_head.weight", (100, 64), 6400, 0, 0, -1.0, 1.0, SPAN, 7, 5.0, 200.0),
        Numbers("lm_head.weight", (100, 64), 6400, 0, 0, -1.0, 1.0, SPAN, 7, 40.0, 9.0),
    ],
    ids=str,
)
def test_says_nothing_of_trained_numbers(fact: Numbers) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (Numbers("w", (64, 64), 4096, 3, 1, -0.2, 0.2, SPAN), "3 of 4,096"),
        (Numbers("w", (64, 64), 4096, 0, 1, -0.2, 0.2, SPAN), "infinite"),
        (Numbers("w", (64, 64), 4096, 0, 0, 0.5, 0.5, SPAN), "no other"),
        (Numbers("data/3", (4096,), 4096, 0, 0, 0.0, 0.0, SPAN), "no other"),
        (Numbers("lm_head.weight", (100, 64), 6400, 0, 0, -1.0, 1.0, SPAN, 7, 97.0, 900.0), "row 7"),
    ],
)
def test_reports_what_it_does_not_leave(fact: Numbers, words: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == fact.tensor
    assert words in judgement.message
