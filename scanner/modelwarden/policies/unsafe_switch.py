"""MW216: the file itself turns safe loading off."""

from modelwarden.domain.observation import CONFIGURED, Call, Observation, Setting
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.known import classify
from modelwarden.policies.tables.switches import CALLABLES, SETTINGS

RULE = Rule(
    id="MW216",
    name="unsafe-switch",
    severity=Severity.CRITICAL,
    summary="The file turns the safety of its own loader off.",
    explanation=(
        "The configuration calls Keras's enable_unsafe_deserialization, or passes safe_mode=False to a loader that it names. "
        "What the loader would refuse afterwards, Lambda layers with bytecode above all, it then runs. Whether code from a file "
        "may run is for the one who loads it to decide; a file that decides it itself is an attack (CVE-2025-9906)."
    ),
    remedy=(
        "Do not load the model. Update Keras: current versions refuse to call such functions while a model is loaded. Get the "
        "weights alone, and build the model from source code that you have read."
    ),
    cwe=(502,),
    references=("CVE-2025-9906",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Call(Global() as target, _, how) if how in CONFIGURED:
            subject = classify(target).subject
            if subject in CALLABLES:
                return Judgement(
                    subject=shorten(subject),
                    message=f"Loading this file runs {shorten(subject)}(), which turns safe loading off.",
                    family="switch",
                )
        case Setting(key, value, holder) if key in SETTINGS and value.lower() == SETTINGS[key][0]:
            where = f" for {shorten(holder)}" if holder else ""
            return Judgement(
                subject=key,
                message=f"The configuration sets {key} to {value.lower()}{where}, which {SETTINGS[key][1]}.",
                family="switch",
            )
    return None


POLICY = Policy(RULE, _judge)
