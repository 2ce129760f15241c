"""An entry as a SARIF result."""

from collections.abc import Sequence

from modelwarden.domain.finding import Finding
from modelwarden.reports.sarif.entry import Entry
from modelwarden.reports.sarif.places import NAME, QUALIFIED_NAME, Places
from modelwarden.reports.sarif.rules import LEVEL
from modelwarden_sarif import model
from modelwarden_sarif.sanitise import message_text, visible

MESSAGE = 1_000
_OTHERS = 300
_MOST_OTHERS = 10


def result(entry: Entry, places: Places, *, rule_index: int, artifact_index: int) -> model.Result:
    """What was found and where, with its fingerprints and, when it is suppressed, why."""
    finding = entry.finding
    suppression = finding.suppression
    return model.make_result(
        rule_id=finding.rule.id,
        rule_index=rule_index,
        level=LEVEL[finding.rule.severity],
        message=_message(entry),
        location=places.location(finding.path, artifact_index, entry.extent),
        fingerprints=entry.prints,
        count=entry.count,
        justification=None if suppression is None else visible(suppression.justification, MESSAGE),
        properties=_properties(entry),
    )


def _properties(entry: Entry) -> dict[str, object]:
    finding = entry.finding
    properties: dict[str, object] = {"subject": visible(finding.subject, NAME)}
    if finding.path.members:
        properties["member"] = visible("!".join(finding.path.members), QUALIFIED_NAME)
    properties["offset"] = finding.span.offset
    properties["format"] = finding.format
    if finding.opcode:
        properties["opcode"] = finding.opcode
    if finding.family:
        properties["family"] = finding.family
    properties["count"] = entry.count
    if entry.also:
        properties["findings"] = 1 + len(entry.also)
    return properties


def _message(entry: Entry) -> str:
    """What was found and where in the file; neither the place nor the others are cut off by however long a message."""
    finding = entry.finding
    where = f"offset {finding.span.offset}"
    if finding.path.members:
        where = f"member {message_text('!'.join(finding.path.members), NAME)}, {where}"
    if finding.count > 1:
        where += f", {finding.count} times"
    others = _others(entry.also)
    what = message_text(finding.message.rstrip(" ."), MESSAGE - len(where) - len(" ().") - len(others))
    return f"{what} ({where}).{others}"


def _others(also: Sequence[Finding]) -> str:
    """That more findings count as this one, and what they are about."""
    if not also:
        return ""
    subjects = ", ".join(dict.fromkeys(other.subject for other in also[:_MOST_OTHERS] if other.subject))
    many = (
        "1 more finding of this rule counts"
        if len(also) == 1
        else f"{len(also):,} more findings of this rule count"
    )
    named = f": {message_text(subjects, _OTHERS)}" if subjects else ""
    return f" {many} as this one, being in the same line{named}."
