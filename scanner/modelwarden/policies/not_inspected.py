"""MW901: something was not inspected. A note of the scan itself: the engine makes it, no fact is judged."""

from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW901",
    name="not-inspected",
    severity=Severity.WARNING,
    summary="Something was not inspected.",
    explanation=(
        "A file or a part of it could not be inspected: its format or its compression is not supported, it is encrypted, "
        "or it could not be read. Nothing is known of its content, so the result is incomplete; it is not a clean result."
    ),
    remedy=(
        "The reason is told with it. Make it readable, decrypt or unpack it and scan again, give it to a scanner that knows "
        "the format, or exclude it if it is no "
        "model."
    ),
)
