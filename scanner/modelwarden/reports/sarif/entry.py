"""A finding on its way to becoming a result."""

from collections.abc import Mapping

from modelwarden.domain.finding import Finding
from modelwarden.domain.record import record
from modelwarden_sarif.lines import Extent


@record(kw_only=True)
class Entry:
    """A finding at its URI, with its fingerprints; `extent`: the lines it stands in, if it gets any.

    `also`: findings of the same rule that a consumer would take for this one, and that therefore count as this one.
    """

    finding: Finding
    uri: str
    prints: Mapping[str, str]
    extent: Extent | None = None
    also: tuple[Finding, ...] = ()

    @property
    def count(self) -> int:
        """How often it occurs, all told."""
        return self.finding.count + sum(other.count for other in self.also)
