"""MW305: a text field, a script or what a pickle hands to a call holds a credential."""

from modelwarden.domain.marks import may_hold_a_secret
from modelwarden.domain.observation import Call, Observation, Text
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Blob, Result, Value

RULE = Rule(
    id="MW305",
    name="secret",
    severity=Severity.WARNING,
    summary="The file holds a credential.",
    explanation=(
        "A text of the file has the form of a key, a token or a password that a service hands out: whoever gets the file can use "
        "it. Training scripts leave such things in configurations, metadata, addresses with a password, and in the code that "
        "serves a model. Nothing was tried out; what documentation shows as an example, placeholders and vocabularies do not "
        "count. No report holds the credential itself, at most its last two characters."
    ),
    remedy=(
        "Revoke it where it was issued: it counts as known from the moment the file was handed on. Then take it out of the file, "
        "and of its earlier versions, and read it from the environment."
    ),
    cwe=(798,),
)

_DEEPEST = 4


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Text(text, holder):
            return _in(text, holder)
        case Call(_, arguments):
            return _in_arguments(arguments, _DEEPEST)
    return None


def _in_arguments(values: tuple[Value, ...], depth: int) -> Judgement | None:
    for value in values:
        found: Judgement | None = None
        match value:
            case str():
                found = _in(value, "")
            case Blob(start=start):
                found = _in(start.decode("latin-1"), "")
            case tuple() if depth:
                found = _in_arguments(value, depth - 1)
            case Result(_, inner) if depth:
                found = _in_arguments(inner, depth - 1)
        if found is not None:
            return found
    return None


def _in(text: str, holder: str) -> Judgement | None:
    if not may_hold_a_secret(text):
        return None
    from modelwarden.policies.tables.secrets import redacted, secrets  # hardly any text comes this far

    secret = next(secrets(text), None)
    if secret is None:
        return None
    ending = f" (it ends in {secret.ending})" if secret.ending else ""
    place = f"The text in {shorten(redacted(holder), 80)}" if holder else "What a call is given"
    return Judgement(
        subject=f"{secret.kind} …{secret.ending}" if secret.ending else secret.kind,
        message=f"{place} holds what looks like a live {secret.kind}{ending}.",
        family="secret",
    )


POLICY = Policy(RULE, _judge)
