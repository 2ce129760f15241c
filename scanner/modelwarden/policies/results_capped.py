"""MW906: more was found than is reported. A note of the scan itself: the engine makes it, no fact is judged."""

from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW906",
    name="results-capped",
    severity=Severity.INFO,
    summary="More was found than is reported.",
    explanation=(
        "The number of findings reached the limit of the report. The most severe are kept; others are left out and "
        "counted."
    ),
    remedy="Scan fewer files at a time, or look at the JSON report, which holds all of them.",
)
