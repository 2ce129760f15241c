"""MW905: the scanner failed on a file. A note of the scan itself: the engine makes it, no fact is judged."""

from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW905",
    name="reader-failed",
    severity=Severity.WARNING,
    summary="The scanner failed on a file.",
    explanation=(
        "Reading one file ended in an error of the scanner itself, or its process died. Other files are not affected. "
        "Nothing reliable is known of this one, so the result is incomplete."
    ),
    remedy="Do not take the file for clean. Please report it as a defect, with the message and, if you can, the file.",
)
