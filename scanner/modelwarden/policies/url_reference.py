"""MW307: a text of the file names a host."""

from modelwarden.domain.observation import Observation, Text
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW307",
    name="url-reference",
    severity=Severity.DEBUG,
    summary="A text of the file holds a URL.",
    explanation=(
        "A configuration, metadata, a template or a script names an address on another machine: a home page, a repository, a "
        "data set, a service. That is ordinary; the rule is for those who want to see which hosts a model speaks of, each once "
        "for a file and at most thirty in a configuration. What a loader would fetch by itself has rules of its own (MW302, "
        "MW303)."
    ),
    remedy="Nothing, unless a host surprises you.",
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Text(text, holder) if "://" in text:
            from modelwarden.policies.tables.hosts import host_of  # few files hold a URL

            host = shorten(host_of(text), 100)
            if host:
                return Judgement(
                    subject=host,
                    message=f"The text in {shorten(holder, 80) or 'the file'} names {host}.",
                    family="network",
                )
    return None


POLICY = Policy(RULE, _judge)
