"""The harmless globals without those the user denies: of these, each use is wanted."""

from collections.abc import Container, Sequence

from modelwarden.domain.value import Global
from modelwarden.policies.denied_global import denies


class Spared(Container[tuple[str, str]]):
    """`harmless` less what the patterns in `denied` mean."""

    def __init__(self, harmless: Container[tuple[str, str]], denied: Sequence[str]) -> None:
        self._harmless = harmless
        self._denied = denied

    def __contains__(self, pair: object) -> bool:
        match pair:
            case (str(module), str(name)):
                return (module, name) in self._harmless and not denies(Global(module, name), self._denied)
        return False
