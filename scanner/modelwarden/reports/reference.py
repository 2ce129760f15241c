"""What `modelwarden rules` and `modelwarden formats` show: the catalogue and the formats as lines."""

from collections.abc import Iterable, Iterator

from modelwarden.domain.format import Format
from modelwarden.domain.rule import Rule
from modelwarden.reports.lines import BLANK, Line, Part, Style, line
from modelwarden.reports.text import SEVERITY_STYLE


def rule_table(rules: Iterable[Rule]) -> list[Line]:
    """One line for each rule: id, severity, name, summary."""
    rows = [(rule.id, _severity(rule), rule.name, rule.summary) for rule in rules]
    names = max((len(row[2]) for row in rows), default=0)
    return [
        line(summary, label=Part(f"{id_}  {severity:<8}  {name:<{names}}  "))
        for id_, severity, name, summary in rows
    ]


def rule_text(rule: Rule) -> Iterator[Line]:
    """Everything the catalogue says about one rule."""
    style = Style.WARNING if rule.is_coverage else SEVERITY_STYLE[rule.severity]
    yield line(Part(f"{rule.id} {rule.name}", Style.STRONG), "  ", Part(_severity(rule), style))
    yield line(rule.summary)
    for label, text in (("Why  ", rule.explanation), ("Fix  ", rule.remedy)):
        yield BLANK
        yield line(text, label=Part(label, Style.STRONG))
    if rule.cwe or rule.references:
        yield BLANK
        known = [*(f"CWE-{number}" for number in rule.cwe), *rule.references]
        yield line(", ".join(known), label=Part("See  ", Style.STRONG))


def format_table(formats: Iterable[Format]) -> list[Line]:
    """One line for each format: name, title, suffixes (those in brackets are shared with other kinds of file)."""
    rows = [
        (
            format_.name,
            format_.title,
            ", ".join([*format_.suffixes, *(f"({suffix})" for suffix in format_.ambiguous_suffixes)]),
        )
        for format_ in formats
    ]
    names = max((len(name) for name, _, _ in rows), default=0)
    titles = max((len(title) for _, title, _ in rows), default=0)
    return [
        line(suffixes, label=Part(f"{name:<{names}}  {title:<{titles}}  ")) for name, title, suffixes in rows
    ]


def _severity(rule: Rule) -> str:
    return "not read" if rule.is_coverage else rule.severity.name.lower()
