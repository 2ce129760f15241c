"""The catalogue as SARIF describes rules: all of them, found or not, so that a clean log closes alerts."""

from collections.abc import Mapping

from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.reports.links import page_of
from modelwarden_sarif import model

HOME = "https://github.com/modelwarden/modelwarden"

LEVEL: Mapping[Severity, model.Level] = {
    Severity.CRITICAL: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.DEBUG: "note",
}
_SCORE = {Severity.CRITICAL: 9.8, Severity.WARNING: 5.5, Severity.INFO: 2.5}
_PRECISION: Mapping[Severity, model.Precision] = {
    Severity.CRITICAL: "very-high",
    Severity.WARNING: "high",
    Severity.INFO: "medium",
}


def rules(catalogue: Mapping[str, Rule], *, coverage: bool) -> list[Rule]:
    """The catalogue's rules by id; those that only make DEBUG findings have no place in a log that has none."""
    return [
        rule
        for _, rule in sorted(catalogue.items())
        if rule.is_coverage == coverage and (coverage or rule.severity > Severity.DEBUG)
    ]


def descriptor(rule: Rule) -> model.Rule:
    """A rule with everything dashboards show of it."""
    explanation = " ".join(rule.explanation.split())
    remedy = " ".join(rule.remedy.split())
    links = [(reference, _link(reference)) for reference in rule.references]
    text = [explanation, f"What to do: {remedy}"]
    markdown = [explanation, f"**What to do:** {remedy}"]
    if links:
        text.append("References: " + ", ".join(name for name, _ in links))
        markdown.append("\n".join(f"- [{name}]({link})" if link else f"- {name}" for name, link in links))
    return model.make_rule(
        rule_id=rule.id,
        name="".join(part.capitalize() for part in rule.name.split("-")),
        summary=rule.summary,
        description=explanation,
        help_text="\n\n".join(text),
        help_markdown="\n\n".join(markdown),
        help_uri=page_of(rule),
        level=LEVEL[rule.severity],
        cwe=rule.cwe,
        tags=() if rule.is_coverage else ("security",),
        precision=None if rule.is_coverage else _PRECISION[rule.severity],
        security_severity=None if rule.is_coverage else _SCORE[rule.severity],
    )


def _link(reference: str) -> str:
    if reference.startswith("https://"):
        return reference
    if reference.startswith("CVE-"):
        return f"https://nvd.nist.gov/vuln/detail/{reference}"
    if reference.startswith("GHSA-"):
        return f"https://github.com/advisories/{reference}"
    return ""
