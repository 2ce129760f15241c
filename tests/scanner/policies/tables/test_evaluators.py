"""Text for an expression counts when it calls something."""

import pytest

from modelwarden.domain.value import UNKNOWN, Blob, Global, Value
from modelwarden.policies.tables.evaluators import evaluates

EXP = Global("sympy.functions.elementary.exponential", "exp")


@pytest.mark.parametrize("arguments", [(), ("x",), ("x + 1",), (UNKNOWN,), (3, (4, "alpha"))])
def test_names_and_numbers_call_nothing(arguments: tuple[Value, ...]) -> None:
    assert not evaluates(EXP, arguments)


@pytest.mark.parametrize(
    "arguments",
    [("__import__('os').system('id')",), (1, ("f()",)), (Blob(0, 9, b"print(1)"),)],
)
def test_calls_in_the_text_count_wherever_they_stand(arguments: tuple[Value, ...]) -> None:
    assert evaluates(EXP, arguments)
    assert not evaluates(Global("acme", "exp"), arguments)
