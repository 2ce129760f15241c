"""A scanner written for ModelAudit as a format of ours and four rules, one for each severity that an issue may have.

Its files are read by every other format that recognises them, too. It opens files by their path, so it is asked about files on
disk, never about members of archives: nothing here is unpacked.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Observation, Remark, Shortfall
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.record import record
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.scanners.base import CONFIG, BaseScanner, Issue, ScanResult
from modelwarden.source.file import FileSource

FAMILY = "scanner"
"""The family of findings that say what an issue said; their argument is JSON (`told`)."""
_LONGEST = 1 << 16


@record
class Adapted:
    """What a scanner has become."""

    format: Format
    policies: tuple[Policy, ...]


def adapt(scanner: type[BaseScanner]) -> Adapted:
    """Raises TypeError for what is no scanner, ValueError for one without a name."""
    if not _is_scanner(scanner):
        raise TypeError(f"{scanner!r} is no subclass of BaseScanner")
    if not scanner.name:
        raise ValueError(f"{scanner.__name__} has no name")
    name = re.sub(r"[^a-z0-9_-]+", "-", scanner.name.lower()).strip("-_")
    form = Format(
        name=name,
        title=scanner.description or scanner.name,
        suffixes=(),
        ambiguous_suffixes=tuple(suffix.lower() for suffix in scanner.supported_extensions),
        recognise=_recogniser(scanner),
        observe=_observer(scanner, name),
    )
    return Adapted(
        form, tuple(_policy(scanner, name, severity) for severity in sorted(Severity, reverse=True))
    )


def told(argument: str) -> tuple[dict[str, Any], str]:
    """The details and the reason of an issue, from the argument of its finding."""
    try:
        said: object = json.loads(argument)
    except ValueError:
        return {}, ""
    match said:
        case {"details": dict(details), "why": str(why)}:
            return details, why
    return {}, ""


def _recogniser(scanner: type[BaseScanner]) -> Callable[[Head], bool]:
    def recognise(head: Head) -> bool:
        return isinstance(head.source, FileSource) and bool(scanner.can_handle(head.source.path))

    return recognise


def _observer(scanner: type[BaseScanner], name: str) -> Callable[[ByteSource, Scope], Iterator[Fact]]:
    def observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
        if not isinstance(source, FileSource):
            yield Gap(Shortfall.UNSUPPORTED, f"the scanner {name} reads files on disk only")
            return
        running = scanner(CONFIG.get())
        failure: Exception | None = None
        results: list[ScanResult]
        try:
            result = running.scan(source.path)
            results = [_checked(result)]
        except Exception as error:  # noqa: BLE001  # what it had found until then stands; then it is raised again
            failure, results = error, running.results
        for each in results:
            yield from (_remark(issue, name, source) for issue in each.issues)
        if failure is not None:
            raise failure
        if not all(each.success for each in results):
            yield Gap(Shortfall.FAILED, f"the scanner {name} says that it could not read it")

    return observe


def _is_scanner(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseScanner)


def _checked(result: object) -> ScanResult:
    if not isinstance(result, ScanResult):
        raise TypeError("scan() returned no ScanResult")
    return result


def _remark(issue: Issue, name: str, source: FileSource) -> Remark:
    elsewhere = issue.location not in ("", source.path)
    said = json.dumps({"details": issue.details or {}, "why": issue.why}, sort_keys=True, default=str)
    return Remark(
        f"{name}-{issue.severity}",
        f"{issue.message} ({issue.location})" if elsewhere else issue.message,
        issue.message,
        Span(0, source.size),
        said if len(said) <= _LONGEST else "",
    )


def _policy(scanner: type[BaseScanner], name: str, severity: Severity) -> Policy:
    topic = f"{name}-{severity.name.lower()}"
    about = scanner.description or scanner.name
    prefix = "X-" if topic.upper().startswith("MW") else ""
    rule = Rule(
        id=f"{prefix}{topic}".upper(),
        name=f"{prefix.lower()}{topic}".replace("_", "-"),
        severity=severity,
        summary=f"The scanner {scanner.name} has found an issue.",
        explanation=f"It was found by a plug-in of your own: {about}",
        remedy="See what the scanner says, and its documentation.",
    )

    def judge(fact: Observation) -> Judgement | None:
        if not isinstance(fact, Remark) or fact.topic != topic:
            return None
        return Judgement(fact.subject, fact.detail, fact.argument, FAMILY)

    return Policy(rule, judge)
