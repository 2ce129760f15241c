"""MW210: a program stands where a model or data should be."""

from modelwarden.domain.observation import Observation, Place, Program
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.claims import claims_data, claims_text, is_part

RULE = Rule(
    id="MW210",
    name="embedded-executable",
    severity=Severity.CRITICAL,
    summary="A program for Linux, Windows or macOS stands where a model or data should be.",
    explanation=(
        "The file, a member of it or a part of its numbers begins with the header of a program, and every field that the "
        "operating system reads is right, so it is not there by chance. Programs are hidden like this so that they pass filters "
        "and lie ready for code that a model runs elsewhere. No format for models needs one under such a name."
    ),
    remedy=(
        "Do not use the file and do not run what is in it. Treat whatever came with it, and the account that published it, as "
        "hostile until you know why it is there."
    ),
    cwe=(506,),
)
_NATIVE = frozenset(("ELF", "PE", "Mach-O"))


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Program(kind, Place.FILE, name) if kind in _NATIVE and (
            claims_data(name) or claims_text(name) or is_part(name)
        ):
            shown = shorten(name)
            held = (
                f"What stands at {shown}"
                if is_part(name)
                else f"{shown} is named like a model or data, but it"
            )
            return Judgement(shown, f"{held} is a program ({kind}).", family="native")
        case Program(kind, Place.DATA, name) if kind in _NATIVE:
            shown = shorten(name)
            return Judgement(shown, f"A program ({kind}) stands within the data of {shown}.", family="native")
    return None


POLICY = Policy(RULE, _judge)
