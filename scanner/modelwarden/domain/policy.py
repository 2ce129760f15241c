"""What a policy is: a rule and its question to one fact."""

from collections.abc import Callable

from modelwarden.domain.observation import Observation
from modelwarden.domain.record import record
from modelwarden.domain.rule import Rule


@record
class Judgement:
    """A policy's answer when its rule applies.

    `subject` is what the finding is about (`os.system`, a member's name, a package): findings of one rule, subject and file are
    one.
    `message` names what would run; `argument` is what it would be given, as far as that is literal, or empty. They are apart
    because a message travels (SARIF, annotations, summaries) and a payload, which may hold a secret, should not.
    All three may hold attacker text: reports sanitise it.
    """

    subject: str
    message: str
    argument: str = ""
    family: str = ""


@record
class Policy:
    """One constant per file in `policies/`. `judge` returns None when the rule has nothing to say."""

    rule: Rule
    judge: Callable[[Observation], Judgement | None]
