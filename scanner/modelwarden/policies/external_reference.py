"""MW302: the file makes its loader read another file or address."""

from modelwarden.domain.observation import Observation, Reference, Role
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.locations import escape, hidden, is_url, public

RULE = Rule(
    id="MW302",
    name="external-reference",
    severity=Severity.WARNING,
    summary="Loading the file reads another file or address that it names.",
    explanation=(
        "The file continues in another one (an external link of HDF5, a linked model), or it names a file or address that its "
        "loader reads while it builds the model (a vocabulary, a constant). What stands there becomes part of the model, and of "
        "whatever the model is saved to or answers: this carries files off a host (CVE-2025-12058), and makes it "
        "ask addresses inside its own network. What the other file holds is not part of this scan."
    ),
    remedy=(
        "Look where it points. Ask the author for a model that holds its vocabulary and its data itself, and do not load this "
        "one where the named file or network can be reached."
    ),
    cwe=(73,),
    references=("CVE-2025-12058",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Reference(Role.LINKED, location, holder) if is_url(location) or not escape(location):
            return _told(location, f"The file continues in {public(location)}", holder)
        case Reference(Role.INPUT, location, holder) if reason := escape(location):
            return _told(location, f"Loading reads {public(location)}, which {reason}", holder)
    return None


def _told(location: str, what: str, holder: str) -> Judgement:
    named = f"; {shorten(holder)} names it" if holder else ""
    return Judgement(public(location), f"{what}{named}.", hidden(location))


POLICY = Policy(RULE, _judge)
