"""MW903: the content is somewhere else. A note of the scan itself: the engine makes it, no fact is judged."""

from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW903",
    name="content-absent",
    severity=Severity.WARNING,
    summary="The content is somewhere else.",
    explanation=(
        "What is there only stands for a model: a Git LFS pointer, or a reference to a file that is missing. The model "
        "itself was not scanned, so the result is incomplete."
    ),
    remedy="Fetch the content (for Git LFS: git lfs pull) and scan again.",
)
