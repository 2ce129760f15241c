"""What is to be said of the run itself: what was not read, and what is not in the log."""

from collections import Counter
from collections.abc import Iterator, Sequence

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.record import record
from modelwarden.domain.report import Report
from modelwarden.domain.rule import Rule
from modelwarden.reports.sarif.places import NAME, Places
from modelwarden.reports.sarif.results import MESSAGE
from modelwarden.reports.sarif.rules import LEVEL
from modelwarden_sarif import model
from modelwarden_sarif.limits import MAX_NOTIFICATIONS, MAX_RESULTS
from modelwarden_sarif.sanitise import message_text

NOT_INSPECTED = "MW901"
"""The rule for files that an interrupted scan did not come to."""

LEFT_OUT = "MW906"
"""The rule for findings that are not in the log: too many, or of a file no repository path leads to."""


@record
class Notice:
    """What becomes a notification: `rule_id` is a 9xx rule, `message` escaped already."""

    rule_id: str
    message: str
    location: model.Location | None = None
    level: model.Level | None = None


def of_the_run(report: Report) -> Iterator[Notice]:
    """That the scan was interrupted."""
    if report.interrupted:
        message = "The scan was interrupted: what it had not come to yet is not in this log."
        yield Notice(NOT_INSPECTED, message, level="error")


def of_entries_left_out(kept: int, left_out: int) -> Iterator[Notice]:
    """That there was no room for all results; `left_out` counts findings."""
    if left_out:
        which = "" if kept == MAX_RESULTS else ", as many as fit"
        yield Notice(
            LEFT_OUT,
            f"Only the {kept:,} most severe findings are in this log{which}; {left_out:,} more are left out of it.",
            level="warning",
        )


def of_files_outside(findings: Sequence[Finding], places: Places) -> Iterator[Notice]:
    """That some files have no URI: one notice for each."""
    outside = Counter(finding.path.file for finding in findings if places.of(finding.path).uri is None)
    for file, count in sorted(outside.items()):
        name = message_text(places.of(ArtifactPath(file)).text, NAME)
        yield Notice(
            LEFT_OUT,
            f"{name}: {count:,} finding{'s' if count > 1 else ''} left out of this log, because the file lies "
            "outside the repository.",
            level="warning",
        )


def told(
    notices: Sequence[Notice], notes: Sequence[Note], coverage: Sequence[Rule], places: Places
) -> list[model.Notification]:
    """The notices and then the notes as notifications, at most `MAX_NOTIFICATIONS`, the last of which counts the rest.

    `coverage`: the rules that the log describes them by, in its order.
    """
    indices = {rule.id: index for index, rule in enumerate(coverage)}
    total = len(notices) + len(notes)
    shown = list(notices[:MAX_NOTIFICATIONS])
    shown += [_notice(note, places) for note in notes[: MAX_NOTIFICATIONS - len(shown)]]
    if total > MAX_NOTIFICATIONS:
        shown[-1] = Notice(LEFT_OUT, f"{total - len(shown) + 1:,} more notes are left out of this log.")
    return [
        model.make_notification(
            descriptor_id=notice.rule_id,
            descriptor_index=indices[notice.rule_id],
            level=notice.level or LEVEL[coverage[indices[notice.rule_id]].severity],
            message=notice.message,
            location=notice.location,
        )
        for notice in shown
    ]


def _notice(note: Note, places: Places) -> Notice:
    name = message_text(places.name(note.path, NAME), NAME)
    message = message_text(note.message.rstrip(" ."), MESSAGE - len(name) - len(": ."))
    location = None if places.of(note.path).uri is None else places.location(note.path, None)
    return Notice(note.rule.id, f"{name}: {message}.", location)
