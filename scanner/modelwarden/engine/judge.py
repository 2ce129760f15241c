"""One fact to every policy; what was asked once is remembered."""

from collections.abc import Hashable, Iterator, Sequence

from modelwarden.domain.observation import Call, Checksum, Import, Name, Observation, Operator
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.rule import Rule
from modelwarden.domain.settings import Settings
from modelwarden.policies import judges_of

_REMEMBERED = 4096


class Judge:
    """Asks the policies. Facts that differ only in where they stand are asked once.

    `blocked`: names the user has blocked; `denied`: patterns of globals that no model may use; `known_bad`: SHA-256 sums.
    """

    def __init__(
        self,
        blocked: Sequence[str] = (),
        denied: Sequence[str] = (),
        known_bad: Sequence[str] = (),
    ) -> None:
        self._known_bad = frozenset(known_bad)
        self._blocked = blocked
        self._denied = denied
        self._judges: dict[type[Observation], tuple[Policy, ...]] = {}
        self._known: dict[Hashable, tuple[tuple[Rule, Judgement], ...]] = {}

    @classmethod
    def of(cls, settings: Settings) -> "Judge":
        """The judge for a scan with these settings."""
        return cls(settings.blacklist, settings.denied, settings.known_bad)

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

    def _judges_of(self, kind: type[Observation]) -> tuple[Policy, ...]:
        if kind is Checksum and self._known_bad:
            from modelwarden.policies import known_bad_hash

            return (known_bad_hash.policy(self._known_bad),)
        if kind is Name and self._blocked:
            from modelwarden.policies import blocked_name  # few users block names

            return (blocked_name.policy(tuple(self._blocked)),)
        if self._denied and issubclass(kind, (Call, Import, Operator)):
            from modelwarden.policies import denied_global  # and few deny globals

            return (denied_global.policy(self._denied), *judges_of(kind))
        return judges_of(kind)

    def _ask(self, fact: Observation) -> Iterator[tuple[Rule, Judgement]]:
        kind = type(fact)
        judges = self._judges.get(kind)
        if judges is None:
            judges = self._judges[kind] = self._judges_of(kind)
        for policy in judges:
            judgement = policy.judge(fact)
            if judgement is not None:
                yield policy.rule, judgement
