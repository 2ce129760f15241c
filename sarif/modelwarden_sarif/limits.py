"""What the consumers of a log accept: the union of GitHub's and GitLab's limits.

Sources: GitHub Docs, "SARIF support for code scanning" (5,000 results kept, 10 tags, 255 and 1,024 characters); GitLab Docs,
"SARIF reports" (5,000 results, help URI of 2,048 characters; a string over its limit costs the whole result).
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

MAX_RESULTS = 5_000
MAX_BYTES = 10_000_000
"""Of the whole log, as it is: GitLab's limit for an artifact of this kind; GitHub has it for the compressed one."""

MAX_NOTIFICATIONS = 1_000
"""Nobody documents one; a thousand lines about the scan itself are more than anybody reads."""

MAX_TAGS = 10

MAX_NAME = 255
MAX_DESCRIPTION = 1_024
MAX_MESSAGE = 1_024
MAX_HELP_URI = 2_048
"""Characters of a rule's name, of a short or full description, of a result's message, of a help URI."""

T = TypeVar("T")


def most_severe(
    items: Sequence[T], severity: Callable[[T], float], limit: int = MAX_RESULTS
) -> tuple[list[T], int]:
    """The `limit` items of highest severity in their own order, and how many were left out.

    Among equals the earlier ones stay, so the choice does not depend on anything but the order given.
    """
    if len(items) <= limit:
        return list(items), 0
    ranked = sorted(range(len(items)), key=lambda index: -severity(items[index]))
    return [items[index] for index in sorted(ranked[:limit])], len(items) - limit


def first_tags(tags: Sequence[str]) -> list[str]:
    """The first `MAX_TAGS` distinct tags, in the order given."""
    return list(dict.fromkeys(tags))[:MAX_TAGS]
