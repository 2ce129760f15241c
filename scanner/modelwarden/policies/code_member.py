"""MW212: the archive of a model brings code along, by its name."""

from modelwarden.domain.observation import Observation, Place, Program
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.policies.tables.claims import is_library

RULE = Rule(
    id="MW212",
    name="code-member",
    severity=Severity.INFO,
    summary="The model's archive brings Python code or native libraries along.",
    explanation=(
        "Beside the weights the archive holds Python source or a shared library, openly named. Some ways to save a model do that "
        "on purpose: torch.package ships source, AOTInductor a compiled library, TorchServe a handler. Whoever loads such a "
        "model runs that code with all rights of the process."
    ),
    remedy="Read the code, or load the model only from a source whose code you would run. Prefer an archive of weights alone.",
    cwe=(829,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Program("Python", Place.MEMBER, name):
            message = (
                f"The archive brings {shorten(name)}, Python code that runs when the model is loaded with it."
            )
            return Judgement("Python code", message, family="script")
        case Program(kind, Place.MEMBER, name) if kind != "script" and is_library(name):
            message = f"The archive brings {shorten(name)}, native code ({kind}) that runs when the model is loaded with it."
            return Judgement("native library", message, family="native")
    return None


POLICY = Policy(RULE, _judge)
