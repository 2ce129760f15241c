"""MW508: the file uses a global that the user has denied."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from modelwarden.domain.observation import Call, Import, Observation, Operator
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import elided, preview_arguments, shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global
from modelwarden.policies.tables.names import canonical

RULE = Rule(
    id="MW508",
    name="denied-global",
    severity=Severity.CRITICAL,
    summary="The file uses a function or class that you have denied.",
    explanation=(
        "With --deny, or [globals] deny in the configuration, you name modules, functions or classes that no model may use here, "
        "whatever is known of them, and operators that no graph may run. Loading this file imports one of them, calls it or "
        "makes an instance of it, or its graph runs it."
    ),
    remedy="Use another model, or take the name off the list if this use is meant.",
    cwe=(1357,),
)


def policy(patterns: Sequence[str]) -> Policy:
    """The policy for patterns such as `pkg.module.*`; a module or class denies what is below it.

    An operator of a graph is spelled `domain:name`, as in `tensorflow:MatMul`.
    """

    def judge(fact: Observation) -> Judgement | None:
        match fact:
            case Import(target) if pattern := denies(target, patterns):
                return _judgement(target, "imports", "", pattern)
            case Call(Global() as target, arguments) if pattern := denies(target, patterns):
                shown = preview_arguments(arguments)
                return _judgement(target, "calls", shown, pattern)
            case Operator(domain, name) if pattern := _matching({f"{domain}:{name}"}, patterns):
                return _judgement(f"{domain}:{name}", "runs", "", pattern)
        return None

    return Policy(RULE, judge)


def denies(target: Global, patterns: Sequence[str]) -> str:
    """The pattern that means a global, in the spelling of the file or in its usual one; empty when none does."""
    return _matching({str(target), str(Global(canonical(target.module), target.name))}, patterns)


def matching(subject: str, patterns: Iterable[str]) -> Iterator[str]:
    """The patterns that mean the subject of a finding of this rule, whichever part of it is the module."""
    parts = subject.split(".")
    names = {subject}
    for count in range(1, len(parts)):
        names.add(".".join((canonical(".".join(parts[:count])), *parts[count:])))
    return (pattern for pattern in patterns if _means(pattern, names))


def _matching(names: Collection[str], patterns: Sequence[str]) -> str:
    return next((pattern for pattern in patterns if _means(pattern, names)), "")


def _means(pattern: str, names: Collection[str]) -> bool:
    stem = pattern.removesuffix(".*")
    return any(fnmatchcase(name, pattern) or name == stem or name.startswith(f"{stem}.") for name in names)


def _judgement(target: Global | str, verb: str, shown: str, pattern: str) -> Judgement:
    call = elided(shown) if verb == "calls" else ""
    return Judgement(
        subject=shorten(str(target)),
        message=f"Loading this file {verb} {shorten(str(target))}{call}, which {shorten(pattern)} denies.",
        argument=shown,
        family="denied",
    )


POLICY = policy(())
"""Nothing is denied until somebody denies it."""
