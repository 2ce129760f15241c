"""MW507: the numbers of a tensor are not what training leaves behind."""

from modelwarden.domain.observation import Numbers, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW507",
    name="weight-anomaly",
    severity=Severity.INFO,
    summary="The numbers of a tensor are not what training leaves behind.",
    explanation=(
        "Looked for with `--weights` only: NaN or infinity among the numbers; a table of at least 4,096 numbers that are all the "
        "same; a layer named like an output layer of which one row is at least 20 times as long as the middle one and at least "
        "50 median deviations away from it, as when somebody patched a class or a token by hand. The first two mean a broken or "
        "empty tensor, the last can be a backdoor; all can be innocent: missing values of a data set, an adapter that was never "
        "trained, a token of its own kind. Quantised numbers are not looked at."
    ),
    remedy="Compare the tensor with the one of the original publisher, or with a copy from before.",
)

SAME_AT_LEAST = 4_096
"""Biases and scales are short, and rightly all zero or one when training did not touch them; a table of weights is drawn at
random."""
RATIO = 20.0
"""Chosen with room: in ordinary output layers and embeddings rows differ by small factors, and unused ones are shorter."""
DEVIATIONS = 50.0
"""Of normally distributed lengths none is ever ten median deviations away; there is room for heavy tails."""


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Numbers(tensor):
            what = _told(fact)
            if not what:
                return None
            name = shorten(tensor)
            return Judgement(subject=name, message=f"The tensor {name} {what}.", family="weights")
    return None


def _told(fact: Numbers) -> str:
    if fact.nans or fact.infinities:
        if fact.nans:
            return f"holds {fact.nans:,} of {fact.count:,} numbers that are none (NaN)"
        return f"holds {fact.infinities:,} infinite ones of {fact.count:,} numbers"
    table = sum(size > 1 for size in fact.shape) > 1 or fact.tensor.startswith("data/")
    if fact.lowest == fact.highest and fact.count >= SAME_AT_LEAST and table:
        return f"holds the number {fact.lowest:g} {fact.count:,} times and no other"
    if fact.row >= 0 and fact.ratio >= RATIO and fact.deviations >= DEVIATIONS:
        return f"has {fact.shape[0]:,} rows, of which row {fact.row:,} is {fact.ratio:,.0f} times as long as the middle one"
    return ""


POLICY = Policy(RULE, _judge)
