from hypothesis import given
from hypothesis import strategies as st

from modelwarden_sarif.limits import MAX_RESULTS, MAX_TAGS, first_tags, most_severe


def test_keeps_everything_up_to_the_limit() -> None:
    items = [1.0] * MAX_RESULTS
    assert most_severe(items, float) == (items, 0)


def test_drops_the_least_severe_and_counts_them() -> None:
    assert most_severe([1, 9, 5, 9], float, limit=3) == ([9, 5, 9], 1)


def test_the_earlier_of_equals_stay() -> None:
    kept, dropped = most_severe(["a", "b", "c"], lambda _: 1.0, limit=2)
    assert (kept, dropped) == (["a", "b"], 1)


@given(st.lists(st.integers(0, 4)), st.integers(0, 10))
def test_nothing_kept_is_milder_than_what_was_dropped(items: list[int], limit: int) -> None:
    indexed = list(enumerate(items))
    kept, dropped = most_severe(indexed, lambda item: item[1], limit=limit)
    assert len(kept) + dropped == len(items)
    assert len(kept) == min(limit, len(items))
    assert kept == sorted(kept)
    left_out = set(indexed) - set(kept)
    assert not kept or not left_out or min(each for _, each in kept) >= max(each for _, each in left_out)


def test_tags_are_distinct_and_at_most_ten() -> None:
    assert first_tags(["a", "b", "a"]) == ["a", "b"]
    assert first_tags([str(number) for number in range(25)]) == [str(number) for number in range(MAX_TAGS)]
