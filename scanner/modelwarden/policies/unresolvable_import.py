"""MW106: what is imported is computed while the file is loaded."""

from modelwarden.domain.observation import Observation, UnresolvedImport
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW106",
    name="unresolvable-import",
    severity=Severity.CRITICAL,
    summary="The file computes the name of what it imports.",
    explanation=(
        "A pickle writes the module and the name of what it imports as plain text. This one computes one of them while it is "
        "loaded, from other calls, so that nobody can read from the file what will be imported. Pickles that Python or a "
        "library has written never do this; it serves to hide a name from scanners."
    ),
    remedy="Do not load the file. Get the model from its author in a format that holds data alone, such as safetensors or ONNX.",
    cwe=(502,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case UnresolvedImport(module, name):
            if module is not None:
                known, hidden = (
                    f"{shorten(module)}.…",
                    f"a name in the module {shorten(module)} that it computes",
                )
            elif name is not None:
                known, hidden = f"….{shorten(name)}", f"{shorten(name)} from a module whose name it computes"
            else:
                known, hidden = "…", "something whose module and name it computes"
            return Judgement(subject=known, message=f"Loading this file imports {hidden}.")
    return None


POLICY = Policy(RULE, _judge)
