"""MW215: a configuration names a class or function that nobody has vetted."""

from modelwarden.domain.observation import CONFIGURED, Call, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.known import Kind, classify
from modelwarden.policies.tables.names import canonical
from modelwarden.policies.tables.standard_modules import is_standard

RULE = Rule(
    id="MW215",
    name="custom-class",
    severity=Severity.INFO,
    summary="A configuration names a class of a package that is not vetted.",
    explanation=(
        "The configuration tells its loader (Keras, Hydra and the like) to import a module and to make an instance of a class or "
        "call a function from it. Nothing says that this is dangerous: a layer of one's own looks exactly like this. But "
        "importing runs the module's code, and older versions of Keras import whatever module they are told (CVE-2025-1550)."
    ),
    remedy=(
        "Check that the package is one you know, and that it is installed from where you expect. Load the model with a current "
        "version of Keras, safe mode on, and the classes given by custom_objects."
    ),
    cwe=(829,),
    references=("CVE-2025-1550",),
)

_KERAS = "keras"


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Call(Global(module) as target, _, how) if how in CONFIGURED:
            if classify(target).kind is not Kind.UNKNOWN or is_standard(canonical(module)):
                return None
            package = shorten(canonical(module).partition(".")[0])
            if package == _KERAS:
                name = shorten(target.name)
                message = f"The configuration names {name}, which is no class of Keras that is known here."
                return Judgement(subject=name, message=message)
            named = shorten(str(target))
            return Judgement(
                subject=package,
                message=f"The configuration names {named}; the package {package} is not vetted for it.",
            )
    return None


POLICY = Policy(RULE, _judge)
