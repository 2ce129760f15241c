"""Lookups stand for what they look up; everything else is remembered as a call."""

import pytest

from modelwarden.domain.value import UNKNOWN, Global, Result, Value
from modelwarden.parsing.pickle import fold

OS = Global("os", "")
SYSTEM = Global("os", "system")


@pytest.mark.parametrize(
    ("callee", "arguments", "found"),
    [
        pytest.param(Global("builtins", "getattr"), (OS, "system"), SYSTEM, id="getattr of a module"),
        pytest.param(
            Global("builtins", "getattr"),
            (Global("a", "B"), "c"),
            Global("a", "B.c"),
            id="getattr of a class",
        ),
        pytest.param(Global("importlib", "import_module"), ("os",), OS, id="import_module"),
        pytest.param(Global("builtins", "__import__"), ("os.path",), OS, id="__import__ returns the package"),
        pytest.param(
            Global("pkgutil", "resolve_name"), ("os:system",), SYSTEM, id="resolve_name with a colon"
        ),
        pytest.param(Global("operator", "getitem"), (("a", OS), 1), OS, id="getitem of a list"),
        pytest.param(Global("pydoc", "locate"), ("os.system",), SYSTEM, id="locate with dots"),
    ],
)
def test_lookups_are_what_they_look_up(callee: Global, arguments: tuple[Value, ...], found: Value) -> None:
    assert fold.result(callee, arguments) == found


@pytest.mark.parametrize(
    ("callee", "arguments"),
    [
        (Global("builtins", "getattr"), (UNKNOWN, "system")),
        (Global("builtins", "getattr"), (OS, UNKNOWN)),
        (Global("builtins", "getattr"), ()),
        (Global("importlib", "import_module"), (UNKNOWN,)),
        (Global("collections", "OrderedDict"), ()),
    ],
)
def test_what_cannot_be_looked_up_is_the_result_of_a_call(
    callee: Global, arguments: tuple[Value, ...]
) -> None:
    assert fold.result(callee, arguments) == Result(callee, arguments)


def test_partials_of_partials_are_called_as_what_they_wrap() -> None:
    inner = Result(Global("functools", "partial"), (SYSTEM, "a"))
    outer = Result(Global("functools", "partial"), (inner, "b"))
    assert fold.resolve_call(outer, ("c",)) == (SYSTEM, ("a", "b", "c"))


OBJECT = Global("builtins", "object")


def test_instantiators_name_the_class_they_make() -> None:
    made = fold.instantiated(Global("copyreg", "_reconstructor"), (Global("m", "C"), OBJECT), frozenset())
    assert made == Global("m", "C")
    assert fold.instantiated(Global("copyreg", "__newobj__"), (Global("m", "C"),), frozenset()) == Global(
        "m", "C"
    )
    assert fold.instantiated(Global("m", "C.__new__"), (Global("m", "C"), 1), frozenset()) == Global("m", "C")
    assert fold.instantiated(Global("m", "C.__new__"), (Global("m", "D"),), frozenset()) is None
    assert fold.instantiated(SYSTEM, ("x",), frozenset()) is None


def test_a_base_whose_constructor_runs_makes_it_a_call() -> None:
    arguments = (Global("m", "C"), Global("m", "Base"), "state")
    assert fold.instantiated(Global("copyreg", "_reconstructor"), arguments, frozenset()) is None
    known = frozenset({("m", "Base")})
    assert fold.instantiated(Global("copyreg", "_reconstructor"), arguments, known) == Global("m", "C")
