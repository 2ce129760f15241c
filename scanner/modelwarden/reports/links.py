"""Where the texts of a rule lead: its own page, its weaknesses, its references."""

from modelwarden.domain.rule import Rule

HOME = "https://github.com/modelwarden/modelwarden"


def page_of(rule: Rule) -> str:
    """The rule in the documentation; of a rule of a plug-in, what those are."""
    if not rule.id.startswith("MW"):
        return f"{HOME}/blob/main/docs/extending.md#rules-of-plug-ins"
    return f"{HOME}/blob/main/docs/rules.md#{rule.id.lower()}"


def page_of_weakness(number: int) -> str:
    """A CWE in MITRE's list."""
    return f"https://cwe.mitre.org/data/definitions/{number}.html"


def page_of_reference(reference: str) -> str:
    """Where a reference of a rule leads; empty when it is only a name."""
    if reference.startswith("https://"):
        return reference
    if reference.startswith("CVE-"):
        return f"https://nvd.nist.gov/vuln/detail/{reference}"
    if reference.startswith("GHSA-"):
        return f"https://github.com/advisories/{reference}"
    return ""
