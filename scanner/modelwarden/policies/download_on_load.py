"""MW303: the file makes its loader fetch something from the network."""

from modelwarden.domain.observation import Observation, Reference, Role
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.locations import hidden, public

RULE = Rule(
    id="MW303",
    name="download-on-load",
    severity=Severity.CRITICAL,
    summary="Loading the file fetches something from the network.",
    explanation=(
        "The file tells its loader to download from an address, often into a place that the file chooses, and sometimes to "
        "unpack what came. Whoever holds the address decides on that day what arrives: code to be loaded next, or files "
        "written over others (CVE-2025-8747, CVE-2025-12060). The request alone tells somebody who loads the model, and from "
        "where."
    ),
    remedy="Do not load the file. Ask its author for one that holds everything it needs.",
    cwe=(918, 494),
    references=("CVE-2025-8747", "CVE-2025-12060"),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Reference(Role.DOWNLOAD, location, holder):
            shown = public(location)
            named = f"; {shorten(holder)} names it" if holder else ""
            return Judgement(
                shown, f"Loading fetches {shown} from the network{named}.", hidden(location), "network"
            )
    return None


POLICY = Policy(RULE, _judge)
