"""MW904: a file could not be understood to its end. A note of the scan itself: the engine makes it, no fact is judged."""

from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW904",
    name="malformed",
    severity=Severity.WARNING,
    summary="A file could not be understood to its end.",
    explanation=(
        "The bytes do not follow the format they claim to be, or break off. What was seen before the break is reported; "
        "what stands behind it is unknown, so the result is incomplete."
    ),
    remedy=(
        "Fetch or save the file again. If it is meant to be like this, do not load it: loaders may run what stands before "
        "the break."
    ),
)
