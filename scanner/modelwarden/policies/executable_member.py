"""MW408: the archive of a model holds a program or script that nothing which loads the model would use."""

from modelwarden.domain.observation import Observation, Place, Program
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.claims import is_library

RULE = Rule(
    id="MW408",
    name="executable-member",
    severity=Severity.WARNING,
    summary="The model's archive holds a program or a script among the weights.",
    explanation=(
        "A member of the archive is a program (its header is verified) that is not named as a library, or a script. No way to "
        "save a model puts one there, and none that loads it needs one: it waits for something else to unpack and to start it."
    ),
    remedy=(
        "Do not unpack the archive where something might run from it. Save the weights again with the library that made them, "
        "and ask the author what the program is for."
    ),
    cwe=(506,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Program("script", Place.MEMBER, name):
            shown = shorten(name)
            return Judgement(shown, f"The archive holds {shown}, a script.", family="script")
        case Program(kind, Place.MEMBER, name) if kind != "Python" and not is_library(name):
            shown = shorten(name)
            return Judgement(shown, f"The archive holds {shown}, a program ({kind}).", family="native")
    return None


POLICY = Policy(RULE, _judge)
