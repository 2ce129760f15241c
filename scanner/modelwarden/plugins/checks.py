"""What a plug-in must keep to, so that it costs nobody else anything: names of its own, and facts that are facts."""

import re
from collections.abc import Iterator

from modelwarden import formats, policies
from modelwarden.domain.format import ByteSource, Child, Fact, Format, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Observation, Remark, Shortfall
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.record import replace
from modelwarden.domain.severity import Severity

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_ID = re.compile(r"[A-Z][A-Z0-9]*(?:[-_][A-Z0-9]+)*")
_LONGEST = 80
OURS = "MW"
"""Ids that begin so are the program's own."""


def check_format(form: Format) -> None:
    """Raises ValueError for a format that is named like another, or that takes something away."""
    if not _NAME.fullmatch(form.name) or len(form.name) > _LONGEST:
        raise ValueError(f"{form.name!r} is no name for a format: use a-z, 0-9 and hyphens")
    if any(entry.name == form.name for entry in formats.INDEX) or form.name in formats.ADDED:
        raise ValueError(f"there is a format {form.name!r} already")
    ours = [name for name in form.refines if any(entry.name == name for entry in formats.INDEX)]
    if ours:
        raise ValueError(f"{form.name} refines {', '.join(ours)}: a plug-in adds readers and takes none away")
    for suffix in (*form.suffixes, *form.ambiguous_suffixes):
        if not suffix.startswith(".") or suffix != suffix.lower():
            raise ValueError(f"{form.name}: {suffix!r} is no suffix: write it in lower case, with its dot")


def check_policy(policy: Policy) -> None:
    """Raises ValueError for a rule that bears our prefix, or an id or a name that is taken."""
    rule = policy.rule
    texts = (rule.id, rule.name, rule.summary, rule.explanation, rule.remedy, *rule.references)
    if not _are(str, *texts) or not all(texts) or not _are(Severity, rule.severity):
        raise ValueError(f"the rule {rule.id!r} lacks a text or a severity")
    if not _are(int, *rule.cwe):
        raise ValueError(f"the rule {rule.id!r} names weaknesses that are no numbers")
    if not _ID.fullmatch(rule.id) or len(rule.id) > _LONGEST or rule.id.startswith(OURS):
        raise ValueError(
            f"{rule.id!r} is no id for a rule of a plug-in: use a prefix of your own, as in ACME001"
        )
    if not _NAME.fullmatch(rule.name) or len(rule.name) > _LONGEST:
        raise ValueError(f"{rule.name!r} is no name for a rule: use a-z, 0-9 and hyphens")
    if rule.id in policies.CATALOGUE:
        raise ValueError(f"there is a rule {rule.id} already")
    names = {entry.name for entry in policies.INDEX} | {other.rule.name for other in policies.ADDED}
    if rule.name in names:
        raise ValueError(f"there is a rule {rule.name!r} already")


def checked_format(form: Format) -> Format:
    """The format, with what it states looked at before it is believed."""

    def observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
        for fact in form.observe(source, scope):
            _check_fact(fact)
            yield fact

    return replace(form, observe=observe)


def checked_policy(policy: Policy) -> Policy:
    """The policy, with its answers looked at before they are believed."""

    def judge(fact: Observation) -> Judgement | None:
        judgement = policy.judge(fact)
        if judgement is not None:
            _check_texts(
                judgement, judgement.subject, judgement.message, judgement.argument, judgement.family
            )
        return judgement

    return replace(policy, judge=judge)


def _check_fact(fact: object) -> None:
    """Raises TypeError for what is no fact. Nothing after this looks at types again."""
    match fact:
        case Child(member, _, expected):
            _check_texts(fact, member, expected)
            return
        case Gap(shortfall, detail, span):
            _check_texts(fact, detail)
            if not _are(Shortfall, shortfall):
                raise TypeError("a Gap has a Shortfall")
        case Remark(topic, subject, detail, span):
            _check_texts(fact, topic, subject, detail, fact.argument)
        case _ if isinstance(fact, Observation):
            span = fact.span
        case _:
            raise TypeError(f"it stated a {type(fact).__name__}, which is no fact")
    if span is not None and not _is_span(span):
        raise TypeError(f"the span of a {type(fact).__name__} is none")


def _is_span(span: object) -> bool:
    if not isinstance(span, Span) or not _are(int, span.offset, span.length):
        return False
    return 0 <= span.offset < 1 << 63 and 0 <= span.length < 1 << 63


def _check_texts(owner: object, *texts: object) -> None:
    if not _are(str, *texts):
        raise TypeError(f"the fields of a {type(owner).__name__} are text")


def _are(kind: type[object], *things: object) -> bool:
    """Whether things are what they should be by their type, which nobody holds a plug-in to."""
    return all(isinstance(thing, kind) for thing in things)
