"""What lists and tables of modules load, and when."""

from collections.abc import Container

import pytest

from modelwarden.domain.lazy import LazyContainer, LazyMapping, LazySequence


def test_a_list_loads_what_is_looked_at() -> None:
    loaded: list[str] = []

    def load(name: str) -> str:
        loaded.append(name)
        return name.upper()

    letters = LazySequence("abcd", load)
    assert len(letters) == 4
    assert loaded == []
    assert (letters[1], letters[-1]) == ("B", "D")
    assert loaded == ["b", "d"]
    assert tuple(letters[:2]) == ("A", "B")
    assert list(letters) == ["A", "B", "C", "D"]
    with pytest.raises(IndexError):
        _ = letters[4]


def test_a_table_loads_by_key() -> None:
    loaded: list[str] = []

    def load(name: str) -> str:
        loaded.append(name)
        return name.upper()

    table = LazyMapping({"1": "one", "2": "two"}, load)
    assert (list(table), len(table), "1" in table) == (["1", "2"], 2, True)
    assert table["2"] == "TWO"
    assert loaded[-1] == "two"
    assert dict(table) == {"1": "ONE", "2": "TWO"}
    assert table.get("3") is None


def test_a_set_is_made_once_when_something_is_looked_for() -> None:
    made: list[int] = []

    def load() -> Container[str]:
        made.append(1)
        return {"a"}

    names = LazyContainer(load)
    assert made == []
    assert "a" in names
    assert "b" not in names
    assert made == [1]
