"""MW108: a dotted name walks out of the module it starts in."""

from modelwarden.domain.observation import Call, Import, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import elided, preview_arguments, shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global, Value
from modelwarden.policies.tables.known import Kind, classify

RULE = Rule(
    id="MW108",
    name="attribute-chain",
    severity=Severity.CRITICAL,
    summary="A name in the file walks through modules or special attributes.",
    explanation=(
        "From protocol 4 on a pickle may write dotted names, meant for nested classes. This one walks through another module or "
        "through special attributes such as __globals__, __builtins__ or __subclasses__. That reaches any function of the "
        "process from a module that looks harmless, and scanners that compare the module alone let it pass."
    ),
    remedy="Do not load the file. Get the model from its author in a format that holds data alone, such as safetensors or ONNX.",
    cwe=(470,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Import(target):
            return _chain(target, None)
        case Call(Global() as target, arguments):
            return _chain(target, arguments)
    return None


def _chain(target: Global, arguments: tuple[Value, ...] | None) -> Judgement | None:
    known = classify(target)
    if known.kind is not Kind.CHAIN:
        return None
    subject, written = shorten(known.subject), shorten(str(target))
    verb, shown = ("imports", "") if arguments is None else ("runs", preview_arguments(arguments))
    call = "" if arguments is None else elided(shown)
    alias = "" if subject == written else f", written {written}"
    return Judgement(
        subject=subject,
        message=f"Loading this file {verb} {subject}{call}{alias}: the name {known.reason}.",
        argument=shown,
    )


POLICY = Policy(RULE, _judge)
