"""MW402: a link in an archive leads outside, or a member is written through one."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW402",
    name="archive-link-escape",
    severity=Severity.CRITICAL,
    summary="A link in the archive leads out of the directory it is extracted to.",
    explanation=(
        "A symbolic or hard link in the archive points outside of it, alone or together with other links, or a member is written "
        "through such a link, or a member is a device. Whoever unpacks the archive then reads or overwrites files of the machine "
        "under the name of a harmless member. In an archive of a root file system (a layer of a container image) links to `/` "
        "are as they should be and only what is written through them is reported."
    ),
    remedy="Do not unpack the archive. Save the model again as plain files, or unpack it with a tool that refuses such links.",
    cwe=(59,),
    references=("CVE-2024-12718", "CVE-2025-4517"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.LINK_ESCAPE, subject, detail):
            name = shorten(subject)
            return Judgement(
                subject=name, message=f"The member {name} leads out of the archive: {shorten(detail, 400)}."
            )
    return None


POLICY = Policy(RULE, _judge)
