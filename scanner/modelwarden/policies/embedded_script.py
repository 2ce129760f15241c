"""MW211: a script stands where a model or data should be."""

from modelwarden.domain.observation import Observation, Place, Program
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.claims import claims_data, is_part

RULE = Rule(
    id="MW211",
    name="embedded-script",
    severity=Severity.WARNING,
    summary="A script stands where a model or data should be.",
    explanation=(
        "The content is a script (its first line names an interpreter), or Python that is run when Python starts (a line that "
        "begins with import in a .pth file, beside installed packages), but its name is that of a model or of data. Nothing that "
        "loads models runs it; it may lie ready for something else that does."
    ),
    remedy=(
        "Read it before anything else. If it is honest, give it the name of a script. A .pth file with code in it does not "
        "belong to a model: delete it, and look whether it was installed already."
    ),
    cwe=(506,),
    references=("https://attack.mitre.org/techniques/T1546/018/",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Program("Python", Place.FILE, name):
            shown = shorten(name)
            message = f"{shown} holds Python code that runs whenever Python starts, once it lies beside installed packages."
            return Judgement(shown, message, family="script")
        case Program("script", Place.FILE, name) if claims_data(name) or is_part(name):
            shown = shorten(name)
            held = (
                f"What stands at {shown}"
                if is_part(name)
                else f"{shown} is named like a model or data, but it"
            )
            return Judgement(shown, f"{held} is a script.", family="script")
        case Program("script" | "Python" as kind, Place.DATA, name):
            shown = shorten(name)
            what = "A script" if kind == "script" else "Python code"
            return Judgement(shown, f"{what} stands within the data of {shown}.", family="script")
    return None


POLICY = Policy(RULE, _judge)
