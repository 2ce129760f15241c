"""MW401: a member of an archive would land outside the directory it is extracted to."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW401",
    name="archive-path-traversal",
    severity=Severity.CRITICAL,
    summary="A member of the archive escapes the directory it is extracted to.",
    explanation=(
        "The name of a member is absolute, names a drive or another machine, or climbs out by `..`, read with slashes or with "
        "backslashes. Whoever unpacks the archive with a tool that believes names writes a file of the author's choice anywhere "
        "on the machine: a start-up script, a key, a Python module that is imported next."
    ),
    remedy="Do not unpack the archive. No tool that saves models writes such names: ask where the file comes from.",
    cwe=(22,),
    references=("CVE-2007-4559", "CVE-2023-48299"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.PATH_TRAVERSAL, subject, detail):
            name = shorten(subject)
            return Judgement(
                subject=name,
                message=f"Unpacking this archive writes {name} outside its directory: {shorten(detail)}.",
            )
    return None


POLICY = Policy(RULE, _judge)
