"""Gathers what the scan of one file brings up: the same problem once, with a count.

What is the same depends on how bad it is. What is certain to be an attack stands for itself: every member that does it, and every
argument it does it with, up to a number. Of a warning every member has its own. What only informs is said once a file. Where
findings with other arguments become one, it bears their digest: a baseline must not take a new payload for an old one.
"""

from typing import TypeAlias

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.observation import Call, Gap, Observation, Patch
from modelwarden.domain.policy import Judgement
from modelwarden.domain.record import replace
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.engine.redact import redact
from modelwarden.policies import CATALOGUE

_ARGUMENTS = 20
"""So many arguments of one call in one member are findings of their own; what has more is not told better by more."""
_DISTINCT = 4096
"""So many arguments are told apart in a digest; after that each use changes it."""

_Key: TypeAlias = tuple[str, str, tuple[str, ...], str]


class Collection:
    """Findings and notes of one file on disk; equal findings are one, at its first place.

    `most`: how many findings are kept. More come from a file that is made to be long in the reading; what is dropped is counted
    and said.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._dropped: dict[ArtifactPath, int] = {}
        self._findings: dict[_Key, Finding] = {}
        self._arguments: dict[_Key, int] = {}
        self._variants: dict[_Key, _Variants] = {}
        self._notes: dict[tuple[str, ArtifactPath, str], Note] = {}

    def add_finding(
        self, rule: Rule, judgement: Judgement, fact: Observation, path: ArtifactPath, form: str
    ) -> None:
        """Keep a finding, or count it when its problem is known."""
        argument = redact(judgement.argument)
        key = self._key(rule, judgement.subject, path, argument)
        times = fact.times if isinstance(fact, Call) else 1
        known = self._findings.get(key)
        if known is not None:
            if key in self._variants or known.argument != argument:
                self._variants.setdefault(key, _Variants(known.argument)).add(argument)
            self._findings[key] = replace(known, count=known.count + times)
            return
        if len(self._findings) >= self._most:
            self._dropped[path] = self._dropped.get(path, 0) + 1
            return
        self._findings[key] = Finding(
            rule=rule,
            path=path,
            subject=redact(judgement.subject),
            message=redact(judgement.message),
            span=fact.span if fact.span.offset >= 0 else Span(0, fact.span.length),
            format=form,
            argument=argument,
            family=judgement.family,
            opcode=fact.how if isinstance(fact, Call | Patch) else "",
            count=times,
        )

    def _key(self, rule: Rule, subject: str, path: ArtifactPath, argument: str) -> _Key:
        """What a finding is counted under."""
        if rule.severity < Severity.WARNING:
            return rule.id, subject, (), ""
        if rule.severity < Severity.CRITICAL or not argument:
            return rule.id, subject, path.members, ""
        key = rule.id, subject, path.members, argument
        if key not in self._findings:
            others = rule.id, subject, path.members, ""
            count = self._arguments[others] = self._arguments.get(others, 0) + 1
            if count > _ARGUMENTS:
                return others
        return key

    def add_gap(self, gap: Gap, path: ArtifactPath) -> None:
        """Keep a note of what was not read."""
        rule = CATALOGUE[gap.shortfall]
        detail = redact(gap.detail)
        self._notes.setdefault((rule.id, path, detail), Note(rule=rule, path=path, message=detail))

    @property
    def findings(self) -> list[Finding]:
        """In the order of the report: severity (worst first), members, rule, offset, subject."""
        told = (
            replace(one, variants=self._variants[key].digest) if key in self._variants else one
            for key, one in self._findings.items()
        )
        return sorted(told, key=order)

    @property
    def notes(self) -> list[Note]:
        """In the order they came up; last, how many findings were more than a file may have."""
        capped = [
            Note(
                rule=CATALOGUE["MW906"],
                path=path,
                message=f"{count:,} more findings than the {self._most:,} that are kept",
            )
            for path, count in self._dropped.items()
        ]
        return [*self._notes.values(), *capped]


class _Variants:
    """The arguments of one finding, told apart whatever their order."""

    def __init__(self, first: str) -> None:
        self._seen: set[int] = set()
        self._sum = 0
        self.add(first)

    def add(self, argument: str) -> None:
        """Another use; the same argument again changes nothing."""
        from hashlib import blake2b  # few files have such findings

        value = int.from_bytes(blake2b(argument.encode("utf-8", "surrogatepass"), digest_size=16).digest())
        if value in self._seen:
            return
        if len(self._seen) < _DISTINCT:
            self._seen.add(value)
        self._sum = (self._sum + value) % (1 << 128)

    @property
    def digest(self) -> str:
        """32 hexadecimal digits."""
        return f"{self._sum:032x}"


def order(one: Finding) -> tuple[int, tuple[str, ...], str, int, str, str]:
    """Where a finding stands among those of its file."""
    return -one.rule.severity, one.path.members, one.rule.id, one.span.offset, one.subject, one.argument
