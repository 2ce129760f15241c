"""MW104: the file calls a loader that can run code of its own."""

from modelwarden.domain.observation import Call, Observation, State
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import elided, preview_arguments, shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Blob, Global
from modelwarden.policies.tables import loaders
from modelwarden.policies.tables.known import Kind, classify
from modelwarden.policies.tables.stateful import TABLE as STATEFUL

RULE = Rule(
    id="MW104",
    name="nested-loader",
    severity=Severity.CRITICAL,
    summary="Loading the file calls another loader.",
    explanation=(
        "While it is loaded, the file calls pickle.loads, torch.load, joblib.load, marshal, an unsafe YAML loader or a similar "
        "function on a payload of its own or on another file. The second payload runs its own code, and scanners that look at "
        "the outer file alone do not see it. Ordinary models have one loader: the one you call."
    ),
    remedy=(
        "Do not load the file. If the nesting is meant, unpack the inner model, scan it and ship it on its own; better, "
        "save the weights as safetensors, or the estimator with skops."
    ),
    cwe=(502,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case State(target, keys, texts):
            rule = STATEFUL.get((target.module, target.name))
            if rule is None or not rule.acts(keys, texts):
                return None
            subject = shorten(str(target))
            return Judgement(
                subject=subject,
                message=f"Loading this file gives its state to an instance of {subject}, which {rule.reason}.",
                argument=next((shorten(text) for key, text in texts if key == rule.key), ""),
                family="loader",
            )
        case Call(Global() as target, arguments):
            known = classify(target)
            if known.kind is not Kind.LOADER or _payload_is_at_hand(target, arguments):
                return None
            shown = preview_arguments(arguments)
            subject = shorten(known.subject)
            return Judgement(
                subject=subject,
                message=f"Loading this file runs {subject}{elided(shown)}, which {known.reason}.",
                argument=shown,
                family="loader",
            )
    return None


def _payload_is_at_hand(target: Global, arguments: tuple[object, ...]) -> bool:
    """Whether the loader is one whose payload is read in its own right, and the payload stands in the file."""
    pair = target.module, target.name
    return pair in loaders.FOLLOWED and len(arguments) == 1 and isinstance(arguments[0], Blob)


POLICY = Policy(RULE, _judge)
