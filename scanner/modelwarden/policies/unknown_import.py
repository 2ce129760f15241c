"""MW110: a class or function of a package that nobody has vetted."""

from modelwarden.domain.observation import INSTANTIATING, Call, Import, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.evaluators import evaluates
from modelwarden.policies.tables.known import Kind, classify
from modelwarden.policies.tables.names import canonical
from modelwarden.policies.tables.standard_modules import is_standard

RULE = Rule(
    id="MW110",
    name="unknown-import",
    severity=Severity.INFO,
    summary="The file imports from a package that is not vetted.",
    explanation=(
        "Loading the file imports a module and takes a class or function from it, or makes an instance without calling its "
        "constructor. Nothing says that this is dangerous: a model class of one's own looks exactly like this. But importing "
        "runs the module's code, and the state in the file goes to the class's own __setstate__ if it has one."
    ),
    remedy=(
        "Check that the package is one you know, and that it is installed from where you expect. To be independent of code, save "
        "the weights as safetensors and build the model from source."
    ),
    cwe=(829,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Import(target) if _is_unknown(target):
            return _judgement(target, "imports")
        case Call(Global() as target, arguments) if evaluates(target, arguments):
            return None
        case Call(Global() as target, _, how) if how in INSTANTIATING and _is_unknown(target):
            return _judgement(target, "makes an instance of")
    return None


def _is_unknown(target: Global) -> bool:
    """Whether it comes from a package nobody has vetted; of the standard library that is MW109."""
    return classify(target).kind is Kind.UNKNOWN and not is_standard(canonical(target.module))


def _judgement(target: Global, verb: str) -> Judgement:
    package = shorten(target.module.partition(".")[0])
    return Judgement(
        subject=package,
        message=f"Loading this file {verb} {shorten(str(target))}; the package {package} is not vetted for it.",
    )


POLICY = Policy(RULE, _judge)
