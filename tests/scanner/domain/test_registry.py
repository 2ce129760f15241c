import pytest

from modelwarden.domain.registry import Registry


def test_things_belong_to_plug_ins_or_to_the_program() -> None:
    registry: Registry[int] = Registry()
    registry.add("one", 1, "a")
    registry.add("two", 2, "b")
    assert not registry.local
    registry.add("three", 3)
    assert registry.local
    assert (list(registry), len(registry), "two" in registry, registry["two"]) == ([1, 2, 3], 3, True, 2)
    assert registry.of(()) == (3,)
    assert registry.of(("b", "a", "c")) == (1, 2, 3)
    with pytest.raises(ValueError, match="two is there already"):
        registry.add("two", 4)


def test_what_several_share_is_there_as_long_as_one_wants_it() -> None:
    registry: Registry[int] = Registry()
    registry.add("one", 1, "a")
    registry.share("one", "b")
    assert registry.of(("b",)) == (1,)
    registry.forget("a")
    assert registry.of(("a",)) == ()
    assert registry.of(("b",)) == (1,)
    registry.forget("b")
    assert len(registry) == 0
    registry.add("one", 2)
    registry.remove("one")
    assert "one" not in registry
