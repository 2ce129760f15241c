"""What a rule is; its text lives in the policy that judges it and nowhere else."""

from modelwarden.domain.record import record
from modelwarden.domain.severity import Severity


@record(kw_only=True)
class Rule:
    """One entry of the catalogue.

    `id` is stable for ever and never reused; `name` equals the file name of its policy (hyphens for underscores).
    `cwe` holds CWE numbers, `references` public identifiers or links (CVE-…, GHSA-…, https://…).
    """

    id: str
    name: str
    severity: Severity
    summary: str
    explanation: str
    remedy: str
    cwe: tuple[int, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def is_coverage(self) -> bool:
        """Whether the rule speaks of the scan itself (9xx): a note, never a finding."""
        return self.id.startswith("MW9")
