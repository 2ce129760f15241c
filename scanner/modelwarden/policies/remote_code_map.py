"""MW214: a configuration has its loader fetch and run code of another repository, or tells it to trust such code."""

from modelwarden.domain.observation import Observation, Setting
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW214",
    name="remote-code-map",
    severity=Severity.WARNING,
    summary="The configuration names code of another repository, or switches the trust in such code on.",
    explanation=(
        "Libraries such as transformers, diffusers and sentence-transformers build some models from Python files that lie in a "
        "repository. This configuration names a class of another repository (repository--module.Class), brings a pipeline of "
        "its own, or sets trust_remote_code itself. Whoever loads it runs what stands in that repository on that day, and "
        "the owner can change it at any time."
    ),
    remedy=(
        "Load without trust_remote_code. If the model needs the code, read it, copy it beside the model, and pin the revision "
        "that you have read."
    ),
    cwe=(829,),
)

_NAMING = frozenset(("auto_map", "custom_pipelines", "component", "type"))
"""Keys that name a class, which is of another repository when the name holds two hyphens."""


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Setting(key, value, holder) if key in _NAMING and "--" in value:
            repository = shorten(value.partition("--")[0])
            where = f"{key}, {shorten(holder)}" if holder and holder != key else key
            return Judgement(
                subject=shorten(value),
                message=f"Loading this model can run {shorten(value)}, code of the repository {repository} ({where}).",
                family="remote-code",
            )
        case Setting("_class_name", value):
            return Judgement(
                subject=shorten(value),
                message=f"Loading this model can run {shorten(value)}, a pipeline of its own that comes as Python code.",
                family="remote-code",
            )
        case Setting("trust_remote_code", _):
            return Judgement(
                subject="trust_remote_code",
                message="The configuration itself sets trust_remote_code, so that its loader runs the repository's Python code.",
                family="remote-code",
            )
    return None


POLICY = Policy(RULE, _judge)
