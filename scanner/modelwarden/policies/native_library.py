"""MW207: the file names native code to be loaded."""

from modelwarden.domain.observation import Observation, Reference, Role
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.locations import hidden, public

RULE = Rule(
    id="MW207",
    name="native-library",
    severity=Severity.CRITICAL,
    summary="The file names a shared library or plug-in for its loader to load.",
    explanation=(
        "The file names native code (.so, .dll, .dylib, a plug-in). A loader that follows the name runs the library's "
        "initialisers at once, with all rights of the process and before any of the model is used. A model's numbers and graph "
        "never need to say which library runs them: that is the choice of whoever loads it."
    ),
    remedy=(
        "Do not load the file with the library within reach. Ask the author for the model without it, and install extensions "
        "that you need from a source you trust."
    ),
    cwe=(114, 427),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Reference(Role.LIBRARY, location, holder):
            shown = public(location)
            named = f"; {shorten(holder)} names it" if holder else ""
            return Judgement(
                shown, f"Loading may load the native code of {shown}{named}.", hidden(location), "native"
            )
    return None


POLICY = Policy(RULE, _judge)
