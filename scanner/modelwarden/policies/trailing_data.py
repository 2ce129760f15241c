"""MW410: something follows the end of the format."""

from modelwarden.domain.observation import Anomaly, Observation, Place, Program, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW410",
    name="trailing-data",
    severity=Severity.WARNING,
    summary="Bytes that no loader of the format reads follow its end.",
    explanation=(
        "Behind the end of what the format describes the file goes on, and not with padding. Loaders ignore the rest, so it is a "
        "place to hide what something else finds: a program, a script, a second model. It has been scanned as a part of its own."
    ),
    remedy=(
        "Do not use the file before you know what the rest is. Save the model again with the library that made it: the rest does "
        "not survive that."
    ),
    cwe=(506,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.TRAILING_DATA, subject, detail):
            return Judgement(shorten(subject), f"The file goes on behind its end: {shorten(detail)}.")
        case Program(kind, Place.TAIL, name):
            shown = shorten(name)
            what = kind if kind == "script" else f"program ({kind})"
            return Judgement(shown, f"A {what} follows the end of {shown}.", family="native")
    return None


POLICY = Policy(RULE, _judge)
