"""MW504: the licence of a model or a dataset obliges whoever uses it, or there is none."""

from modelwarden.domain.observation import Observation, Property
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW504",
    name="licence-obligation",
    severity=Severity.INFO,
    summary="The licence obliges whoever uses the model, or a dataset has none.",
    explanation=(
        "The header of the file, the model card beside it or the text of a licence names a licence that comes with duties: "
        "copyleft (GPL, AGPL, CC BY-SA), no commercial use (CC BY-NC), research only, or a list of forbidden uses that has to be "
        "passed on (OpenRAIL, Llama, Gemma). Or the card of a dataset names no licence at all. This is a remark for whoever "
        "decides about its use, not a fault of the file, and no legal advice: what holds is the text of the licence."
    ),
    remedy="Read the licence and decide whether your use keeps to it. What a licence is held to be stands in docs/inventory.md.",
    references=("https://spdx.org/licenses/", "https://huggingface.co/docs/hub/repositories-licenses"),
)


def _judge(fact: Observation) -> Judgement | None:
    if not isinstance(fact, Property) or not fact.key.startswith("licence"):
        return None
    from modelwarden.policies.tables.licences import (  # few files state a licence
        TELLS,
        UNLICENSED,
        obligation,
    )

    match fact:
        case Property("licence", value) if value:
            kind = obligation(value)
            if kind:
                licence = shorten(value, 80)
                return Judgement(
                    subject=licence,
                    message=f"Licence {licence}: {TELLS[kind]}.",
                    family=kind,
                )
        case Property("licence-missing", what):
            message = f"The card of the {shorten(what)} names no licence: {TELLS[UNLICENSED]}."
            return Judgement(subject=shorten(what), message=message, family=UNLICENSED)
    return None


POLICY = Policy(RULE, _judge)
