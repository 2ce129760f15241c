"""Gathers what the scan of one file brings up: the same problem once, with a count."""

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.observation import Call, Gap, Observation, Patch
from modelwarden.domain.policy import Judgement
from modelwarden.domain.record import replace
from modelwarden.domain.rule import Rule
from modelwarden.policies import CATALOGUE

MOST_FINDINGS = 10_000
"""Of one file. More come from a file that is made to be long in the reading; what is dropped is counted and said."""


class Collection:
    """Findings and notes of one file on disk. Findings of one rule and subject are one finding, at its first place."""

    def __init__(self) -> None:
        self._dropped: dict[ArtifactPath, int] = {}
        self._findings: dict[tuple[str, str], Finding] = {}
        self._notes: dict[tuple[str, ArtifactPath, str], Note] = {}

    def add_finding(
        self, rule: Rule, judgement: Judgement, fact: Observation, path: ArtifactPath, form: str
    ) -> None:
        """Keep a finding, or count it when its problem is known."""
        key = rule.id, judgement.subject
        known = self._findings.get(key)
        if known is not None:
            varied = known.varied or known.argument != judgement.argument
            self._findings[key] = replace(known, count=known.count + 1, varied=varied)
            return
        if len(self._findings) >= MOST_FINDINGS:
            self._dropped[path] = self._dropped.get(path, 0) + 1
            return
        self._findings[key] = Finding(
            rule=rule,
            path=path,
            subject=judgement.subject,
            message=judgement.message,
            span=fact.span,
            format=form,
            argument=judgement.argument,
            family=judgement.family,
            opcode=fact.how if isinstance(fact, Call | Patch) else "",
        )

    def add_gap(self, gap: Gap, path: ArtifactPath) -> None:
        """Keep a note of what was not read."""
        rule = CATALOGUE[gap.shortfall]
        self._notes.setdefault((rule.id, path, gap.detail), Note(rule=rule, path=path, message=gap.detail))

    @property
    def findings(self) -> list[Finding]:
        """In the order of the report: severity (worst first), members, rule, offset, subject."""
        return sorted(
            self._findings.values(),
            key=lambda one: (-one.rule.severity, one.path.members, one.rule.id, one.span.offset, one.subject),
        )

    @property
    def notes(self) -> list[Note]:
        """In the order they came up; last, how many findings were more than a file may have."""
        capped = [
            Note(
                rule=CATALOGUE["MW906"],
                path=path,
                message=f"{count:,} more findings than the {MOST_FINDINGS:,} that are kept",
            )
            for path, count in self._dropped.items()
        ]
        return [*self._notes.values(), *capped]
