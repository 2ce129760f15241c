"""The list of scanners that are appended by those who wrote them."""

from collections.abc import Iterable, MutableSequence
from typing import overload

from modelwarden.plugins.registering import register, unregister
from modelwarden.scanners.adapter import Adapted, adapt
from modelwarden.scanners.base import BaseScanner

Scanner = type[BaseScanner]


class Scanners(MutableSequence[Scanner]):
    """What is put in takes part in every scan; what is taken out does not any more. Putting one in twice does nothing."""

    def __init__(self) -> None:
        self._scanners: list[Scanner] = []
        self._adapted: dict[Scanner, Adapted] = {}

    @overload
    def __getitem__(self, index: int) -> Scanner: ...

    @overload
    def __getitem__(self, index: slice) -> MutableSequence[Scanner]: ...

    def __getitem__(self, index: int | slice) -> Scanner | MutableSequence[Scanner]:
        return self._scanners[index]

    def __len__(self) -> int:
        return len(self._scanners)

    def insert(self, index: int, value: Scanner) -> None:
        """Put one in. Raises TypeError, and ValueError for a name that is taken."""
        if value in self._adapted:
            return
        adapted = adapt(value)
        register(adapted.format)
        for policy in adapted.policies:
            register(policy)
        self._scanners.insert(index, value)
        self._adapted[value] = adapted

    @overload
    def __setitem__(self, index: int, value: Scanner) -> None: ...

    @overload
    def __setitem__(self, index: slice, value: Iterable[Scanner]) -> None: ...

    def __setitem__(self, index: int | slice, value: Scanner | Iterable[Scanner]) -> None:
        raise TypeError("append scanners, or remove them")

    def __delitem__(self, index: int | slice) -> None:
        for scanner in self._scanners[index] if isinstance(index, slice) else [self._scanners[index]]:
            adapted = self._adapted.pop(scanner)
            unregister(adapted.format)
            for policy in adapted.policies:
                unregister(policy)
        del self._scanners[index]


SCANNER_REGISTRY = Scanners()
