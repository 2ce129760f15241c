"""Frozen records behave like frozen dataclasses."""

import copy
import pickle

import pytest

from modelwarden.domain.record import record, replace


@record
class Point:
    """Two numbers and a name."""

    x: int
    y: int
    name: str = ""

    @property
    def total(self) -> int:
        return self.x + self.y


@record
class Other:
    x: int
    y: int
    name: str = ""


@record(kw_only=True)
class Named:
    first: int
    second: int = 2


@record(kw_only=True)
class Unset:
    first: int = 1
    second: int = 2


@record
class Folded:
    """What it defines itself is kept."""

    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Folded) and self.text.lower() == other.text.lower()

    def __hash__(self) -> int:
        return hash(self.text.lower())


class Below(Folded):
    __slots__ = ()


def test_what_a_class_defines_itself_is_kept() -> None:
    assert {Folded("A"), Folded("a")} == {Folded("a")}
    assert repr(Folded("A")) == "Folded(text='A')"


def test_a_class_below_a_record_is_one_too() -> None:
    below = Below("A")
    assert (repr(below), replace(below, text="b").text) == ("Below(text='A')", "b")
    assert copy.deepcopy(below).text == "A"
    with pytest.raises(AttributeError, match="frozen"):
        below.text = "b"  # type: ignore[misc]


def test_fields_are_given_by_place_or_by_name() -> None:
    assert Point(1, 2, "a") == Point(y=2, x=1, name="a")
    assert Point(1, 2) == Point(1, 2, "")
    assert Point(1, 2).total == 3
    assert Named(first=1).second == 2


@pytest.mark.parametrize(
    ("given", "named"),
    [((1,), {}), ((1, 2, "a", 4), {}), ((1, 2), {"x": 3}), ((1, 2), {"z": 3}), ((), {"x": 1})],
)
def test_wrong_fields_are_a_type_error(given: tuple[object, ...], named: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        Point(*given, **named)  # type: ignore[arg-type]


def test_every_field_may_have_its_default() -> None:
    assert (Unset().first, Unset().second) == (1, 2)


def test_fields_by_name_only_are_not_taken_by_place() -> None:
    with pytest.raises(TypeError):
        Named(1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_equal_are_records_of_one_kind_with_equal_values() -> None:
    assert Point(1, 2) != Point(2, 1)
    others: tuple[object, ...] = (Other(1, 2), (1, 2, ""))
    assert Point(1, 2) not in others
    assert {Point(1, 2), Point(1, 2), Point(3, 4)} == {Point(1, 2), Point(3, 4)}


def test_a_record_cannot_be_changed() -> None:
    point = Point(1, 2)
    with pytest.raises(AttributeError, match="frozen"):
        point.x = 3  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        delattr(point, "x")
    with pytest.raises(AttributeError):
        point.other = 3  # type: ignore[attr-defined]
    assert not hasattr(point, "__dict__")


def test_a_copy_may_differ() -> None:
    assert replace(Point(1, 2), y=5) == Point(1, 5)
    assert replace(Named(first=1), second=3) == Named(first=1, second=3)
    with pytest.raises(TypeError):
        replace(Point(1, 2), z=5)


def test_it_shows_its_fields_and_keeps_its_docstring() -> None:
    assert repr(Point(1, 2, "a")) == "Point(x=1, y=2, name='a')"
    assert Point.__doc__ == "Two numbers and a name."


def test_it_matches_by_place() -> None:
    match Point(1, 2, "a"):
        case Point(x, y):
            assert (x, y) == (1, 2)


@pytest.mark.parametrize("one", [Point(1, 2, "a"), Named(first=1)])
def test_it_travels_between_processes(one: object) -> None:
    assert pickle.loads(pickle.dumps(one)) == one
    assert copy.copy(one) == one
