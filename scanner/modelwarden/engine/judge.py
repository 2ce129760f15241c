"""One fact to every policy; what was asked once is remembered."""

from collections.abc import Hashable, Iterator

from modelwarden.domain.observation import Call, Import, Observation
from modelwarden.domain.policy import Judgement
from modelwarden.domain.rule import Rule
from modelwarden.policies import POLICIES, blocked_name

_REMEMBERED = 4096


class Judge:
    """Asks the policies. Facts that differ only in where they stand are asked once. `blocked`: names the user has blocked."""

    def __init__(self, blocked: tuple[str, ...] = ()) -> None:
        self._policies = tuple(
            blocked_name.policy(blocked) if policy is blocked_name.POLICY else policy for policy in POLICIES
        )
        self._known: dict[Hashable, tuple[tuple[Rule, Judgement], ...]] = {}

    def judge(self, fact: Observation) -> tuple[tuple[Rule, Judgement], ...]:
        """Every rule that has something to say, with what it says."""
        match fact:
            case Call(callee, arguments, how):
                key: Hashable = (callee, arguments, how)
            case Import(target):
                key = target
            case _:
                return tuple(self._ask(fact))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[key] = tuple(self._ask(fact))
        return found

    def _ask(self, fact: Observation) -> Iterator[tuple[Rule, Judgement]]:
        for policy in self._policies:
            judgement = policy.judge(fact)
            if judgement is not None:
                yield policy.rule, judgement
