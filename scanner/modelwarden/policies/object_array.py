"""MW417: an array of Python objects, which only a pickle can hold."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW417",
    name="object-array",
    severity=Severity.INFO,
    summary="The array holds Python objects, so its data is a pickle.",
    explanation=(
        "The items of this NumPy array are Python objects, which the format can only hold as a pickle. numpy.load refuses it "
        "unless called with allow_pickle=True, and then runs what the pickle says. What this pickle does is judged on its own; "
        "whoever needs allow_pickle=True for one harmless file is open to the next one."
    ),
    remedy=(
        "Save the array with a type of fixed size (numbers, or text as <U), then load it with allow_pickle=False, the default."
    ),
    cwe=(502,),
    references=("CVE-2019-6446",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.OBJECT_ARRAY, subject, detail):
            return Judgement(
                subject=shorten(subject),
                message=f"Loading this {shorten(subject)} needs allow_pickle=True: {shorten(detail)}.",
            )
    return None


POLICY = Policy(RULE, _judge)
