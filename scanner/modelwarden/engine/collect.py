"""Gathers what the scan of one file brings up: the same problem once, with a count."""

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.observation import Call, Gap, Observation, Patch
from modelwarden.domain.policy import Judgement
from modelwarden.domain.record import replace
from modelwarden.domain.rule import Rule
from modelwarden.engine.redact import redact
from modelwarden.policies import CATALOGUE


class Collection:
    """Findings and notes of one file on disk. Findings of one rule and subject are one finding, at its first place.

    `most`: how many findings are kept. More come from a file that is made to be long in the reading; what is dropped is counted
    and said.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._dropped: dict[ArtifactPath, int] = {}
        self._findings: dict[tuple[str, str], Finding] = {}
        self._notes: dict[tuple[str, ArtifactPath, str], Note] = {}

    def add_finding(
        self, rule: Rule, judgement: Judgement, fact: Observation, path: ArtifactPath, form: str
    ) -> None:
        """Keep a finding, or count it when its problem is known."""
        key = rule.id, judgement.subject
        times = fact.times if isinstance(fact, Call) else 1
        known = self._findings.get(key)
        if known is not None:
            varied = known.varied or known.argument != redact(judgement.argument)
            self._findings[key] = replace(known, count=known.count + times, varied=varied)
            return
        if len(self._findings) >= self._most:
            self._dropped[path] = self._dropped.get(path, 0) + 1
            return
        self._findings[key] = Finding(
            rule=rule,
            path=path,
            subject=redact(judgement.subject),
            message=redact(judgement.message),
            span=fact.span,
            format=form,
            argument=redact(judgement.argument),
            family=judgement.family,
            opcode=fact.how if isinstance(fact, Call | Patch) else "",
            count=times,
        )

    def add_gap(self, gap: Gap, path: ArtifactPath) -> None:
        """Keep a note of what was not read."""
        rule = CATALOGUE[gap.shortfall]
        detail = redact(gap.detail)
        self._notes.setdefault((rule.id, path, detail), Note(rule=rule, path=path, message=detail))

    @property
    def findings(self) -> list[Finding]:
        """In the order of the report: severity (worst first), members, rule, offset, subject."""
        return sorted(self._findings.values(), key=order)

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


def order(one: Finding) -> tuple[int, tuple[str, ...], str, int, str]:
    """Where a finding stands among those of its file."""
    return -one.rule.severity, one.path.members, one.rule.id, one.span.offset, one.subject
