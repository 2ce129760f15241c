"""Packages whose classes take a text for an expression, and evaluate it as Python code while the object is made.

Source: `sympy/core/sympify.py`; `__new__` of `Basic` and of most of its subclasses sympifies its arguments, which ends in `eval`.
"""

from typing import Final

from modelwarden.domain.value import Blob, Global, Value

_PACKAGES: Final = frozenset({"sympy"})
_CALL: Final = "("
"""An expression without a parenthesis calls nothing."""


def evaluates(target: Global, arguments: tuple[Value, ...]) -> bool:
    """Whether making `target` out of these arguments runs text of theirs."""
    return target.module.partition(".")[0] in _PACKAGES and any(map(_calls, arguments))


def _calls(value: Value) -> bool:
    match value:
        case str():
            return _CALL in value
        case Blob(start=start):
            return _CALL.encode() in start
        case tuple():
            return any(map(_calls, value))
    return False
