"""MW308: the requirements that are packed with a model have pip fetch something from elsewhere than the index it trusts."""

from modelwarden.domain.observation import Observation, Setting
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW308",
    name="untrusted-requirement",
    severity=Severity.WARNING,
    summary="Requirements packed with the model install from an address, a repository or another index.",
    explanation=(
        "Servers such as TorchServe and MLflow install the requirements that a model brings before they load it. A line of "
        "these names an address, a version-control repository or a local path to install from, or has pip ask another index, "
        "which can answer for any package. Installing runs the package's own code. Ordinary lines name a package and its version."
    ),
    remedy=(
        "Install the model's requirements yourself, from an index you trust and with hashes, and do not let the server install "
        "what a model brings."
    ),
    cwe=(1357,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Setting("requirement", value, holder) if value:
            subject = shorten(_without_secret(value))
            return Judgement(
                subject=subject,
                message=f"{shorten(holder)} in the model installs from outside the trusted index: {subject}",
                family="requirement",
            )
    return None


def _without_secret(line: str) -> str:
    """The line without the user and password of an address."""
    scheme, mark, rest = line.partition("://")
    address, slash, path = rest.partition("/")
    return f"{scheme}{mark}…@{address.rpartition('@')[2]}{slash}{path}" if mark and "@" in address else line


POLICY = Policy(RULE, _judge)
