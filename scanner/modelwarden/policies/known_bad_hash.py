"""MW502: the file is one that the user's list of known-bad files names."""

from collections.abc import Container

from modelwarden.domain.observation import Checksum, Observation
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW502",
    name="known-bad-hash",
    severity=Severity.CRITICAL,
    summary="The file stands on your list of known-bad files.",
    explanation=(
        "With --known-bad you name a list of SHA-256 sums. This file has one of them: byte for byte it is a file that somebody "
        "has found to be malicious, or that must not be used here for another reason."
    ),
    remedy="Do not load the file. Find out where it came from and who has loaded it already.",
    cwe=(506,),
)


def policy(known: Container[str]) -> Policy:
    """The policy for a set of SHA-256 sums, in lower-case hexadecimal."""

    def judge(fact: Observation) -> Judgement | None:
        match fact:
            case Checksum(sha256) if sha256 in known:
                return Judgement(
                    subject=sha256,
                    message=f"This file is on the list of known-bad files: its SHA-256 is {sha256}.",
                    family="known-bad",
                )
        return None

    return Policy(RULE, judge)


POLICY = policy(())
"""Nothing is known to be bad until somebody says so."""
