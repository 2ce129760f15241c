"""The table of standard modules agrees with the Python that runs the tests."""

import sys

from modelwarden.policies.tables.standard_modules import TOP_LEVEL, is_standard


def test_whatever_this_python_ships_is_in_the_table() -> None:
    assert sys.stdlib_module_names - TOP_LEVEL == set()


def test_what_anybody_may_name_a_module_is_not_in_the_table() -> None:
    assert {"__main__", "test", "numpy", "models"} & TOP_LEVEL == set()


def test_submodules_count_and_lookalikes_do_not() -> None:
    assert is_standard("logging.config")
    assert is_standard("parser")
    assert not is_standard("loggings")
    assert not is_standard("acme.logging")
