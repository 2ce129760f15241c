"""MW501: a model bears a name that the user has blocked, or says that it comes from one."""

from modelwarden.domain.observation import Name, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW501",
    name="blocked-name",
    severity=Severity.CRITICAL,
    summary="A file, or the name a model gives itself, holds a name that you have blocked.",
    explanation=(
        "With --blacklist you name models, authors or families that must not be used here. A file or a member of an archive is "
        "called so, or a configuration says so: the name of the model, or of the one it was made from. Upper and lower case "
        "are the same, and a part of a name is enough."
    ),
    remedy="Use another model, or take the name off the list if this one is meant.",
    cwe=(1357,),
)


def policy(names: tuple[str, ...]) -> Policy:
    """The policy for the names that a user has blocked."""
    blocked = tuple(dict.fromkeys((name.casefold(), name) for name in names if name))

    def judge(fact: Observation) -> Judgement | None:
        match fact:
            case Name(text, holder):
                folded = text.casefold()
                for needle, name in blocked:
                    if needle in folded:
                        return Judgement(
                            subject=shorten(name),
                            message=f"The blocked name {shorten(name)} stands in the {shorten(holder)} {shorten(text)}.",
                            family="blocked",
                        )
        return None

    return Policy(RULE, judge)


POLICY = policy(())
"""Nothing is blocked until somebody blocks it."""
