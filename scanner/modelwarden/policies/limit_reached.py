"""MW902: a limit stopped the scan of a file. A note of the scan itself: the engine makes it, no fact is judged."""

from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW902",
    name="limit-reached",
    severity=Severity.WARNING,
    summary="A limit stopped the scan of a file.",
    explanation=(
        "Reading a file reached a limit of time, size, depth or number of members. What was seen before is reported; what "
        "stands behind the limit is unknown, so the result is incomplete. Files made to exhaust scanners look like this, "
        "and so do very large honest ones."
    ),
    remedy="Scan the parts on their own, or raise the limit for files that you trust to be large.",
)
