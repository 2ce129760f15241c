"""MW306: code that comes with a model knows a machine without a name, an onion service, or a place to drop data."""

from modelwarden.domain.observation import CONFIGURED, Call, Observation, Text
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Blob, Result, Value

RULE = Rule(
    id="MW306",
    name="network-indicator",
    severity=Severity.WARNING,
    summary="Code that comes with the model names a machine or service that stolen data is sent to.",
    explanation=(
        "A template, a script, the code that serves the model, or what a pickle hands to a call names a public address without a "
        "host name, an onion service, a webhook, a paste site, a tunnel or a site that records requests. Such places take data "
        "from strangers or hand out a second stage, and a model needs none of them. The same names in a configuration or in a "
        "description are no finding."
    ),
    remedy="Find out what the address is for before you use the model. Block it where the model runs.",
    cwe=(506,),
    references=("https://attack.mitre.org/techniques/T1567/",),
)

_DEEPEST = 4
_HINTS = ("://", ".onion", ".com/", ".io", ".sh/", ".st/", ".it/", ".site", ".app", "ngrok", ":")


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Text(text, holder, code=True):
            return _in(text, f"The code in {shorten(holder, 80)}")
        case Call(_, arguments, how) if how not in CONFIGURED:
            return _in_arguments(arguments, _DEEPEST)
    return None


def _in_arguments(values: tuple[Value, ...], depth: int) -> Judgement | None:
    for value in values:
        found: Judgement | None = None
        match value:
            case str():
                found = _in(value, _CALL)
            case Blob(start=start):
                found = _in(start.decode("latin-1"), _CALL)
            case (str(host), int(port)) if 0 < port < 1 << 16:
                found = _in(f"{host}:{port:02}", _CALL)
            case tuple() if depth:
                found = _in_arguments(value, depth - 1)
            case Result(_, inner) if depth:
                found = _in_arguments(inner, depth - 1)
        if found is not None:
            return found
    return None


_CALL = "A call that loading makes"


def _in(text: str, place: str) -> Judgement | None:
    if not any(hint in text for hint in _HINTS):
        return None
    from modelwarden.policies.tables.hosts import indicator  # few texts come this far

    found = indicator(text)
    if found is None:
        return None
    host, what = found
    return Judgement(
        subject=shorten(host, 100), message=f"{place} names {shorten(host, 100)}: {what}.", family="network"
    )


POLICY = Policy(RULE, _judge)
